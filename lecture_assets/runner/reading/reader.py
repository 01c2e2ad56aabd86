"""What there is to read of lectures, one method each. The answers are JSON documents. Changes nothing."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection

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
from lecture_assets.runner.reading.plan_document import GraphDocument, graph_document
from lecture_assets.runner.reading.proof import HeldDocument, holdings
from lecture_assets.runner.reading.shapes import ListedLecture, RevisionDocument
from lecture_assets.runner.reading.snapshot import Snapshot, read_snapshot
from lecture_assets.runner.reading.stale_note import stale_notes
from lecture_assets.runner.reading.status import StatusDocument, status_document
from lecture_assets.runner.reading.voices import VoiceDocument, voices_document
from lecture_assets.runner.setup.context import Context
from lecture_assets.runner.setup.environment import check_workspace
from lecture_assets.store import plans

T = TypeVar("T")


class LectureReader:
    """Reads the lectures of one workspace, by their names; all by their keys with `Context.uses_keys`."""

    def __init__(self, context: Context) -> None:
        """Use `Lectures.open` unless the context is made by hand."""
        self.context = context

    def all(self) -> list[ListedLecture]:
        """Every lecture, newest first."""
        with self.context.database.read() as connection:
            return listed_lectures(connection, None if self.context.uses_keys else self.context.workspace)

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

    def stale_notes(self, lecture: str) -> list[str]:
        """What an export would play in an older version, as a sentence; empty if nothing."""
        return self._read(lecture, lambda snapshot, _: stale_notes(snapshot))

    def _read(self, lecture: str, document: Callable[[Snapshot, Connection], T]) -> T:
        def read(connection: Connection) -> T:
            return document(read_snapshot(self.context, connection, self.context.key_of(connection, lecture)), connection)

        return self.context.database.reading(read)

    def key_of(self, lecture: str) -> str:
        """The key of a lecture, by which everything stored refers to it. UnknownLectureError if there is none of this name."""
        return self.context.database.reading(lambda connection: self.context.key_of(connection, lecture))

    def stored_plan(self, lecture: str) -> dict[str, Any] | None:
        """The graph and the plan that the newest regeneration started with; None before the first."""
        with self.context.database.read() as connection:
            stored = plans.load(connection, self.context.key_of(connection, lecture))
        return {"graph": stored.graph, "plan": stored.plan, "stored_at": stored.stored_at} if stored else None

    def costs(self, lecture: str | None = None, workspace: str | None = None) -> CostsDocument:
        """The ledger of a lecture, or of a whole workspace, by default this one."""
        key = None if lecture is None else self.key_of(lecture)
        return costs_of(self.context, key, check_workspace(workspace) if workspace else self.context.workspace)

    def history(self, lecture: str, after: int = 0) -> list[RevisionDocument]:
        """The lecture's revisions, oldest first."""
        with self.context.database.read() as connection:
            return revisions(connection, self.context.key_of(connection, lecture), after)

    def voices(self) -> list[VoiceDocument]:
        """The voices, with the models that have each and the languages they speak."""
        return voices_document(self.context.catalogue)
