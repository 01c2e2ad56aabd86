"""The plan of a lecture, as it is or as it would be after edits. Changes nothing; what was shown is kept as an offer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from lecture_assets.graph.build import Graph
from lecture_assets.graph.plan import Plan
from lecture_assets.runner.change import editing
from lecture_assets.runner.change.uploads import UploadStaging
from lecture_assets.runner.reading.contradictions import contradictions
from lecture_assets.runner.reading.known_parts import known_parts
from lecture_assets.runner.reading.plan_document import PlanDocument, plan_document
from lecture_assets.runner.reading.snapshot import offer_of, plan_of, read_snapshot
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import lectures, plans


@dataclass(frozen=True, slots=True)
class PlannedLecture:
    """A plan, the id of the lecture that it is for, and the settings that contradict each other in it."""

    plan: Plan
    name: str
    warnings: tuple[str, ...]

    def document(self) -> PlanDocument:
        """Return the plan as a document."""
        return {**plan_document(self.plan, self.name), "warnings": list(self.warnings)}


def plan_lecture(
    context: Context,
    connection: Connection,
    lecture: str,
    edits: Sequence[str],
    targets: Callable[[Graph], frozenset[str] | None],
) -> PlannedLecture:
    """Plan a lecture as it would be after these edits, if any. WrongInputError lists what is wrong with them."""
    settings = None
    if edits:
        head = lectures.head(connection, lecture)
        with context.artifacts.shared(), UploadStaging(context) as staging:
            settings = editing.read_change(staging, connection, head, edits).settings
    snapshot = read_snapshot(context, connection, lecture, settings)
    snapshot.takes.load_others(connection)
    plan = plan_of(snapshot, connection, targets(snapshot.graph))
    planned = snapshot.graph.settings
    warnings = contradictions(planned, context.model_of(planned), known_parts(snapshot, connection))
    return PlannedLecture(plan, snapshot.head.name, tuple(warnings))


def offer_plan(context: Context, lecture: str, plan: Plan) -> None:
    """Keep a plan that is shown to somebody, who may insist on it."""
    if plan.nodes and not context.database.is_read_only:
        with context.database.write() as connection:
            plans.offer(connection, lecture, offer_of(plan), context.clock.now())
