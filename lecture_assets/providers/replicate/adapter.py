"""Replicate: pictures, clips and music by its predictions. `ports.Provider`.

    submit ── POST a prediction ──► its id, at once
    collect ─ GET it until it has ended ──► the URL of its output, which the runner downloads
    find ──── the latest predictions, for the one whose webhook ends with our attempt id

The vendor has no idempotency keys and stores no metadata, but a prediction shows its webhook. Unless one is configured, ours
names a host that cannot exist (`.invalid`, RFC 2606), so nobody is ever notified. The vendor's package sends the requests
(`client.py`). Answers are read within bounds, whatever their form (`wire.py`, `answers.py`, `predictions.py`).
"""

import asyncio
import mimetypes
import random
from collections.abc import Mapping
from typing import Any

from lecture_assets.graph.fingerprint import Json
from lecture_assets.ports import Call, FailureKind, ProviderError, Reply, VideoRequest
from lecture_assets.providers.answers import UnreadableAnswerError, at, name_of, text_at
from lecture_assets.providers.called import called_model
from lecture_assets.providers.cassette import Cassette
from lecture_assets.providers.catalogue import Catalogue
from lecture_assets.providers.failures import NOT_FOUND, refused, unread, web_page, wrong_request
from lecture_assets.providers.model import Model
from lecture_assets.providers.opening import Opening
from lecture_assets.providers.rate_headers import allowances
from lecture_assets.providers.replicate.client import ReplicateClient
from lecture_assets.providers.replicate.predictions import (
    LONGEST_URL,
    NAME,
    listed_prediction,
    next_page,
    prediction_failure,
    prediction_reply,
)
from lecture_assets.providers.replicate.requests import inline, picture_type, prediction_input
from lecture_assets.providers.reply_cache import TooLargeError
from lecture_assets.providers.wire import VendorAnswer, Wire

BASE_URL = "https://api.replicate.com"
WEBHOOK = "https://lecture-assets.invalid/attempt/"
SILENT_S, WHOLE_S = 30.0, 120.0
"""Longest silence in seconds, as in the vendor's own package (1.0), and longest time for a complete answer, mostly a few kB."""
_LARGEST_INLINE = 256 * 1024
"""Largest file in bytes that may be part of a request (the vendor's advice in the reference of `predictions.create`)."""
_FIRST_POLL_S, _LONGEST_POLL_S, _GROWTH = 0.5, 5.0, 1.3
_LONGEST_PREDICTION_S = 1_800.0
"""A prediction that has not ended by then is left to a later run, which asks about it again and does not buy it again."""
_PAGES = 20
"""Pages of 100 predictions that are searched for one of ours."""


