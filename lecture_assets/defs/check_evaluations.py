"""The asset checks of a lecture, evaluated: the runner's rules, and whether Dagster agrees. `asset_checks.py` declares them.

At the end of a run that published a timeline or a film, the run stores the evaluations itself: Dagster skips checks of assets
whose step yields no materialization, as ours do.
"""

import inspect
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial

from dagster import AssetCheckEvaluation, AssetCheckKey, AssetCheckSeverity, AssetRecordsFilter, DagsterInstance, EventLogEntry

from lecture_assets.defs.dagster_check import disagreements
from lecture_assets.defs.dagster_internals import (
    AssetCheckEvaluationTargetMaterializationData,
    DagsterEventType,
    PartitionKeyFilter,
)
from lecture_assets.defs.keys import asset_key
from lecture_assets.defs.sync.events import Origin, event_entry
from lecture_assets.defs.sync.publisher import instance_id
from lecture_assets.graph.errors import LectureError
from lecture_assets.graph.lecture import KINDS
from lecture_assets.runner.reading.film_notes import BREAKING
from lecture_assets.runner.reading.lecture_checks import RULES, TIMELINE, CheckFinding, Rule, read_checked
from lecture_assets.runner.reading.snapshot import read_snapshot
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import published
from lecture_assets.timeline import film_checks, film_file_checks

_LOG = logging.getLogger(__name__)
CHECKED = asset_key(KINDS[TIMELINE])
"""The asset that the checks are of."""
_NAMED = 12
"""The most faults in a description."""
_LOOKED_AT = 10
"""Executions of a check in which its last result is looked for: some are planned, or were skipped."""


def _dagster_agrees(context: Context, instance: DagsterInstance, lecture: str, made: Collection[str] | None) -> CheckFinding:
    """Dagster shows the status and the version of each node, input and setting as the store has them."""
    with context.database.read() as connection:
        nodes = {node.id for node in read_snapshot(context, connection, lecture).shown}
        stamp = published.load(connection, lecture, instance_id(instance)).stamp
        is_published = stamp == published.stamp_of(connection, lecture)
    if made is not None and _failed_before(instance, lecture):
        made = None
    found = list(disagreements(context, instance, lecture, made))
    figures = {
        "nodes": len(nodes),
        "compared_nodes": len(nodes if made is None else nodes & {*made}),
        "disagreements": len(found),
    }
    if found and not is_published:
        later = f"{lecture} was edited or worked on since it was last published to Dagster: execute the check again in 10 seconds"
        return CheckFinding((later,), figures)
    repair = "`lectures doctor --repair` publishes it again"
    return CheckFinding(
        tuple(f"{one.node}: Dagster says {one.dagster}, the store {one.core}: {repair}" for one in found), figures
    )


def _failed_before(instance: DagsterInstance, lecture: str) -> bool:
    """Whether Dagster did not agree when it was last asked: only a comparison of all nodes takes that back."""
    key, partition = AssetCheckKey(CHECKED, _AGREES), PartitionKeyFilter(key=lecture)
    records = instance.event_log_storage.get_asset_check_execution_history(key, _LOOKED_AT, partition_filter=partition)
    results = (record.evaluation.passed for record in records if isinstance(record.evaluation, AssetCheckEvaluation))
    return not next(results, True)


_AGREES = "dagster_agrees"
_MINOR = {"pictures_fit", *film_checks.RULES, *film_file_checks.RULES} - BREAKING
"""Checks whose failure is a warning: the film can be shown. A picture that does not fit is shown whole, for one."""
CHECKS: Mapping[str, str] = {name: inspect.getdoc(rule) or "" for name, rule in {**RULES, _AGREES: _dagster_agrees}.items()}
"""The names of the checks, each with what is true if it passes."""
CHECK_KEYS = [AssetCheckKey(CHECKED, name) for name in CHECKS]


