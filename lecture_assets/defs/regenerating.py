"""The one path from Dagster to the runner: a job's run regenerates a lecture, an asset partition's run one node.

run ─► this ─► runner.Lectures.regenerate ─► events ─► sync/run_publisher.py ─► Dagster's event log
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from types import FrameType

from dagster import AssetExecutionContext, DagsterInstance, DagsterRunStatus, Failure, MetadataValue, OpExecutionContext

from lecture_assets.defs.check_evaluations import evaluate_after_run
from lecture_assets.defs.dagster_internals import DagsterExecutionInterruptedError
from lecture_assets.defs.pools import PoolSlots
from lecture_assets.defs.run_lecture import require_lecture
from lecture_assets.defs.run_log import WORKSPACE, end_sentence, keys_of, plan_sentence, spending
from lecture_assets.defs.selection import backfill_nodes, own_nodes
from lecture_assets.defs.sync.events import Origin
from lecture_assets.defs.sync.publisher import EventLogPublisher
from lecture_assets.defs.sync.run_publisher import RunEventPublisher
from lecture_assets.graph.errors import BusyError, LectureError
from lecture_assets.graph.lecture import FILM
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.reading.lecture_checks import TIMELINE
from lecture_assets.runner.regenerate.report import ReportDocument
from lecture_assets.runner.regenerate.scope import EVERYTHING, Scope
from lecture_assets.runner.setup.events import BROKEN, Ending, Event, GivenUp, NodeFinished, Outcome, Started, Watch
from lecture_assets.runner.setup.money import count

_POLL_S = 0.5
"""Between two tries while another run is working on the lecture."""
_NAMED = 12
"""The most broken nodes named in a run's error; each of them has an event of its own."""


def regenerate_lecture(context: OpExecutionContext, lecture: str, scope: Scope, environ: Mapping[str, str]) -> None:
    """Regenerate the lecture, or a part of it. Failure if nodes could not be made.

    A run that is not told how much to make makes what the queued request is for. If another run is already working on the
    lecture, a run for all of it ends: the other one also makes what was edited since.
    """
    is_whole = not scope.only and scope.segment is None and scope.token is None
    if scope == EVERYTHING:
        scope = replace(scope, as_queued=True)
    try:
        report = _Run.of(context, lecture, environ).regenerate(scope, waits=not is_whole)
    except BusyError as error:
        context.log.info("%s; nothing left to do for this run", error)
        return
    _conclude(context, [report])


def make_nodes(context: AssetExecutionContext) -> None:
    """Make the nodes that the run is asked for, and what they need: all in its first step, so that no step waits for another.

    One lecture after the other; Failure at the end if nodes of any could not be made.
    """
    own = own_nodes(context)
    asked = {found.lecture: dict[str, None]() for found in own}
    for found in (*own, *backfill_nodes(context, asked)):
        asked[found.lecture][found.node] = None
    reports, refusals = list[ReportDocument](), list[str]()
    for lecture, nodes in asked.items():
        run = _Run.of(context.op_execution_context, lecture)
        try:
            report = run.make(tuple(nodes), [found.node for found in own if found.lecture == lecture])
        except Failure as refused:
            refusals.append(str(refused.description))
        else:
            reports += [report] if report else []
    _conclude(context.op_execution_context, reports, refusals)


@contextmanager
def failing_in_words() -> Iterator[None]:
    """Turn a refusal or an unusable store into a Failure with the sentence that the command line prints."""
    try:
        yield
    except BusyError:
        raise
    except LectureError as error:
        raise Failure(str(error), allow_retries=False) from error


