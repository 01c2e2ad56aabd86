"""Jobs: `regenerate_lecture`, one run per lecture; `collect_garbage`, once a day. Sensors and schedules start them."""

import time

from dagster import Config, OpExecutionContext, in_process_executor, job, op
from pydantic import Field

from lecture_assets.defs.check_evaluations import CHECK_KEYS
from lecture_assets.defs.dagster_internals import IMPLICIT_ASSET_JOB_NAME
from lecture_assets.defs.host.launcher import ForkingRunLauncher, clean
from lecture_assets.defs.keys import LECTURES
from lecture_assets.defs.lectures_resource import RESOURCES, LecturesResource
from lecture_assets.defs.plain_config import plain_schema, read_config
from lecture_assets.defs.pruning import prune
from lecture_assets.defs.regenerating import failing_in_words
from lecture_assets.defs.regenerating import regenerate_lecture as run_regeneration
from lecture_assets.defs.run_lecture import lecture_of
from lecture_assets.defs.sync.lost_events import forget_lost
from lecture_assets.runner.change import garbage
from lecture_assets.runner.regenerate.scope import Scope
from lecture_assets.runner.setup.retention import keep_runs_days

COLLECT = "collect_garbage"
REGENERATE = "regenerate_lecture"
"""The job's name, by which its runs are found."""
OUR_JOBS = (REGENERATE, COLLECT, "create_lecture", "edit_lecture", "plan_edit", IMPLICIT_ASSET_JOB_NAME)
"""The jobs whose old runs are deleted; the last is Dagster's, for assets that somebody materializes."""
_MICROS = 1_000_000
_DAY_S = 24 * 3600.0
_NAMED = 12
"""The most lectures that a message names."""


class Regeneration(Config):
    """How much of the lecture to regenerate, and within which limits; by default all of it."""

    only: list[str] = Field(
        default=[], description="Only these nodes and what they need, for example `asset:image:segment[0]:image[1]`."
    )
    segment: int | None = Field(default=None, ge=0, description="Only the nodes of this segment and what they need.")
    plan: str | None = Field(
        default=None, description="Refuse unless the plan is still this one (the `plan` of a run of `plan_edit`)."
    )
    max_cost_usd: float | None = Field(default=None, ge=0, description="Refuse if it could cost more than this, in dollars.")

    def scope(self) -> Scope:
        """The runner's equivalent."""
        ceiling = None if self.max_cost_usd is None else round(self.max_cost_usd * _MICROS)
        return Scope(tuple(self.only), self.segment, self.plan, ceiling)


@op(config_schema=plain_schema(Regeneration))
def regenerate(context: OpExecutionContext, lectures: LecturesResource) -> None:
    """Make the lecture's stale and missing nodes, and nothing else."""
    with failing_in_words():
        scope = read_config(Regeneration, context.op_config).scope()
    run_regeneration(context, lecture_of(context), scope, lectures.environ())


@op
def collect(context: OpExecutionContext, lectures: LecturesResource) -> None:
    """Remove media that nothing refers to any more, and runs, their files and superseded events of long ago.

    What somebody else deleted from Dagster's log is published again by the sensor.
    """
    with failing_in_words(), lectures.open() as opened:
        days = keep_runs_days(lectures.environ())
        report = garbage.collect_garbage(opened.context)
        lost = forget_lost(opened.context, context.instance)
    if isinstance(context.instance.run_launcher, ForkingRunLauncher):
        clean(context.instance.run_launcher.folder)
    context.log.info("removed %(removed)s files, %(removed_bytes)s bytes; kept %(kept)s", report)
    if lost:
        context.log.info(
            "events of %s lectures are gone from the log and are published again: %s", len(lost), ", ".join(lost[:_NAMED])
        )
    if days is not None:
        pruned = prune(context.instance, OUR_JOBS, CHECK_KEYS, time.time() - days * _DAY_S)
        context.log.info("older than %s days: deleted %s runs, %s superseded events", days, pruned.runs, pruned.events)


@job(executor_def=in_process_executor, resource_defs=RESOURCES, name=COLLECT)
def collect_garbage() -> None:
    """Collects garbage older than a day, and deletes old runs. Media of takes, paid calls and versions are kept."""
    collect()


@job(partitions_def=LECTURES, executor_def=in_process_executor, resource_defs=RESOURCES, name=REGENERATE)
def regenerate_lecture() -> None:
    """Regenerates one lecture: what edits made stale, edits during the run included, and what was never made."""
    regenerate()
