"""Typed edits, checked, as the texts that revisions are made from. They never name a file of this machine.

Node ids are checked before they become part of a text, so that a text is of one edit and of the edit that was meant.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from lecture_assets.api.brief_input import lexicon_of_input
from lecture_assets.api.paging import MOST
from lecture_assets.api.request import ApiRequest
from lecture_assets.briefs.edit_syntax import edit_text
from lecture_assets.briefs.rules import LEXICON
from lecture_assets.graph.edits import (
    AddSegment,
    ChooseTake,
    Edit,
    Keep,
    Merge,
    MoveSegment,
    RemoveSegment,
    Reroll,
    SetMedia,
    SetModel,
    SetText,
    Unpin,
)
from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.lecture import MAX_SEGMENTS
from lecture_assets.graph.node import parse_node_id
from lecture_assets.store import uploads

_OF_NODES: Mapping[str, Callable[[str], Edit]] = {"reroll": Reroll, "unpin": Unpin, "keep": Keep, "merge": Merge}
_MOST_TAKES = 1_000_000_000


def edit_texts(request: ApiRequest, given: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the edits as texts. WrongInputError has a fault for each that is none, with its place in the list."""
    if len(given) > MOST:
        raise WrongInputError([Fault("edits", f"{len(given)} edits", f"at most {MOST} in one request")])
    texts: list[str] = []
    faults: list[Fault] = []
    for place, one in enumerate(given):
        try:
            texts += _texts(request, one)
        except WrongInputError as error:
            faults += [Fault(f"edits[{place}]: {fault.where}", fault.found, fault.allowed) for fault in error.faults]
    if faults:
        raise WrongInputError(faults)
    return texts


def _texts(request: ApiRequest, given: Mapping[str, Any]) -> list[str]:
    named = [name for name in given if given[name] is not None]
    if len(named) != 1 or len(given) != 1:
        found = ", ".join(given) or "no field"
        raise WrongInputError([Fault("edit", found, "exactly one field of LectureEditInput")])
    (name,) = named
    return list(_set(given[name])) if name == "set" else [edit_text(_edit(request, name, given[name]))]


def _edit(request: ApiRequest, name: str, given: Any) -> Edit:  # noqa: PLR0911 - one per edit
    if name in _OF_NODES:
        return _OF_NODES[name](_node(given))
    match name:
        case "text":
            return SetText(_node(given["node"]), given["text"])
        case "model":
            return SetModel(_node(given["node"]), _one_line("model", given["model"]))
        case "medium":
            return SetMedia(_node(given["node"]), {"sha256": uploaded(request, given["upload"])})
        case "choose_take":
            _within("take", given["take"], 1, _MOST_TAKES - 1)
            return ChooseTake(_node(given["node"]), given["take"])
        case "add_segment":
            after = given.get("after")
            return AddSegment(None if after is None else _slot(after))
        case "remove_segment":
            return RemoveSegment(_slot(given))
        case _:
            _within("position", given["position"], 0, MAX_SEGMENTS - 1)
            return MoveSegment(_slot(given["slot"]), given["position"])


def _node(text: str) -> str:
    parse_node_id(text)
    return text


def _slot(slot: int) -> int:
    _within("slot", slot, 0, MAX_SEGMENTS - 1)
    return slot


def _within(where: str, number: int, least: int, most: int) -> None:
    if not least <= number <= most:
        raise WrongInputError([Fault(where, str(number), f"{least} to {most}")])


def _one_line(where: str, text: str) -> str:
    if not text.strip() or "\n" in text or "\r" in text:
        raise WrongInputError([Fault(where, "no name on one line", "a model as provider:model")])
    return text


def uploaded(request: ApiRequest, sha256: str) -> str:
    """Return the SHA-256 of a medium that the workspace uploaded within a day. WrongInputError if it did not."""
    now = request.context.store_time(request.connection)
    if not uploads.has(request.connection, request.context.workspace, sha256, now):
        raise WrongInputError([Fault("upload", "no medium that was uploaded within the last day", "what uploadMedium answered")])
    return sha256


def _set(given: Mapping[str, Any]) -> Iterator[str]:
    """Yield an edit for each setting. A null is only allowed where nothing is a value."""
    flat = {**given, **{f"models.{role}": model for role, model in (given.get("models") or {}).items()}}
    flat.pop("models", None)
    if not flat:
        raise WrongInputError([Fault("set", "no setting", "at least one field of SetLectureInput")])
    nulls = [key for key, value in flat.items() if value is None and key != "num_segments"]
    if nulls:
        raise WrongInputError([Fault(f"set {key}", "null", "a value, or leave the field out") for key in nulls])
    for key, value in flat.items():
        yield f"set {key}={_value_text(key, value)}"


def _value_text(key: str, value: Any) -> str:
    if key == LEXICON:
        return json.dumps(lexicon_of_input(value), ensure_ascii=False)
    return "auto" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
