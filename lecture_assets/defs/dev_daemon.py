"""Dagster's daemon, for `lectures dev`, with threads that do the sensors' work as soon as there is some.

    the store changed ─────────────────► start the runs of lectures that wait
    the store or Dagster's log changed ► publish; free the slots of dead runs

Asking a SQLite file whether it has changed takes 50 µs; evaluating a sensor takes 40 ms, in two processes. So the sensors are
evaluated rarely (`sensor_pace.py`) and stay the safety net, and the switch: what a person has switched off is not done here.
"""

import argparse
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self, cast

from dagster import DagsterInstance

from lecture_assets.defs import reconciling
from lecture_assets.defs.dagster_internals import (
    DagsterDaemonController,
    SqlEventLogStorage,
    WorkspaceFileTarget,
    capture_interrupts,
    configure_loggers,
    create_daemons_from_instance,
    setup_interrupt_handlers,
)
from lecture_assets.defs.dispatching import Dispatcher, switched_on
from lecture_assets.defs.host.instance import open_instance
from lecture_assets.defs.host.launcher import ForkingRunLauncher
from lecture_assets.defs.host.worker_launcher import WorkerRunLauncher
from lecture_assets.defs.host.workspace import LecturesWorkspace
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.setup.context import Context
from lecture_assets.store.change_watch import ChangeWatch
from lecture_assets.store.notices import WORK
from lecture_assets.store.waiting import is_any_waiting, queue_mark

_LOOK_S, _AGAIN_S, _PUBLISH_S, _FREE_S = 0.5, 5.0, 10.0, 15.0
"""Between two looks at the store; between two tries to start what waits, to publish, to free slots, if there may be something."""
_SETTLING = 3
"""So many times it is looked what is to be published after a change: a wipe in Dagster is acted on by the second look."""
_LAUNCHERS = (ForkingRunLauncher, WorkerRunLauncher)
"""Those that launch runs without Dagster's workspace."""
_AWAY_S = 5.0
_LOG = logging.getLogger("dagster.daemon.lectures")


class _Controller(DagsterDaemonController):
    """Dagster's, which leaves noticing a new code server to the workspace: it would load the definitions anew every minute."""

    def check_workspace_freshness(self, last_workspace_update_time: float) -> float:
        return last_workspace_update_time


def main() -> None:
    """Run both until SIGTERM. The command line is that of `dagster-daemon`."""
    parser = argparse.ArgumentParser(description="Dagster's daemon, which also does the sensors' work at once.")
    parser.add_argument("--workspace", required=True, help="the workspace file with the code location")
    target = WorkspaceFileTarget(paths=[parser.parse_args().workspace])
    setup_interrupt_handlers()
    with (
        suppress(KeyboardInterrupt),
        capture_interrupts(),
        open_instance(os.environ) as instance,
        LecturesWorkspace(instance, target) as workspace,
    ):
        configure_loggers(formatter="colored", log_level="INFO")
        daemons = create_daemons_from_instance(instance)
        with ExitStack() as running, PromptWork(os.environ):
            for daemon in daemons:
                running.enter_context(daemon)
            running.enter_context(_Controller(workspace, daemons)).check_daemon_loop()


class PromptWork(AbstractContextManager["PromptWork"]):
    """Two threads, within a `with` block: one starts runs; the other publishes, which can take most of a minute."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Nothing is opened yet."""
        self._environ = environ
        self._ending = threading.Event()
        steps = {"start runs": (SensorWork.look, _LOOK_S), "publish": (SensorWork.publish, _PUBLISH_S)}
        self._threads = [threading.Thread(target=self._serve, args=step, name=name, daemon=True) for name, step in steps.items()]

    def __enter__(self) -> Self:
        """Start them."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        """End them; what is being published may be cut off, and is published by the next daemon."""
        self._ending.set()
        for thread in self._threads:
            thread.join(_AWAY_S)

    def _serve(self, step: "Step", seconds: float) -> None:
        said = ""
        while not self._ending.is_set():
            try:
                self._work(step, seconds)
            except Exception as error:  # noqa: BLE001 - the sensors do the work meanwhile
                if str(error) != said:
                    said = str(error)
                    _LOG.warning("sensors alone %s: %s", threading.current_thread().name, said)
                self._ending.wait(_AWAY_S)

    def _work(self, step: "Step", seconds: float) -> None:
        with open_instance(self._environ) as instance, Lectures.open(self._environ) as lectures:
            work, watch = SensorWork(instance, lectures.context, self._environ), ChangeWatch(lectures.context.database, WORK)
            try:
                while not self._ending.is_set():
                    step(work, watch.mark())
                    if seconds > _LOOK_S:
                        self._ending.wait(seconds)
                    else:
                        watch.wait(seconds)
            finally:
                watch.close()


@dataclass
class SensorWork:
    """What is done after a look at the store.

    Its mark is the same as long as nothing was committed, and None where that is not known.

    clock:      monotonic seconds
    dispatcher: starts runs; loaded with the first lecture that waits
    """

    instance: DagsterInstance
    context: Context
    environ: Mapping[str, str]
    clock: Callable[[], float] = time.monotonic
    dispatcher: Dispatcher | None = None
    _mark: int | None = None
    _marks: tuple[int | None, int | None] = (None, None)
    _is_waiting: bool = False
    _left: int = _SETTLING
    _next: dict[str, float] = field(default_factory=dict)

    def look(self, mark: int | None) -> None:
        """Start runs, and free slots, if there may be something to do."""
        is_changed = mark is None or mark != self._mark
        self._mark = mark
        if is_changed or (self._is_waiting and self._is_time("again", _AGAIN_S)):
            self._start()
        if self._is_waiting and self._is_time("free", _FREE_S) and self._is_on("free_slots"):
            reconciling.free_slots(self.instance, self.context)

    def _is_time(self, what: str, seconds: float) -> bool:
        """Whether it has not been done for so long; it is going to be, then."""
        is_time = self.clock() >= self._next.get(what, 0.0)
        if is_time:
            self._next[what] = self.clock() + seconds
        return is_time

    def _start(self) -> None:
        """Start the runs of lectures that wait, as the sensor does. What a dead worker left is queued once its lease is over."""
        with self.context.database.read() as connection:
            self._is_waiting = is_any_waiting(connection)
            mark = (self._is_waiting, *queue_mark(connection))
        if self._is_waiting and isinstance(self.instance.run_launcher, _LAUNCHERS):
            if self._is_time("fail", _AGAIN_S) and self._is_on("start_regenerations"):
                reconciling.fail_unlaunched(self.instance)
            self.dispatcher = self.dispatcher or Dispatcher(self.instance, self.context, self.environ)
            self.dispatcher.look(mark)

    def publish(self, mark: int | None) -> None:
        """Publish after a change of either side, until nothing changes any more."""
        marks = (mark, self._log_mark())
        self._left = _SETTLING if None in marks or marks != self._marks else self._left - 1
        self._marks = marks
        if self._left >= 0 and self._is_on("tell_lectures"):
            reconciling.publish_unpublished(self.instance, self.context)

    def _log_mark(self) -> int | None:
        """A number that is the same as long as no other connection wrote to Dagster's event log; None where that is not known."""
        with cast("SqlEventLogStorage", self.instance.event_log_storage).index_connection() as connection:
            if connection.dialect.name != "sqlite":
                return None
            return int(connection.exec_driver_sql("PRAGMA data_version").scalar_one())

    def _is_on(self, sensor: str) -> bool:
        return switched_on(self.instance, sensor) is not None


Step = Callable[[SensorWork, int | None], None]
"""What is done after each look, with the mark of the store."""