class ReplicateProvider:
    """The adapter. Each belongs to one event loop; it writes no files."""

    name = NAME
    longest_s = WHOLE_S
    settle_s = 15.0
    """A prediction is listed at once; this allows for a request that is still on its way."""

    def __init__(
        self,
        catalogue: Catalogue,
        token: str,
        *,
        base_url: str | None = None,
        webhook: str = WEBHOOK,
        cassette: Cassette | None = None,
    ) -> None:
        """webhook: the URL that the vendor notifies when a prediction ends, completed by our attempt id."""
        self._catalogue, self._webhook = catalogue, webhook
        self._uploaded: dict[str, str] = {}
        self._wire = Wire(
            NAME, token, base_url or BASE_URL, ReplicateClient, silent_s=SILENT_S, whole_s=WHOLE_S, cassette=cassette
        )
        self._loopback = self._wire.on_loopback

    async def prepare(self, call: Call) -> None:
        """Upload the picture that a clip starts with."""
        if isinstance(call.request, VideoRequest):
            image = await self._starting_image(call, called_model(self._catalogue, NAME, call))
            if image is not None:
                self._uploaded[call.attempt] = image

    def settled(self, call: Call) -> None:
        """Do nothing: the vendor deletes on its own what it stored."""

    async def submit(self, call: Call) -> str:
        """Buy the call."""
        model = called_model(self._catalogue, NAME, call)
        image = self._uploaded.pop(call.attempt, None) or await self._starting_image(call, model)
        body: dict[str, Json] = {
            "input": prediction_input(call, model, image),
            "webhook": f"{self._webhook}{call.attempt}",
            "webhook_events_filter": ["completed"],
        }
        path = f"/v1/models/{model.vendor_name}/predictions"
        if model.version:
            path, body["version"] = "/v1/predictions", model.version
        document = await self._request("POST", path, call=call, body=body)
        prediction_id = name_of(at(document, "id"))
        if prediction_id is None:
            raise unread(NAME, is_purchase=True)
        return prediction_id

    async def _starting_image(self, call: Call, model: Model) -> str | None:
        """Return the picture that a clip starts with, inline or as the URL of an upload, which costs nothing; None if unused."""
        if not isinstance(call.request, VideoRequest) or "image" not in model.input:
            return None
        path = call.files.get(call.request.image)
        if path is None:
            raise wrong_request(NAME, f"the starting image {call.request.image} was not sent with the call")
        content = await asyncio.to_thread(path.read_bytes)
        media_type = picture_type(content)
        if len(content) <= _LARGEST_INLINE:
            return inline(content, media_type)
        name = f"picture{mimetypes.guess_extension(media_type) or ''}"
        stored = await self._request("POST", "/v1/files", files={"content": (name, content, media_type)})
        url = text_at(stored, "urls", "get")
        if not url.startswith(("https://", "http://")) or len(url) > LONGEST_URL:
            raise unread(NAME, is_purchase=False)
        return url

    async def collect(self, provider_id: str, call: Call) -> Reply:
        """Wait for a prediction to end, and return the URL of its output."""
        model, waited, pause = called_model(self._catalogue, NAME, call), 0.0, _FIRST_POLL_S
        if name_of(provider_id) is None:
            raise wrong_request(NAME, "the prediction has an invalid id", 404)
        while True:
            prediction = await self._request("GET", f"/v1/predictions/{provider_id}")
            match at(prediction, "status"):
                case "succeeded":
                    return prediction_reply(prediction, call, model, self._loopback)
                case "failed" | "canceled" | "aborted":
                    raise prediction_failure(prediction, model, self._wire.key)
                case str() as status if status:
                    pass  # it is still in progress
                case _:
                    raise unread(NAME, is_purchase=False)
            if waited > _LONGEST_PREDICTION_S:
                message = f"prediction {provider_id} has not ended after {waited:.0f} s; the next run asks for it again"
                raise ProviderError(NAME, FailureKind.RETRYABLE, "slow", message, request_id=provider_id)
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311 - jitter, not a secret
            waited, pause = waited + pause, min(pause * _GROWTH, _LONGEST_POLL_S)

    async def find(self, call: Call) -> str | None:
        """Return the id of the prediction whose webhook names this attempt."""
        query = ""
        for _ in range(_PAGES):
            page = await self._request("GET", f"/v1/predictions{query}")
            found, query = listed_prediction(page, call.attempt), next_page(page)
            if found or not query:
                return found
        return None

    async def cancel(self, provider_id: str) -> bool:
        """Stop a prediction. One that has already ended is not affected."""
        await self._request("POST", f"/v1/predictions/{name_of(provider_id)}/cancel")
        return True

    async def close(self) -> None:
        """Close the connections."""
        await self._wire.close()

    async def _request(
        self, method: str, path: str, *, call: Call | None = None, body: Mapping[str, Json] | None = None, **more: Any
    ) -> dict[str, Json]:
        """Return the JSON object that answers a request. call: the call that this request buys; None if it buys nothing."""
        is_purchase = call is not None
        try:
            answer = await self._wire.ask(method, path, body=body, is_purchase=is_purchase, **more)
            if call is not None:
                call.on_rate_headers(allowances(answer.headers))
            self._check(answer, is_purchase=is_purchase)
            document = self._wire.document(answer)
        except (UnreadableAnswerError, TooLargeError):
            raise unread(NAME, is_purchase=is_purchase) from None
        if not isinstance(document, dict):
            raise unread(NAME, is_purchase=is_purchase)
        return document

    def _check(self, answer: VendorAnswer, *, is_purchase: bool) -> None:
        """Raise ProviderError for a refusal and for a web page."""
        if answer.is_page and (not answer.is_error or answer.status in NOT_FOUND):
            raise web_page(NAME, answer.status, is_purchase=is_purchase, sent=is_purchase and not answer.is_error)
        if answer.is_error:
            problem, secret = self._wire.problem(answer), self._wire.key
            raise refused(NAME, answer.status, problem, answer.headers, is_purchase=is_purchase, secret=secret)


def open_vendor(opening: Opening) -> ReplicateProvider:
    """Open the adapter with the settings of an environment."""
    return ReplicateProvider(opening.catalogue, opening.key, base_url=opening.base_url, cassette=opening.cassette)
