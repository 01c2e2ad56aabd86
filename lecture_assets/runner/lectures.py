"""START HERE: what the command line, GraphQL and Dagster do with lectures, one method each. What they answer is JSON."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from sqlalchemy import Connection

from lecture_assets.briefs.adopted import Adopted
from lecture_assets.briefs.brief import Brief
from lecture_assets.briefs.edit_syntax import edit_text
from lecture_assets.briefs.lecture_id import check_id
from lecture_assets.graph.errors import ConflictError, RefusedError, WrongInputError
from lecture_assets.graph.settings import Settings, new_settings
from lecture_assets.graph.staleness import Status
from lecture_assets.runner.calls.canceling import cancel_calls
from lecture_assets.runner.change import editing
from lecture_assets.runner.change.copying import copy_lecture
from lecture_assets.runner.change.editing import Change
from lecture_assets.runner.change.importing import ImportDocument, adopt
from lecture_assets.runner.change.uploads import UploadStaging
from lecture_assets.runner.reading.conflicts import conflicts
from lecture_assets.runner.reading.contradictions import contradictions
from lecture_assets.runner.reading.costs import CostsDocument, ceilings_document, costs_document
from lecture_assets.runner.reading.draft import draft_timeline
from lecture_assets.runner.reading.explain import (
    InputExplanation,
    NodeExplanation,
    TakesDocument,
    explain_document,
    takes_document,
)
from lecture_assets.runner.reading.plan_document import GraphDocument, PlanDocument, graph_document, plan_document
from lecture_assets.runner.reading.proof import HeldDocument, bytes_of, holdings
from lecture_assets.runner.reading.shapes import CopyDocument, EditDocument, ListedLecture, RevisionDocument
from lecture_assets.runner.reading.snapshot import Snapshot, offer_of, plan_of, read_snapshot
from lecture_assets.runner.reading.status import StatusDocument, status_document
from lecture_assets.runner.reading.voices import VoiceDocument, voices_document
from lecture_assets.runner.regenerate.draft_writer import DraftWriter
from lecture_assets.runner.regenerate.regeneration import EVERYTHING, Scope, regenerate
from lecture_assets.runner.regenerate.report import ReportDocument
from lecture_assets.runner.setup.context import Context, open_context
from lecture_assets.runner.setup.events import Exporting, Watch, unwatched
from lecture_assets.runner.setup.names import CatalogueNames, check_inputs
from lecture_assets.store import charges, lectures, ledger_queries, plans, records, requests
from lecture_assets.store.lectures import Head, Seen

_SAID = 300
"""Characters of edits that a refusal repeats."""
_RACES = 20
"""How often an edit without --if-version follows a head that moves under it before it gives up."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Created:
    """A lecture, and whether it is new: the same brief under the same id again is the same lecture.

    warnings: wishes of the brief that contradict each other, a sentence each
    """

    lecture: str
    version: int
    new: bool
    warnings: tuple[str, ...] = ()


def _nothing() -> None:
    """What there is to be done before a revision that brings no bytes."""


class _Texts(Protocol):
    """The edits as a history says them. WrongInputError where they say none, or name a file that is not to be read."""

    def __call__(self, head: Head, *, from_files: bool) -> list[str]: ...


def _only(word: str) -> _Texts:
    return lambda head, *, from_files: [word]  # noqa: ARG005 - the protocol's


def _asked(*words: str) -> str:
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Wish:
    """A revision that somebody asks for.

    change:  what it is, from where the lecture stands      texts: how a history would say it
    asked:   a digest of the words that it is asked for in, whatever the files hold that they name
    prepare: what is done before it is written, once it is known that it may be
    """

    change: Callable[[Connection, Head], Change]
    texts: "_Texts"
    asked: str
    prepare: Callable[[], None] = _nothing


