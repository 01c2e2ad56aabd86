"""Jobs by which people change lectures: `create_lecture`, `plan_edit`, `edit_lecture`. None of them makes a node.

An edit makes partitions stale; the sensor `start_regenerations` starts the run that makes them, as after any other edit.
"""

from collections.abc import Iterator, Sequence

from dagster import Config, MetadataValue, OpExecutionContext, TableRecord, in_process_executor, job, op
from pydantic import Field

from lecture_assets.defs.brief_config import BriefConfig, brief_of_config
from lecture_assets.defs.keys import LECTURES
from lecture_assets.defs.lectures_resource import RESOURCES, LecturesResource
from lecture_assets.defs.plain_config import plain_schema, read_config
from lecture_assets.defs.regenerating import failing_in_words
from lecture_assets.defs.run_lecture import lecture_of
from lecture_assets.defs.sync.publisher import EventLogPublisher
from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.runner.reading.plan_document import PlanDocument, PlannedNodeDocument
from lecture_assets.runner.regenerate.scope import Scope
from lecture_assets.runner.setup.money import calls, count, usd
from lecture_assets.runner.setup.names import CatalogueNames

_EDITS = (
    "Edits as the command line takes them, applied in this order, all or none. For example "
    "`set image_style=ink drawing`, `set voice=teacher`, `text content:narration-text:segment[2]=New words.`, "
    "`reroll asset:image:segment[0]:image[1]`, `model asset:music=replicate:meta/musicgen`, `take asset:music=1`, "
    "`unpin content:video-title`, `segments add:2`, `segments remove:2`, `segments move:2:0`. "
    "`@FILE` is refused: it would read the server's disk. Write the text itself; `lectures edit` on the server stores media."
)
_USD = 1_000_000


class LectureEdits(Config):
    """What to change."""

    edits: list[str] = Field(default=[], description=_EDITS)
    if_version: int | None = Field(
        default=None, ge=1, description="Refuse unless the lecture is still at this version, for example `3`."
    )


class PlannedEdits(Config):
    """What would be changed, and how much of the lecture would then be made."""

    edits: list[str] = Field(default=[], description=f"{_EDITS} Without any: what the next run makes.")
    only: list[str] = Field(
        default=[], description="Only these nodes and what they need, for example `asset:image:segment[0]:image[1]`."
    )
    segment: int | None = Field(default=None, ge=0, description="Only the nodes of this segment and what they need.")


class NewLecture(Config):
    """A lecture to be created."""

    id: str = Field(
        default="", description="Required. The lecture's id, and its partition: a-z, 0-9 and -, for example `water-cycle`."
    )
    brief: BriefConfig = Field(  # type: ignore[valid-type]
        description="The keys of a brief, for example `{prompt: Explain photosynthesis to 12-year-olds, duration: 90}`."
    )


@op(config_schema=plain_schema(LectureEdits))
def edit(context: OpExecutionContext, lectures: LecturesResource) -> None:
    """Append a revision to the lecture, once per run and its re-executions."""
    with failing_in_words():
        config = read_config(LectureEdits, context.op_config)
    lecture = lecture_of(context)
    with failing_in_words(), lectures.open() as opened:
        _require_edits(config.edits)
        document = opened.edit(lecture, config.edits, config.if_version, _client_key(context))
    _warn(context, document["warnings"])
    stale = document["stale"]
    then = f"stale nodes, which a run of regenerate_lecture makes: {len(stale)}" if stale else "nothing is stale"
    context.log.info("%s is at version %d; %s", lecture, document["version"], then)
    context.add_output_metadata(
        {
            "version": document["version"],
            "edits": MetadataValue.json(document["edits"]),
            "stale": MetadataValue.json(stale),
            "conflicts": MetadataValue.json(document["conflicts"]),
            "warnings": MetadataValue.json(document["warnings"]),
        }
    )


