"""The log of a lecture's progress as documents, one for each event: what `watch` prints and an API sends.

    events_after(…, 0) ─► 1, 2, 3 … 50          events_after(…, 50) ─► 51, 52 …

Each event has the number to ask for the next ones with. Whoever asks for what was pruned gets one `reset` event, whose number is
the newest one's: read the lecture again, and go on from that number.

A `timeline` event has the patch from the timeline published before. A client that holds a timeline of version `base` applies it
and holds `timeline`; one that holds another version, or finds no patch, reads the timeline anew.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.kind import Holds
from lecture_assets.graph.lecture import KINDS
from lecture_assets.runner.reading.progress_shapes import ProgressDocument, ProgressEvent
from lecture_assets.store import lectures, progress, records, requests
from lecture_assets.store.progress import EventKind, StoredEvent
from lecture_assets.timeline.patch import patch

_MOST_PATCHES = 4
"""In one answer: a patch of a large lecture takes a tenth of a second to find."""
(_TIMELINE,) = (kind.name for kind in KINDS.values() if kind.holds is Holds.TIMELINE)


def progress_document(connection: Connection, lecture: str) -> ProgressDocument:
    """Return where a lecture's log stands. UnknownLectureError if the lecture does not exist."""
    return {"newest": newest_number(connection, lecture), "request": requests.state_of(connection, lecture)}


def newest_number(connection: Connection, lecture: str) -> int:
    """Return the number of the newest event, 0 if there is none. UnknownLectureError if the lecture does not exist."""
    lectures.version_of(connection, lecture)
    return progress.newest(connection, [lecture])[lecture]


def events_after(connection: Connection, lecture: str, after: int, limit: int) -> list[ProgressEvent]:
    """Return the next events after a number, 0 for all, in order; none if there are no more yet.

    At most `limit`, and fewer if several have patches. UnknownLectureError if the lecture does not exist, WrongInputError for a
    number or a limit that is too small. All queries see one state only within `Database.read`.
    """
    if after < 0 or limit < 1:
        raise WrongInputError([Fault("after" if after < 0 else "limit", str(min(after, limit)), "0 or more; at least 1 event")])
    found = _without_gap(progress.events(connection, lecture, after, limit), after)
    if found is None or not found:
        newest = newest_number(connection, lecture)
        is_elsewhere = found is None or newest < after
        return [{"number": newest, "at": _at(connection, lecture, newest), "kind": "reset"}] if is_elsewhere else []
    return _documents(connection, lecture, found)


def _without_gap(found: Sequence[StoredEvent], after: int) -> Sequence[StoredEvent] | None:
    """Return the events up to a gap, as repairing a damaged database may leave one; None if the first is not the next."""
    if found and found[0].number != after + 1:
        return None
    return [event for place, event in enumerate(found, 1) if event.number == after + place]


def _at(connection: Connection, lecture: str, number: int) -> float:
    return next((event.at for event in progress.events(connection, lecture, number - 1, 1)), 0.0)


def _documents(connection: Connection, lecture: str, found: Sequence[StoredEvent]) -> list[ProgressEvent]:
    documents, timelines = list[ProgressEvent](), _Timelines(connection, lecture)
    edits = _edits(connection, lecture, found)
    for event in found:
        if event.kind is EventKind.TIMELINE and timelines.patches == _MOST_PATCHES:
            break
        own = _FORMS[event.kind](event.document)
        if event.kind is EventKind.REVISION:
            own["edits"] = edits.get(event.document["version"], [])
        if event.kind is EventKind.TIMELINE:
            own |= timelines.document(event.document)
        documents.append(cast("ProgressEvent", {"number": event.number, "at": event.at, "kind": event.kind.value, **own}))
    return documents


def _edits(connection: Connection, lecture: str, found: Sequence[StoredEvent]) -> dict[int, list[str]]:
    versions = [event.document["version"] for event in found if event.kind is EventKind.REVISION]
    return {row["version"]: list(row["edits"]) for row in lectures.history_of(connection, lecture, versions)} if versions else {}


class _Timelines:
    """The timelines that events name by their takes. The last one is kept: it is the base of the next."""

    def __init__(self, connection: Connection, lecture: str) -> None:
        self.patches = 0
        self._connection, self._lecture = connection, lecture
        self._known: dict[int, tuple[str, Any]] = {}

    def document(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        """Return the versions of an event's timeline and its base, and the patch between them."""
        wanted = [number for number in (stored["take"], stored["base"]) if number is not None]
        if missing := [number for number in wanted if number not in self._known]:
            self._known |= records.takes_by_number(self._connection, self._lecture, _TIMELINE, missing)
        self._known = {number: self._known[number] for number in wanted}
        version, timeline = self._known[stored["take"]]
        if stored["base"] is None:
            return {"timeline": version, "base": None, "patch": None}
        base_version, base = self._known[stored["base"]]
        self.patches += 1
        return {"timeline": version, "base": base_version, "patch": patch(base, timeline)}


def _as_stored(*names: str) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    return lambda stored: {name: stored[name] for name in names}


def _planned(stored: Mapping[str, Any]) -> dict[str, Any]:
    low, high = stored["usd_micros"]
    price = {"estimate_usd_micros": {"low": low, "high": high}, "estimate_seconds": stored["seconds"]}
    return _as_stored("run", "version", "token", "nodes", "calls")(stored) | price


def _node(stored: Mapping[str, Any]) -> dict[str, Any]:
    error = {"kind": stored["kind"], "message": stored["message"]} if "kind" in stored else None
    return {
        **_as_stored("run", "version", "node", "outcome")(stored),
        "take": stored.get("take"),
        "cost_usd_micros": stored.get("cost", 0),
        "error": error,
        "spent_usd_micros": stored["spent"],
        "left": stored["left"],
    }


def _ended(stored: Mapping[str, Any]) -> dict[str, Any]:
    return {**_as_stored("run", "version", "outcome", "queued")(stored), "report": stored.get("report")}


_FORMS: Mapping[EventKind, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    EventKind.REVISION: _as_stored("version"),
    EventKind.RUN_STARTED: _as_stored("run", "version"),
    EventKind.PLANNED: _planned,
    EventKind.NODE_STARTED: _as_stored("run", "version", "node", "model"),
    EventKind.NODE_DELAYED: _as_stored("run", "version", "node", "seconds", "message"),
    EventKind.NODE: _node,
    EventKind.TIMELINE: _as_stored("run", "version"),
    EventKind.RUN_ENDED: _ended,
    EventKind.WITHDRAWN: _as_stored(),
}
"""The document of each kind of event, from what is stored."""