def evaluations(
    context: Context,
    instance: DagsterInstance,
    lecture: str,
    names: Collection[str] = tuple(CHECKS),
    made: Collection[str] | None = None,
) -> Iterator[AssetCheckEvaluation]:
    """Evaluate checks of a lecture. One that cannot be evaluated fails with a sentence that says why.

    made: what a run made, to which the comparison with Dagster is then limited, unless that failed before: it takes 13 ms a node,
          and 0.2 s for the timeline. By default all nodes are compared
    """
    rules = _rules(context, instance, lecture, made)
    target = _newest_materialization(instance, lecture)
    for name in names:
        finding = _finding(lecture, rules[name])
        yield AssetCheckEvaluation(
            asset_key=CHECKED,
            check_name=name,
            passed=not finding.faults,
            metadata=finding.figures,
            target_materialization_data=target,
            severity=AssetCheckSeverity.WARN if name in _MINOR else AssetCheckSeverity.ERROR,
            description=_description(finding.faults),
            blocking=False,
            partition=lecture,
        )


def _rules(
    context: Context, instance: DagsterInstance, lecture: str, made: Collection[str] | None
) -> Mapping[str, Callable[[], CheckFinding]]:
    """The rules for one lecture, which is read once for all of them, when the first asks."""
    read = cache(partial(read_checked, context, lecture))

    def of_runner(rule: Rule) -> Callable[[], CheckFinding]:
        return lambda: rule(read())

    agrees = partial(_dagster_agrees, context, instance, lecture, made)
    return {**{name: of_runner(rule) for name, rule in RULES.items()}, _AGREES: agrees}


def _finding(lecture: str, rule: Callable[[], CheckFinding]) -> CheckFinding:
    try:
        return rule()
    except LectureError as error:
        return CheckFinding((f"{lecture} cannot be checked: {error}",))
    except Exception as error:  # noqa: BLE001 - whatever is damaged: the lecture was made, and a check stops no run
        _LOG.warning("a check of %s could not be evaluated", lecture, exc_info=True)
        return CheckFinding(
            (f"{lecture} cannot be checked ({type(error).__name__}: {error}): `lectures doctor` says what is damaged",)
        )


def _description(faults: Sequence[str]) -> str | None:
    more = [f"… and {len(faults) - _NAMED} more"] if len(faults) > _NAMED else []
    return "\n\n".join([*faults[:_NAMED], *more]) or None


def _newest_materialization(instance: DagsterInstance, lecture: str) -> AssetCheckEvaluationTargetMaterializationData | None:
    """The event that Dagster shows the results with."""
    records = instance.fetch_materializations(AssetRecordsFilter(CHECKED, asset_partitions=[lecture]), limit=1).records
    if not records:
        return None
    newest = records[0]
    run_id = newest.event_log_entry.run_id
    return AssetCheckEvaluationTargetMaterializationData(storage_id=newest.storage_id, run_id=run_id, timestamp=newest.timestamp)


def evaluate_after_run(context: Context, instance: DagsterInstance, lecture: str, origin: Origin, made: Collection[str]) -> None:
    """Evaluate all checks of a lecture and store the results as those of a run. Never fails: the lecture has been made."""
    try:
        store(context, instance, lecture, origin, evaluations(context, instance, lecture, made=made))
    except Exception:  # noqa: BLE001 - see above
        _LOG.exception("the checks of %s could not be evaluated; they can be executed in Dagster", lecture)


def store(
    context: Context, instance: DagsterInstance, lecture: str, origin: Origin, found: Iterable[AssetCheckEvaluation]
) -> None:
    """Store evaluations as those of a run, up to the one during which the lecture was edited.

    The run of the edit evaluates all checks again.
    """
    entries, before = list[EventLogEntry](), _stamp(context, lecture)
    for evaluation in found:
        if _stamp(context, lecture) != before:
            break
        entries.append(_entry(origin, evaluation))
    instance.event_log_storage.store_event_batch(entries)


def _stamp(context: Context, lecture: str) -> str:
    with context.database.read() as connection:
        return published.stamp_of(connection, lecture)


def _entry(origin: Origin, evaluation: AssetCheckEvaluation) -> EventLogEntry:
    """An evaluation as an event of a run, with the sentences that its log shows."""
    said = f": {evaluation.description}" if evaluation.description else ""
    message = f"{evaluation.check_name}: {evaluation.partition} {'passed' if evaluation.passed else 'failed'}{said}"
    level = logging.INFO if evaluation.passed else logging.WARNING
    return event_entry(origin, DagsterEventType.ASSET_CHECK_EVALUATION, evaluation, message, level)
