"""The media that a call is sent with, as files of this machine."""

from pathlib import Path

from lecture_assets.graph.errors import LectureError
from lecture_assets.ports import FailureKind, ProviderError, request_to_json
from lecture_assets.runner.calls.boundary import in_thread
from lecture_assets.runner.calls.request import CallRequest
from lecture_assets.store.artifacts import LocalFiles


async def files_of(request: CallRequest, local: LocalFiles) -> dict[str, Path]:
    """Return a file for each medium that a request names, by SHA-256. ProviderError if S3 is away: nothing was sent."""
    document, provider = request_to_json(request.request), request.model.provider
    named = [str(document["image"])] if "image" in document else []
    try:
        return {sha256: await in_thread(local, sha256) for sha256 in named}
    except LectureError as error:
        message = f"what it is made from cannot be read: {error}"
        raise ProviderError(provider, FailureKind.RETRYABLE, "artifacts", message) from error