class Lectures(AbstractContextManager["Lectures"]):
    """The lectures of one workspace in one store."""

    def __init__(self, context: Context) -> None:
        """Use `Lectures.open` unless the context is made by hand."""
        self.context = context

    @classmethod
    def open(cls, environ: Mapping[str, str], *, reads: bool = False) -> Self:
        """The store and the providers that the environment names.

        reads: nothing will be written but an export; also where the media folder is another database's
        """
        return cls(open_context(environ, reads=reads))

    def __exit__(self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        """Give the connections back."""
        self.context.close()

    def create(self, brief: Brief, lecture: str) -> Created:
        """A new lecture at version 1; the existing one where it came from the same brief. RefusedError where from another.

        WrongInputError for an id that is none, and for a voice, a language or a model that there is not.
        """
        check_id(lecture)
        settings = new_settings(brief.inputs(self.context.default_models), brief.nodes())
        check_inputs(settings.inputs, CatalogueNames(self.context.catalogue))
        head = Head(lecture, self.context.workspace, 1, 0, settings.digest(), settings)
        warnings = tuple(self._contradictions(settings))
        with self.context.database.write() as connection:
            if lectures.create(connection, head, self.context.clock.now()):
                return Created(lecture, 1, new=True, warnings=warnings)
            found = lectures.head(connection, lecture)
        if found.brief_digest not in {head.brief_digest, self._digest_before(brief)}:
            message = (
                f"lecture {lecture} exists and was made from another brief; nothing was changed "
                f"(give this one another --id, or change that one with `lectures edit {lecture}`)"
            )
            raise RefusedError(message)
        return Created(lecture, found.version, new=False, warnings=tuple(self._contradictions(found.settings)))

    def _digest_before(self, brief: Brief) -> str:
        """What the brief of a lecture was called when its length did not follow from its notes yet."""
        return new_settings(brief.inputs(self.context.default_models, as_long_as_notes=False), brief.nodes()).digest()

    def _contradictions(self, settings: Settings) -> list[str]:
        return contradictions(settings, lambda role: self.context.model(str(settings.inputs[f"{role}-model"]), role))

    def all(self) -> list[ListedLecture]:
        """Every lecture, the newest first."""
        with self.context.database.read() as connection:
            return [
                {
                    "lecture": row["id"],
                    "version": row["head"],
                    "published": row["published"],
                    "request": row["state"],
                    "created_at": row["created_at"],
                }
                for row in lectures.all_lectures(connection)
            ]

    def status(self, lecture: str) -> StatusDocument:
        """Every node with its status."""
        return self._read(lecture, status_document)

    def graph(self, lecture: str) -> GraphDocument:
        """The lecture's graph as one document."""
        return self._read(lecture, lambda snapshot, _: graph_document(snapshot))

    def explain(self, lecture: str, node: str) -> NodeExplanation | InputExplanation:
        """Where a node's value comes from, and why it is stale."""
        return self._read(lecture, lambda snapshot, connection: explain_document(snapshot, connection, node))

    def _read(self, lecture: str, document: Callable[[Snapshot, Connection], T]) -> T:
        with self.context.database.read() as connection:
            return document(read_snapshot(self.context, connection, lecture), connection)

    def plan(self, lecture: str, edits: Sequence[str] = (), scope: Scope = EVERYTHING) -> PlanDocument:
        """What would be made, after these edits if any. Nothing is saved but the offer, which its token names."""
        with self.context.database.read() as connection:
            settings = None
            if edits:
                head = lectures.head(connection, lecture)
                with self.context.artifacts.shared(), UploadStaging(self.context) as staging:
                    settings = editing.read_change(staging, connection, head, edits).settings
            snapshot = read_snapshot(self.context, connection, lecture, settings)
            plan = plan_of(snapshot, connection, scope.targets(snapshot.graph))
        if plan.nodes and not self.context.database.is_read_only:
            with self.context.database.write() as connection:
                plans.offer(connection, lecture, offer_of(plan), self.context.clock.now())
        return {**plan_document(plan), "warnings": self._contradictions(snapshot.graph.settings)}

    def stored_plan(self, lecture: str) -> dict[str, Any] | None:
        """The graph and the plan that the newest regeneration set out with; None before the first."""
        with self.context.database.read() as connection:
            stored = plans.load(connection, lecture)
        return {"graph": stored.graph, "plan": stored.plan, "stored_at": stored.stored_at} if stored else None

    def edit(
        self, lecture: str, edits: Sequence[str], if_version: int | None = None, client_key: str | None = None
    ) -> EditDocument:
        """One atomic revision. ConflictError where the head is not `if_version`.

        A client key that was seen answers with the revision it made, and what is stale today; RefusedError for other edits.
        """
        with self.context.artifacts.shared(), UploadStaging(self.context) as staging:

            def change(connection: Connection, head: Head) -> Change:
                return editing.read_change(staging, connection, head, edits)

            def texts(head: Head, *, from_files: bool) -> list[str]:
                parsed = editing.parse(staging, head, edits) if from_files else editing.parse_unread(self.context, head, edits)
                return [edit_text(edit) for edit in parsed]

            return self._revise(lecture, _Wish(change, texts, _asked("edit", *edits), staging.keep), if_version, client_key)

    def undo(self, lecture: str, if_version: int | None = None, client_key: str | None = None) -> EditDocument:
        """One revision back, as a new revision; repeated, further back. RefusedError where there is none."""
        return self._revise(
            lecture, _Wish(editing.undo_change, _only(editing.UNDO), _asked(editing.UNDO)), if_version, client_key
        )

    def redo(self, lecture: str, if_version: int | None = None, client_key: str | None = None) -> EditDocument:
        """The revision that was undone last, again. RefusedError where none was since the last edit."""
        return self._revise(
            lecture, _Wish(editing.redo_change, _only(editing.REDO), _asked(editing.REDO)), if_version, client_key
        )

    def _revise(self, lecture: str, wish: "_Wish", if_version: int | None, client_key: str | None) -> EditDocument:
        for _ in range(_RACES):
            with self.context.database.read() as connection:
                head = lectures.head(connection, lecture)
                seen = lectures.by_client_key(connection, lecture, client_key) if client_key else None
                if seen is not None:
                    _check_repeated(head, seen, wish, client_key)
                    return self._edit_document(lecture, seen.version, seen.edits)
                if if_version is not None and if_version != head.version:
                    raise ConflictError(lecture, if_version, head.version)
                change = wish.change(connection, head)
            wish.prepare()
            try:
                editing.append(self.context, head, change, client_key, wish.asked)
            except ConflictError:
                continue
            return self._edit_document(lecture, head.version + 1, change.texts)
        message = f"lecture {lecture} is being edited so often that this edit found no gap; nothing was changed (try again)"
        raise RefusedError(message)

    def copy(self, source: str, target: str, edits: Sequence[str] = ()) -> CopyDocument:
        """A variant of a lecture, as a lecture of its own that shares all that is equal; nothing of it is made yet."""
        with self.context.artifacts.shared():
            is_new = copy_lecture(self.context, source, target, edits)
        return {"copied_from": source, "created": is_new, **self._edit_document(target, 1, edits)}

    def adopt(self, found: Adopted, lecture: str | None = None) -> ImportDocument:
        """A lecture that was made elsewhere; nothing is bought."""
        with self.context.artifacts.shared():
            return adopt(self.context, found, lecture)

    def takes(self, lecture: str, node: str) -> TakesDocument:
        """Every take of a node, the oldest first."""
        return self._read(lecture, lambda snapshot, connection: takes_document(snapshot, connection, node))

    def _edit_document(self, lecture: str, version: int, edits: Sequence[str]) -> EditDocument:
        with self.context.database.read() as connection:
            snapshot = read_snapshot(self.context, connection, lecture)
            conflicting = list(conflicts(snapshot, connection))
            before = lectures.settings_at(connection, lecture, version - 1) if version > 1 else None
            after = lectures.settings_at(connection, lecture, version)
        known = self._contradictions(before) if before else []
        warnings = [warning for warning in self._contradictions(after) if warning not in known]
        stale = [node for node, finding in snapshot.findings.items() if finding.status is not Status.FRESH]
        return {
            "lecture": lecture,
            "version": version,
            "edits": list(edits),
            "stale": stale,
            "conflicts": conflicting,
            "warnings": warnings,
        }

    def cancel(self, lecture: str) -> list[str]:
        """Nobody wants made what is left to make, until the next edit. The nodes whose calls were stopped at their vendors.

        What a living worker does is left alone: it is stopped by whoever started it.
        """
        with self.context.database.write() as connection:
            requests.withdraw(connection, lecture)
        return asyncio.run(cancel_calls(self.context, lecture))

    def regenerate(
        self, lecture: str, scope: Scope = EVERYTHING, watch: Watch = unwatched, out: Path | None = None
    ) -> ReportDocument:
        """Converge on the head; segment timelines are written to `out` as they become playable, the whole at the end."""
        folder = out or self.context.home / "timelines" / lecture
        compared: dict[str, str] = {}
        with DraftWriter(lambda: self._write_draft(lecture, folder, compared), watch) as drafts:
            report = asyncio.run(regenerate(self.context, lecture, scope, drafts.watch))
        with self.context.database.read() as connection:
            snapshot = read_snapshot(self.context, connection, lecture)
            conflicting = list(conflicts(snapshot, connection))
        sizes = bytes_of(self.context, snapshot.takes.counting.values(), set(report["made"]), set(report["restored"]))
        return {**report, **sizes, "conflicts": conflicting, "timeline": str(self._write_draft(lecture, folder))}

    def holdings(self, lecture: str) -> dict[str, HeldDocument]:
        """What every node holds, and the digest of its bytes as they are on disk: to be compared with one of another moment."""
        return self._read(lecture, lambda snapshot, _: holdings(snapshot))

    def draft(self, lecture: str) -> dict[str, Any]:
        """The timeline as far as the lecture is made."""
        with self.context.database.read() as connection:
            return draft_timeline(read_snapshot(self.context, connection, lecture), connection)

    def _write_draft(self, lecture: str, folder: Path, compared: dict[str, str] | None = None) -> Path:
        from lecture_assets.render.folder import write_timeline  # noqa: PLC0415 - media libraries

        return write_timeline(self.draft(lecture), folder, self.context.artifacts.path, compared)

    def export(self, lecture: str, out: Path, watch: Watch = unwatched, *, video: bool = True) -> Path:
        """Timeline, captions, media and the video into a folder; the timeline's path."""
        from lecture_assets.render.folder import export_folder  # noqa: PLC0415 - media libraries

        self._drop_damaged(lecture)
        return export_folder(
            self.draft(lecture),
            out,
            self.context.artifacts.path,
            video=video,
            progress=lambda fraction: watch(Exporting(fraction)),
        )

    def _drop_damaged(self, lecture: str) -> None:
        """Media whose bytes are not what they were count as lost: a `missing` layer now, made again by the next run."""
        with self.context.database.read() as connection:
            lectures.version_of(connection, lecture)
            for artifact in records.artifacts(connection, lecture):
                self.context.artifacts.drop_if_damaged(artifact)

    def costs(self, lecture: str | None = None, workspace: str | None = None) -> CostsDocument:
        """The ledger of a lecture, or of a whole workspace (of this one, where none is named)."""
        asked = workspace or self.context.workspace
        with self.context.database.read() as connection:
            if lecture is not None:
                lectures.version_of(connection, lecture)
            rows = ledger_queries.entries(connection, lecture=lecture, workspace=asked)
            now, wanted = self.context.store_time(connection), self.context.ceilings
            standing = ceilings_document(
                wanted if lecture else replace(wanted, lecture=None),
                lambda name: charges.committed(connection, name, asked, lecture or "", now),
            )
        sums = costs_document([dict(row) for row in rows])
        return {"lecture": lecture, "workspace": asked, **sums, "ceilings": standing}

    def history(self, lecture: str) -> list[RevisionDocument]:
        """The lecture's revisions, the oldest first."""
        with self.context.database.read() as connection:
            return [
                {
                    "version": row["version"],
                    "edits": list(row["edits"]),
                    "client_key": row["client_key"],
                    "created_at": row["created_at"],
                }
                for row in lectures.history(connection, lecture)
            ]

    def voices(self) -> list[VoiceDocument]:
        """The voices that speech can have, with the models that have each and the languages that these speak."""
        return voices_document(self.context.catalogue)


def _check_repeated(head: Head, seen: Seen, wish: _Wish, client_key: str | None) -> None:
    """RefusedError where a key that was seen comes with other edits: answering as then would lose them.

    The words decide, and no file that they name: it may be gone by now, or hold something else. (Older stores kept no words.)
    """
    if wish.asked == seen.asked:
        return
    with suppress(WrongInputError):
        if wish.texts(head, from_files=seen.asked is None) == list(seen.edits):
            return
    message = (
        f"client key {client_key!r} made version {seen.version} of lecture {head.lecture} with other edits "
        f"({_shortened('; '.join(seen.edits))}); nothing was changed (send these with a key of their own)"
    )
    raise RefusedError(message)


def _shortened(text: str) -> str:
    return text if len(text) <= _SAID else f"{text[:_SAID]}…"
