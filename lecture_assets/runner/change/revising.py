"""A revision, requested by a person or a program: read the head, compute the change, append it by compare-and-swap.

An edit without `if_version` follows a head that moves meanwhile. A client key makes a repeated request answer as it did first.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection

from lecture_assets.briefs.edit_syntax import edit_text
from lecture_assets.graph.errors import ConflictError, KeyReusedError, RefusedError, WrongInputError
from lecture_assets.graph.staleness import Finding, Status
from lecture_assets.runner.change import editing
from lecture_assets.runner.change.editing import Change
from lecture_assets.runner.change.uploads import UploadStaging
from lecture_assets.runner.reading.conflicts import conflicts
from lecture_assets.runner.reading.contradictions import contradictions
from lecture_assets.runner.reading.known_parts import known_parts
from lecture_assets.runner.reading.shadow_price import price_document
from lecture_assets.runner.reading.shapes import EditDocument
from lecture_assets.runner.reading.snapshot import Snapshot, read_snapshot
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import lectures
from lecture_assets.store.client_requests import client_key_faults
from lecture_assets.store.lectures import Head, Seen

_LONGEST_REPEATED = 300
"""Characters of edits that a refusal repeats."""
_ATTEMPTS = 20
"""How often an edit without `if_version` follows a moving head before it gives up."""


def _nothing() -> None:
    """Prepare a revision that brings no bytes."""


class _Texts(Protocol):
    """The edits as the history shows them. WrongInputError if they are invalid, or name a file that must not be read."""

    def __call__(self, head: Head, *, from_files: bool) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class RevisionRequest:
    """A requested revision.

    change:  computes it from the head
    texts:   its edits as the history shows them
    asked:   the digest of the words it was requested with, whatever the files they name contain
    prepare: runs before it is written, once it is known to be valid
    """

    change: Callable[[Connection, Head], Change]
    texts: _Texts
    asked: str
    prepare: Callable[[], None] = _nothing


def edit_request(context: Context, staging: UploadStaging, edits: Sequence[str]) -> RevisionRequest:
    """The request of an edit. staging: where media that it uploads are inspected, and stored from."""

    def change(connection: Connection, head: Head) -> Change:
        return editing.read_change(staging, connection, head, edits)

    def texts(head: Head, *, from_files: bool) -> list[str]:
        parsed = editing.parse(staging, head, edits) if from_files else editing.parse_unread(context, head, edits)
        return [edit_text(edit) for edit in parsed]

    return RevisionRequest(change, texts, _digest("edit", *edits), staging.keep)


def _word_request(word: str, change: Callable[[Connection, Head], Change]) -> RevisionRequest:
    return RevisionRequest(change, lambda head, *, from_files: [word], _digest(word))  # noqa: ARG005 - the protocol's


def _digest(*words: str) -> str:
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()


UNDO_REQUEST = _word_request(editing.UNDO, editing.undo_change)
REDO_REQUEST = _word_request(editing.REDO, editing.redo_change)


def revise(
    context: Context, lecture: str, request: RevisionRequest, if_version: int | None = None, client_key: str | None = None
) -> EditDocument:
    """Append a revision and return what is stale now. ConflictError if the head is not `if_version`.

    A client key that was used before returns the revision it made, and what is stale today; RefusedError for other edits.
    WrongInputError for a client key that is too long or empty.
    """
    if client_key is not None and (faults := client_key_faults(client_key, "client key")):
        raise WrongInputError(faults)

    def look(connection: Connection) -> tuple[Head, Seen | Change]:
        head = lectures.head(connection, lecture)
        seen = lectures.by_client_key(connection, lecture, client_key) if client_key else None
        if seen is not None:
            _check_repeated(head, seen, request, client_key)
            return head, seen
        if if_version is not None and if_version != head.version:
            raise ConflictError(head.name, if_version, head.version)
        return head, request.change(connection, head)

    for _ in range(_ATTEMPTS):
        head, change = context.database.reading(look)
        if isinstance(change, Seen):
            return edit_document(context, lecture, change.version, change.edits)
        request.prepare()
        try:
            editing.append(context, head, change, client_key, request.asked)
        except ConflictError:
            continue
        return edit_document(context, lecture, head.version + 1, change.texts)
    name = context.name_of(lecture)
    message = f"lecture {name} is being edited so often that this edit found no gap; nothing was changed (try again)"
    raise RefusedError(message)


def edit_document(context: Context, lecture: str, version: int, edits: Sequence[str]) -> EditDocument:
    """The edits of a version, what is stale and in conflict now, the contradictions that it brought, and a shadow's price."""

    def read(connection: Connection) -> tuple[Snapshot, list[str], list[str], list[str]]:
        warnings = _warnings(context, connection, lecture, version)
        known = _warnings(context, connection, lecture, version - 1) if warnings and version > 1 else []
        snapshot = read_snapshot(context, connection, lecture)
        return snapshot, list(conflicts(snapshot, connection)), warnings, known

    snapshot, conflicting, warnings, known = context.database.reading(read)
    return {
        "lecture": snapshot.head.name,
        "version": version,
        "edits": list(edits),
        "stale": [name for name, found in snapshot.findings.items() if _is_to_make(found)],
        "conflicts": conflicting,
        "warnings": [warning for warning in warnings if warning not in known],
        "shadow": price_document(context, lecture, version) if snapshot.head.is_shadow else None,
    }


def _warnings(context: Context, connection: Connection, lecture: str, version: int) -> list[str]:
    """Return the contradictions of a version, with what is there now."""
    settings = lectures.settings_at(connection, lecture, version)
    known = known_parts(read_snapshot(context, connection, lecture, settings), connection)
    return contradictions(settings, context.model_of(settings), known)


def _is_to_make(finding: Finding) -> bool:
    """Whether a run makes this node: what is made on demand is no consequence of an edit until it is asked for."""
    return finding.status is not Status.FRESH and not finding.node.kind.on_demand


def _check_repeated(head: Head, seen: Seen, request: RevisionRequest, client_key: str | None) -> None:
    """RefusedError if a client key comes again with other edits: answering as before would lose them.

    The words decide, not the files they name, which may be gone or changed by now. (Older stores kept no words.)
    """
    if request.asked == seen.asked:
        return
    with suppress(WrongInputError):
        if request.texts(head, from_files=seen.asked is None) == list(seen.edits):
            return
    edits = "; ".join(seen.edits)
    shown = edits if len(edits) <= _LONGEST_REPEATED else f"{edits[:_LONGEST_REPEATED]}…"
    message = (
        f"client key {client_key!r} made version {seen.version} of lecture {head.name} with other edits "
        f"({shown}); nothing was changed (send these with a key of their own)"
    )
    raise KeyReusedError(message)