@op(config_schema=plain_schema(PlannedEdits))
def plan(context: OpExecutionContext, lectures: LecturesResource) -> None:
    """Log what would be made after these edits, and for how much. Changes and buys nothing."""
    with failing_in_words():
        config = read_config(PlannedEdits, context.op_config)
    lecture = lecture_of(context)
    with failing_in_words(), lectures.open() as opened:
        document = opened.plan(lecture, config.edits, Scope(only=tuple(config.only), segment=config.segment))
    _warn(context, document["warnings"])
    context.log.info("\n".join(_lines(document)))
    low, high = (document["estimate_usd_micros"][end] / _USD for end in ("low", "high"))
    context.add_output_metadata(
        {
            "cost_usd_at_most": high,
            "cost_usd_at_least": low,
            "calls": MetadataValue.json(document["calls"]),
            "seconds": document["estimate_seconds"],
            "nodes": MetadataValue.table([TableRecord(_row(node)) for node in document["nodes"]] or [_NOTHING]),
            "plan": MetadataValue.text(document["token"]),
            "affected_segments": MetadataValue.json(document["affected_segments"]),
            "warnings": MetadataValue.json(document["warnings"]),
        }
    )


@op(config_schema=plain_schema(NewLecture))
def create(context: OpExecutionContext, lectures: LecturesResource) -> None:
    """Create a lecture; once, however often it is executed. Its partition exists when this ends."""
    with failing_in_words():
        config = read_config(NewLecture, context.op_config)
    with failing_in_words(), lectures.open() as opened:
        brief = brief_of_config(config.brief, CatalogueNames(opened.context.catalogue))
        created = opened.create(brief, config.id)
        EventLogPublisher(opened.context, context.instance, created.key).publish_all()
    _warn(context, created.warnings)
    how = "was created" if created.new else f"already exists, from the same brief, at version {created.version}"
    context.log.info("%s %s. The job plan_edit shows its price, regenerate_lecture makes it", config.id, how)
    context.add_output_metadata({"lecture": created.key, "version": created.version, "created": created.new})


@job(partitions_def=LECTURES, executor_def=in_process_executor, resource_defs=RESOURCES)
def edit_lecture() -> None:
    """Changes one lecture. What becomes stale is made by a run that a sensor starts, within seconds; `plan_edit` shows its price.

    Re-executing the run changes nothing: it is the same edit.
    """
    edit()


@job(partitions_def=LECTURES, executor_def=in_process_executor, resource_defs=RESOURCES)
def plan_edit() -> None:
    """Shows what edits of one lecture would make and cost, in the run's log and as metadata. Changes and buys nothing."""
    plan()


@job(executor_def=in_process_executor, resource_defs=RESOURCES)
def create_lecture() -> None:
    """Creates a lecture from the keys of a brief, without making it: `regenerate_lecture` does."""
    create()


def _client_key(context: OpExecutionContext) -> str:
    """The same for a run and all of its re-executions."""
    return f"dagster/{context.run.root_run_id or context.run_id}"


def _require_edits(edits: Sequence[str]) -> None:
    if not edits:
        raise WrongInputError([Fault("edits", "none", "at least one, for example 'set voice=teacher'")])


def _warn(context: OpExecutionContext, warnings: Sequence[str]) -> None:
    for warning in warnings:
        context.log.warning(warning)


def _lines(document: PlanDocument) -> Iterator[str]:
    """What a plan makes and costs, in words, and a line per node."""
    nodes, price = document["nodes"], document["estimate_usd_micros"]
    where = f"{document['lecture']} at version {document['version']}"
    if not nodes:
        yield f"{where}: nothing to make"
        return
    yield f"{where}: {count(len(nodes), 'node')}, {calls(document['calls'])}, {usd(price['low'])} to {usd(price['high'])}"
    for node in nodes:
        yield " · ".join(f"{value}" for value in _row(node).values() if value)


def _row(node: PlannedNodeDocument) -> dict[str, str]:
    """A node of a plan as people read it."""
    calls = node["calls"]
    how = "an earlier take" if node["restored"] else ", ".join(call["model"] for call in calls)
    return {
        "node": node["id"],
        "because": "; ".join(reason["text"] for reason in node["reasons"]),
        "made_by": how,
        "at_most": usd(sum(call["estimate_usd_micros"] for call in calls)) if calls else "",
    }


_NOTHING = TableRecord({"node": "", "because": "nothing to make", "made_by": "", "at_most": ""})
"""The row of a plan without nodes: Dagster derives a table's columns from its first row."""
