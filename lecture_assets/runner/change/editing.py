"""Revisions of a lecture: parse, apply and append edits, undo, redo. A revision is written whole or not at all; makes no node.

texts ─ briefs/edit_syntax ─► edits ─ graph/edits ─► settings ─ compare-and-swap ─► the next version, and the values it supplies
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection

from lecture_assets.briefs.edit_sources import no_file, no_medium
from lecture_assets.briefs.edit_syntax import edit_text, parse_edits
from lecture_assets.graph.apply_edits import apply_edits, newly_pinned, restored
from lecture_assets.graph.edits import Base, Edit, Moment, SetMedia
from lecture_assets.graph.errors import Fault, NothingToRestoreError, WrongInputError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Holds
from lecture_assets.graph.lecture import NARRATION
from lecture_assets.graph.node import node_id, parse_node_id
from lecture_assets.graph.settings import Settings
from lecture_assets.prose.markup import as_shown
from lecture_assets.runner.change.uploads import UploadStaging
from lecture_assets.runner.reading.conflicts import PERSON, last_made, made_now, seen_before_pinning
from lecture_assets.runner.reading.snapshot import Snapshot, read_snapshot, supplied_record
from lecture_assets.runner.setup.context import Context
from lecture_assets.runner.setup.names import CatalogueNames
from lecture_assets.store import lectures, records
from lecture_assets.store.lectures import Head, Revision
from lecture_assets.store.records import Take

UNDO, REDO = "undo", "redo"
"""The edits recorded for an undo or a redo. People cannot write them as edits."""


@dataclass(frozen=True, slots=True)
class Change:
    """The next revision: its settings, and its edits as the history shows them."""

    settings: Settings
    texts: tuple[str, ...]


def read_change(staging: UploadStaging, connection: Connection, head: Head, texts: Sequence[str]) -> Change:
    """Parse and apply edits. WrongInputError lists every fault. staging: where uploaded media are inspected."""
    edits, moment = parse(staging, head, texts), _moment(staging.context, connection, head)
    settings = apply_edits(head.settings, edits, moment)
    heard = tuple(_heard(edit, staging, settings, moment) for edit in edits)
    if heard != edits:
        settings = apply_edits(head.settings, heard, moment)
    return Change(settings, tuple(edit_text(edit) for edit in edits))


def _heard(edit: Edit, staging: UploadStaging, after: Settings, moment: Moment) -> Edit:
    """Return the edit that supplies a recording with the words of its text as they are heard in it; any other edit as it is."""
    if not (isinstance(edit, SetMedia) and isinstance(edit.value, dict)):
        return edit
    kind, cell = parse_node_id(edit.node)
    if kind.holds is not Holds.SPEECH:
        return edit
    source = node_id(NARRATION, cell.segment)
    text = after.of_node(source).pinned or moment.held(source)
    language = str(after.inputs["language"])
    heard = staging.heard(edit.value, as_shown(text, language), language) if isinstance(text, str) else None
    return SetMedia(edit.node, {**edit.value, "heard": heard}) if heard else edit


def parse(staging: UploadStaging, head: Head, texts: Sequence[str]) -> tuple[Edit, ...]:
    """Parse edits, reading the files they name. WrongInputError lists every fault."""
    return parse_edits(texts, head.settings, CatalogueNames(staging.context.catalogue), staging.read_text, staging.read_medium)


def parse_unread(context: Context, head: Head, texts: Sequence[str]) -> tuple[Edit, ...]:
    """Parse edits only to compare them: no file is read, and an edit that names one raises WrongInputError."""
    return parse_edits(texts, head.settings, CatalogueNames(context.catalogue), read_file=no_file, read_medium=_kept_medium)


def _kept_medium(node: str, source: str) -> Json:
    return {"sha256": source.removeprefix("sha256:")} if source.startswith("sha256:") else no_medium(node, source)


def _moment(context: Context, connection: Connection, head: Head) -> Moment:
    now = _Now(context, connection, head)
    return Moment(head.version + 1, now.held, now.seen, now.made, now.take)


@dataclass
class _Now:
    """What edits may ask about the lecture's current state; read on demand."""

    context: Context
    connection: Connection
    head: Head

    @cached_property
    def snapshot(self) -> Snapshot:
        return read_snapshot(self.context, self.connection, self.head.lecture)

    def held(self, node: str) -> Json:
        return records.load_values(self.connection, self.head.lecture, [node]).get(node)

    def seen(self, node: str) -> Base | None:
        is_pinned = self.head.settings.of_node(node).pinned is not None
        if not is_pinned and (made := last_made(self.connection, self.head.lecture, node)):
            return made
        found = self.snapshot.graph.nodes.get(node)
        return seen_before_pinning(self.snapshot, self.connection, found) if found else None

    def made(self, node: str) -> Base | None:
        found = self.snapshot.graph.nodes.get(node)
        return made_now(self.snapshot, self.connection, found) if found else None

    def take(self, node: str, number: int) -> Json:
        found = records.load_take(self.connection, self.head.lecture, node, number)
        if found is None:
            numbers = sorted(records.values_of(self.connection, self.head.lecture, node))
            there = ", ".join(map(str, numbers)) or "none yet: it was never made"
            raise WrongInputError([Fault(f"take {node}", str(number), f"the number of one of its takes: {there}")])
        value, artifact = found
        if artifact is not None and not self.context.artifacts.has(artifact):
            raise WrongInputError([Fault(f"take {node}", f"{number}, whose bytes are missing", "a take whose bytes are stored")])
        return value


