"""START HERE: what the command line and Dagster do with lectures, one method each. The answers are JSON documents."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Connection

from lecture_assets.briefs.adopted import Adopted
from lecture_assets.briefs.brief import Brief
from lecture_assets.runner.calls.canceling import cancel_calls
from lecture_assets.runner.change import editing
from lecture_assets.runner.change.copying import copy_lecture
from lecture_assets.runner.change.creating import Created, create_lecture
from lecture_assets.runner.change.importing import ImportDocument, adopt
from lecture_assets.runner.change.revising import REDO_REQUEST, UNDO_REQUEST, edit_document, edit_request, revise
from lecture_assets.runner.change.uploads import UploadStaging
from lecture_assets.runner.reading.conflicts import conflicts
from lecture_assets.runner.reading.contradictions import contradictions
from lecture_assets.runner.reading.costs import CostsDocument, costs_of
from lecture_assets.runner.reading.draft import draft_timeline
from lecture_assets.runner.reading.explain import (
    InputExplanation,
    NodeExplanation,
    TakesDocument,
    explain_document,
    takes_document,
)
from lecture_assets.runner.reading.listing import listed_lectures, revisions
from lecture_assets.runner.reading.plan_document import GraphDocument, PlanDocument, graph_document, plan_document
from lecture_assets.runner.reading.proof import HeldDocument, bytes_of, holdings
from lecture_assets.runner.reading.shapes import CopyDocument, EditDocument, ListedLecture, RevisionDocument
from lecture_assets.runner.reading.snapshot import Snapshot, offer_of, plan_of, read_snapshot
from lecture_assets.runner.reading.status import StatusDocument, status_document
from lecture_assets.runner.reading.voices import VoiceDocument, voices_document
from lecture_assets.runner.regenerate.draft_writer import DraftWriter
from lecture_assets.runner.regenerate.regeneration import EVERYTHING, Scope, regenerate
from lecture_assets.runner.regenerate.report import ReportDocument
from lecture_assets.runner.regenerate.timeline_files import export_lecture, write_timeline_files
from lecture_assets.runner.setup.context import Context, open_context
from lecture_assets.runner.setup.environment import check_workspace
from lecture_assets.runner.setup.events import Watch, unwatched
from lecture_assets.store import lectures, plans, requests

T = TypeVar("T")


class Lectures(AbstractContextManager["Lectures"]):
    """The lectures of one workspace in one store."""

    def __init__(self, context: Context) -> None:
        """Use `Lectures.open` unless the context is made by hand."""
        self.context = context

    @classmethod
    def open(cls, environ: Mapping[str, str], *, reads: bool = False) -> Self:
        """Open the store and the vendors that the environment names.

        reads: nothing but exports will be written; works with another database's media folder too
        """
        return cls(open_context(environ, reads=reads))

    def __exit__(self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        """Close the connections."""
        self.context.close()

    def create(self, brief: Brief, lecture: str) -> Created:
        """Create a lecture at version 1, or return the existing one if it came from the same brief.

        RefusedError if it came from another brief. WrongInputError for an invalid id, or an unknown model, voice or language.
        """
        return create_lecture(self.context, brief, lecture)

    def all(self) -> list[ListedLecture]:
        """Every lecture, newest first."""
        with self.context.database.read() as connection:
            return listed_lectures(connection)

    def status(self, lecture: str) -> StatusDocument:
        """Every node with its status."""
        return self._read(lecture, status_document)

    def graph(self, lecture: str) -> GraphDocument:
        """The lecture's graph as one document."""
        return self._read(lecture, lambda snapshot, _: graph_document(snapshot))

    def explain(self, lecture: str, node: str) -> NodeExplanation | InputExplanation:
        """Where a node's value comes from, and why it is stale."""
        return self._read(lecture, lambda snapshot, connection: explain_document(snapshot, connection, node))

    def takes(self, lecture: str, node: str) -> TakesDocument:
        """Every take of a node, oldest first."""
        return self._read(lecture, lambda snapshot, connection: takes_document(snapshot, connection, node))

    def holdings(self, lecture: str) -> dict[str, HeldDocument]:
        """What every node holds, with the digest of its bytes on disk, for a comparison with another moment."""
        return self._read(lecture, lambda snapshot, _: holdings(snapshot))

    def draft(self, lecture: str) -> dict[str, Any]:
        """The timeline as far as the lecture is made."""
        return self._read(lecture, draft_timeline)

    def _read(self, lecture: str, document: Callable[[Snapshot, Connection], T]) -> T:
        with self.context.database.read() as connection:
            return document(read_snapshot(self.context, connection, lecture), connection)

    def plan(self, lecture: str, edits: Sequence[str] = (), scope: Scope = EVERYTHING) -> PlanDocument:
        """What a run would make, after these edits if any. Saves nothing but the offer that the plan's token names."""
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
        planned = snapshot.graph.settings
        return {**plan_document(plan), "warnings": contradictions(planned, self.context.model_of(planned))}

    def stored_plan(self, lecture: str) -> dict[str, Any] | None:
        """The graph and the plan that the newest regeneration started with; None before the first."""
        with self.context.database.read() as connection:
            stored = plans.load(connection, lecture)
        return {"graph": stored.graph, "plan": stored.plan, "stored_at": stored.stored_at} if stored else None

    def edit(
        self, lecture: str, edits: Sequence[str], if_version: int | None = None, client_key: str | None = None
    ) -> EditDocument:
        """Append one atomic revision. ConflictError if the head is not `if_version`.

        A client key that was used before returns the revision it made, and what is stale today; RefusedError for other edits.
        """
        with self.context.artifacts.shared(), UploadStaging(self.context) as staging:
            return revise(self.context, lecture, edit_request(self.context, staging, edits), if_version, client_key)

    def undo(self, lecture: str, if_version: int | None = None, client_key: str | None = None) -> EditDocument:
        """Go one revision back, as a new revision; repeated, further back. RefusedError at the first."""
        return revise(self.context, lecture, UNDO_REQUEST, if_version, client_key)

    def redo(self, lecture: str, if_version: int | None = None, client_key: str | None = None) -> EditDocument:
        """Restore the revision that was undone last. RefusedError if nothing was undone since the last edit."""
        return revise(self.context, lecture, REDO_REQUEST, if_version, client_key)

    def copy(self, source: str, target: str, edits: Sequence[str] = ()) -> CopyDocument:
        """Create a variant of a lecture, which shares all that is equal; nothing of it is made yet."""
        with self.context.artifacts.shared():
            is_new = copy_lecture(self.context, source, target, edits)
        return {"copied_from": source, "created": is_new, **edit_document(self.context, target, 1, edits)}

    def adopt(self, found: Adopted, lecture: str | None = None) -> ImportDocument:
        """Import a lecture that was made elsewhere; buys nothing."""
        with self.context.artifacts.shared():
            return adopt(self.context, found, lecture)

    def cancel(self, lecture: str) -> list[str]:
        """Withdraw the request to regenerate, until the next edit. Returns the nodes whose calls were cancelled at vendors.

        A living worker goes on: whoever started it stops it.
        """
        with self.context.database.write() as connection:
            requests.withdraw(connection, lecture, self.context.store_time(connection))
        return asyncio.run(cancel_calls(self.context, lecture))

    def regenerate(
        self, lecture: str, scope: Scope = EVERYTHING, watch: Watch = unwatched, out: Path | None = None
    ) -> ReportDocument:
        """Make all that is stale. The timeline is written to `out` whenever a segment becomes playable, and at the end."""
        folder = out or self.context.home / "timelines" / lecture
        compared: dict[str, str] = {}
        with DraftWriter(lambda: write_timeline_files(self.context, lecture, folder, compared), watch) as drafts:
            report = asyncio.run(regenerate(self.context, lecture, scope, drafts.watch))
        with self.context.database.read() as connection:
            snapshot = read_snapshot(self.context, connection, lecture)
            conflicting = list(conflicts(snapshot, connection))
        sizes = bytes_of(self.context, snapshot.takes.counting.values(), set(report["made"]), set(report["restored"]))
        timeline = str(write_timeline_files(self.context, lecture, folder))
        return {**report, **sizes, "conflicts": conflicting, "timeline": timeline}

    def export(self, lecture: str, out: Path, watch: Watch = unwatched, *, video: bool = True) -> Path:
        """Write timeline, captions, media and the video into a folder; returns the timeline's path."""
        return export_lecture(self.context, lecture, out, watch, video=video)

    def costs(self, lecture: str | None = None, workspace: str | None = None) -> CostsDocument:
        """The ledger of a lecture, or of a whole workspace, by default this one."""
        return costs_of(self.context, lecture, check_workspace(workspace) if workspace else self.context.workspace)

    def history(self, lecture: str, after: int = 0) -> list[RevisionDocument]:
        """The lecture's revisions, oldest first."""
        with self.context.database.read() as connection:
            return revisions(connection, lecture, after)

    def voices(self) -> list[VoiceDocument]:
        """The voices, with the models that have each and the languages they speak."""
        return voices_document(self.context.catalogue)