@dataclass(frozen=True, slots=True)
class _Run:
    """A Dagster run that regenerates a lecture."""

    instance: DagsterInstance
    origin: Origin
    lecture: str
    log: Callable[[str], None]
    environ: Mapping[str, str]

    @classmethod
    def of(cls, context: OpExecutionContext, lecture: str, environ: Mapping[str, str] = os.environ) -> "_Run":
        """The run of this op."""
        step = context.get_step_execution_context().step.key
        return cls(context.instance, Origin(context.run_id, context.job_name, step), lecture, context.log.info, environ)

    def regenerate(self, scope: Scope, *, waits: bool) -> ReportDocument:
        """Regenerate and return the report. waits: wait for another run of the lecture instead of raising BusyError."""
        with self._publishing() as (lectures, watch):
            return self._patiently(lectures, scope, watch) if waits else lectures.regenerate(self.lecture, scope, watch)

    def make(self, asked: Collection[str], own: Collection[str]) -> ReportDocument | None:
        """Make the nodes asked for that the lecture has; None if it has none of them.

        own: those of the run's own partitions, each of which gets an event, whether it needed to be made or not
        """
        with self._publishing(asked, own) as (lectures, watch):
            there = {node["id"] for node in lectures.graph(self.lecture)["nodes"]}
            if absent := [node for node in own if node not in there]:
                self.log(f"{self.lecture} does not have {len(absent)} of the nodes asked for, such as {absent[0]}")
            nodes = tuple(node for node in asked if node in there)
            return self._patiently(lectures, Scope(only=nodes), watch) if nodes else None

    @contextmanager
    def _publishing(self, asked: Collection[str] = (), own: Collection[str] = ()) -> Iterator[tuple[Lectures, Watch]]:
        """Lectures whose calls hold this run's pool slots, and the watch that publishes what happens to Dagster."""
        with failing_in_words(), Lectures.open(self.environ) as opened:
            require_lecture(opened, self.lecture)
            slots = partial(PoolSlots, opened.context.database, self.instance, self.origin.run_id)
            lectures = Lectures(replace(opened.context.of_all(), worker=self.origin.run_id, open_slots=slots))
            publisher = EventLogPublisher(lectures.context, self.instance, self.lecture, self.origin)
            outcomes = dict.fromkeys(own, Outcome.KEPT)
            try:
                with _interruptible(), RunEventPublisher(publisher, set(asked), own) as run_publisher:
                    yield lectures, self._logging(lectures, run_publisher.watch, outcomes)
                if any(outcomes.get(node, Outcome.FAILED) not in BROKEN for node in (TIMELINE, FILM)):
                    evaluate_after_run(opened.context, self.instance, self.lecture, self.origin, outcomes)
                self.instance.add_run_tags(self.origin.run_id, {WORKSPACE: opened.context.workspace})
            except KeyboardInterrupt:
                self._cancel_if_wanted(lectures)
                raise DagsterExecutionInterruptedError from None

    def _logging(self, lectures: Lectures, watch: Watch, outcomes: MutableMapping[str, Outcome]) -> Watch:
        """A watch that also logs why the run runs, what is planned, at which price, and how it ends; and notes outcomes."""

        def watch_and_log(event: Event) -> None:
            if isinstance(event, Ending | GivenUp):
                self.log(str(event))
            elif isinstance(event, Started):
                revisions = lectures.history(self.lecture, after=event.since)
                self.log(plan_sentence(self.lecture, event, revisions, keys_of(self.environ)))
            elif isinstance(event, NodeFinished):
                outcomes[event.node] = event.outcome
            watch(event)

        return watch_and_log

    def _patiently(self, lectures: Lectures, scope: Scope, watch: Watch) -> ReportDocument:
        while True:
            try:
                return lectures.regenerate(self.lecture, scope, watch)
            except BusyError:
                time.sleep(_POLL_S)

    def _cancel_if_wanted(self, lectures: Lectures) -> None:
        """Cancel the lecture's request and calls if a person canceled the run; after a shutdown, both continue later."""
        run = self.instance.get_run_by_id(self.origin.run_id)
        if run is not None and run.status in {DagsterRunStatus.CANCELING, DagsterRunStatus.CANCELED}:
            lectures.cancel(self.lecture)


@contextmanager
def _interruptible() -> Iterator[None]:
    """End the block on SIGTERM or SIGINT as Ctrl-C ends a command: calls complete, the lease is released, KeyboardInterrupt.

    A second signal abandons the calls in flight.

    Dagster's own handlers raise wherever the program happens to be, even within an event-loop task that nothing awaits.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _as_ctrl_c)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _as_ctrl_c(number: int, frame: FrameType | None) -> None:
    ctrl_c = signal.getsignal(signal.SIGINT)
    if callable(ctrl_c):  # asyncio's, which cancels what is in progress, or Python's own
        ctrl_c(number, frame)


def _conclude(context: OpExecutionContext, reports: Sequence[ReportDocument], refusals: Sequence[str] = ()) -> None:
    """Log what was done and spent; Failure with the refusals, and every broken node and its chain, if there are any."""
    for report in reports:
        context.log.info("%s", end_sentence(report), extra={"report": report})
    context.instance.add_run_tags(context.run_id, spending(reports))
    broken = [report for report in reports if report["failed"] or report["blocked"]]
    if broken or refusals:
        message = "\n".join([*refusals, *(_failure(report) for report in broken)])
        raise Failure(message, {"report": MetadataValue.json(broken[0] if len(broken) == 1 else broken)}, allow_retries=False)


def _failure(report: ReportDocument) -> str:
    """What could not be made of a lecture, and why."""
    failed, blocked = report["failed"], report["blocked"]
    sentences = [f"- {broken['message']}" for broken in [*failed, *report["stopped"]][:_NAMED]]
    if blocked:
        named = f"{', '.join(blocked[:_NAMED])}{' …' if len(blocked) > _NAMED else ''}"
        sentences.append(f"- {count(len(blocked), 'node')} blocked by that: {named}")
    return "\n".join([f"{count(len(failed), 'node')} could not be made; all others were made and are kept", *sentences])