def append(context: Context, head: Head, change: Change, client_key: str | None, asked: str) -> None:
    """Write the next revision with the values it supplies. ConflictError if the head moved; then nothing is written."""
    now = context.clock.now()

    def write(connection: Connection) -> None:
        revision = Revision(head.version + 1, change.settings, change.texts, client_key, asked if client_key else None)
        queued_at, is_queued = context.store_time(connection), context.queues_edits
        lectures.append(connection, head.lecture, revision, now, queued_at=queued_at, is_queued=is_queued)
        supply(connection, head.lecture, head.settings, change.settings, now)

    context.database.writing(write)


def supply(connection: Connection, lecture: str, before: Settings, after: Settings, now: float) -> None:
    """Make the values that a revision pinned count: a chosen take itself, a supplied value as a new take by that person."""
    for node, settings in newly_pinned(before, after).items():
        if settings.take:
            records.count(connection, lecture, node, settings.take, now)
            continue
        value, record = settings.pinned, supplied_record(node, settings.pinned)
        artifact = str(value["sha256"]) if isinstance(value, dict) else None
        take = Take(node, record.version, record.fingerprint, record.recipe, value, artifact, PERSON, now, 0)
        records.save_take(connection, lecture, take, counts=True)


def undo_change(connection: Connection, head: Head) -> Change:
    """Return the change that undoes the last one. NothingToRestoreError if there is nothing to undo."""
    done, _ = _past(connection, head.lecture)
    if len(done) == 1:
        message = f"lecture {head.name} is in its original state; there is nothing to undo"
        raise NothingToRestoreError(message)
    return Change(restored(lectures.settings_at(connection, head.lecture, done[-2]), head.settings), (UNDO,))


def redo_change(connection: Connection, head: Head) -> Change:
    """Return the change that restores what was undone last. NothingToRestoreError if there is nothing to redo."""
    _, undone = _past(connection, head.lecture)
    if not undone:
        message = f"lecture {head.name} has had no undo since its last edit; there is nothing to redo"
        raise NothingToRestoreError(message)
    return Change(restored(lectures.settings_at(connection, head.lecture, undone[-1]), head.settings), (REDO,))


def _past(connection: Connection, lecture: str) -> tuple[list[int], list[int]]:
    """Return the versions in effect, oldest first, and the undone ones, last undone last."""
    done, undone = list[int](), list[int]()
    for row in lectures.history(connection, lecture):
        match list(row["edits"]):
            case ["undo"]:
                undone.append(done.pop())
            case ["redo"]:
                done.append(undone.pop())
            case _:
                done.append(row["version"])
                undone.clear()
    return done, undone
