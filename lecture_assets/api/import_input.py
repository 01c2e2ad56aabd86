"""A typed lecture from elsewhere, as the document that imports are read from, in which uploads are `sha256:…`."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from lecture_assets.api.brief_input import brief_values
from lecture_assets.api.edit_input import uploaded
from lecture_assets.api.request import ApiRequest
from lecture_assets.briefs.adopted import Adopted
from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.runner.change.import_queue import read_queued
from lecture_assets.store.reachable import UPLOAD


@contextmanager
def adopted(request: ApiRequest, given: Mapping[str, Any], lecture: str) -> Iterator[Adopted]:
    """Read the lecture; its uploads are there until the end of the block. WrongInputError has a fault for each wrong value."""
    folder = request.context.artifacts.workspace()
    try:
        yield read_queued(request.context, import_document(request, given, lecture), folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def import_document(request: ApiRequest, given: Mapping[str, Any], lecture: str) -> dict[str, Any]:
    """Return the lecture as a document. WrongInputError for a null, and for an upload that the workspace does not have."""
    return _Written(request).document(given, lecture)


@dataclass
class _Written:
    """The lecture as a document of `lecture-import/1`."""

    request: ApiRequest

    def document(self, given: Mapping[str, Any], lecture: str) -> dict[str, Any]:
        segments = [self._segment(segment, f"segments[{place}]") for place, segment in enumerate(given["segments"])]
        document = {"schema": "lecture-import/1", "id": lecture, "title": given["title"], "segments": segments}
        if given.get("summary") is not None:
            document["summary"] = given["summary"]
        if given.get("brief"):
            document["brief"] = _nested(brief_values(given["brief"]))
        if given.get("music"):
            document["music"] = self._medium(given["music"], "music")
        return document

    def _segment(self, given: Mapping[str, Any], where: str) -> dict[str, Any]:
        media = {"recording", "images", "starting_image", "clip"}
        segment = {key: value for key, value in given.items() if key not in media and value is not None}
        if given.get("recording"):
            recording = self._medium(given["recording"], f"{where}.recording")
            segment |= {"recording": recording["file"]} if "file" in recording else {}
        if given.get("images"):
            segment["images"] = [self._medium(one, f"{where}.images[{place}]") for place, one in enumerate(given["images"])]
        if given.get("starting_image"):
            segment["starting_image"] = self._medium(given["starting_image"], f"{where}.startingImage")
        if given.get("clip"):
            clip = self._medium(given["clip"], f"{where}.clip")
            segment["clip"] = {"direction" if key == "prompt" else key: value for key, value in clip.items()}
        return segment

    def _medium(self, given: Mapping[str, Any], where: str) -> dict[str, Any]:
        upload, url = given.get("upload"), given.get("url")
        if upload is not None and url is not None:
            raise WrongInputError([Fault(where, "upload and url", "one of them")])
        medium = {} if given.get("prompt") is None else {"prompt": given["prompt"]}
        if url is not None:
            if not url.startswith(("https://", "http://")):
                raise WrongInputError([Fault(f"{where}.url", "another address", "an https:// URL")])
            return {**medium, "file": url}
        return medium if upload is None else {**medium, "file": f"{UPLOAD}{uploaded(self.request, upload)}"}


def _nested(values: Mapping[str, Any]) -> dict[str, Any]:
    models = {key.removeprefix("models."): value for key, value in values.items() if key.startswith("models.")}
    return {key: value for key, value in values.items() if "." not in key} | ({"models": models} if models else {})
