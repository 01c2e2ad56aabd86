"""The worker service, `lectures worker`: executes the runs that launchers of any machine offer, each in a forked process.

    edit ──► store ──notice──► the service that dispatches ── run, row ──► any service with a free place ── fork ──► run

Any number of services on any machines share the runs of one Dagster instance through the store's database
(`store/launched_runs.py`, `store/worker_services.py`); they open no port, and need nothing of each other's machine. One that dies
loses its lease, and another reports its runs, whose lectures are queued again. Twice at once no lecture is made in any case: that
is decided by the lecture's own lease.
"""

import hashlib
import os
import signal
import socket
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from dagster import DagsterError, DagsterInstance
from dagster import __version__ as dagster_version
from dagster_postgres import PostgresEventLogStorage
from sqlalchemy.exc import SQLAlchemyError

import lecture_assets
from lecture_assets.defs.dispatching import Dispatcher
from lecture_assets.defs.host.dev_home import forking
from lecture_assets.defs.host.instance import dagster_home
from lecture_assets.defs.host.run_worker import report_end
from lecture_assets.defs.host.service_lease import ServiceLease
from lecture_assets.defs.host.worker_runs import WorkerRuns
from lecture_assets.defs.sync.publisher import instance_id
from lecture_assets.graph.errors import LectureError
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import launched_runs
from lecture_assets.store.notices import Listener
from lecture_assets.store.waiting import queue_mark
from lecture_assets.store.worker_services import ServiceRole, WorkerServiceEntry

_LOOK_S = 0.25
"""How long a launched run may go unnoticed if no notice of it arrives."""
_INTERRUPTED_S = 30.0
"""How long interrupted runs may take to end: their calls in flight complete, which a vendor may take longer to answer."""
_REPORTED_S = 10.0
"""How long killed runs may take to be reported."""
_AWAY_S = 1.0
"""The pause after the database could not be reached."""
_ALONE = "workers elsewhere share none of its runs (name a PostgreSQL database under `storage` in its dagster.yaml)"
_DIED = "The worker service that had the run died, or could not start it."

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """How a worker service is run.

    places:    the most runs at once
    drain_s:   how long runs may continue after the first SIGTERM
    heartbeat: a file that is touched whenever the lease is renewed, for a liveness probe
    """

    places: int
    drain_s: float
    heartbeat: Path | None = None


def work(environ: Mapping[str, str], options: WorkerOptions, say: Say) -> None:
    """Execute runs until SIGTERM or Ctrl-C and the end of the runs. WrongInputError if the instance cannot be opened."""
    with (
        tempfile.TemporaryDirectory(prefix="lectures-worker-") as folder,
        forking(environ, Path(folder)) as (server, instance),
        Lectures.open(environ) as lectures,
    ):
        if lectures.context.database.is_server and not isinstance(instance.event_log_storage, PostgresEventLogStorage):
            say(f"warning: Dagster's own storage is on this machine alone, in {dagster_home(environ)}: {_ALONE}")
        name = f"{socket.gethostname()}/{os.getpid()}/{uuid.uuid4().hex[:8]}"
        entry = WorkerServiceEntry(name, instance_id(instance), code_identity(), options.places)
        runs = WorkerRuns(instance, server, Path(folder), say)
        dispatcher = Dispatcher(instance, lectures.context, environ)
        with _counted_signals() as signals:
            _WorkerService(
                instance, lectures.context, ServiceLease(lectures.context, entry), options, runs, dispatcher, signals, say
            ).run()


def code_identity() -> str:
    """A digest of the package's files and Dagster's version: services with the same code have the same."""
    root = Path(lecture_assets.__file__).parent
    digest = hashlib.sha256(dagster_version.encode())
    for path in sorted(path for path in root.rglob("*") if path.is_file() and path.suffix != ".pyc"):
        digest.update(f"\0{path.relative_to(root)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _counted_signals() -> Iterator[list[int]]:
    """Collect SIGTERM and SIGINT instead of ending."""
    received = list[int]()

    def note(number: int, _frame: FrameType | None) -> None:
        received.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass
class _WorkerService:
    """One service, from its registration to its end. One thread: a service that hangs loses its lease.

    signals: the signals received: one drains, two interrupt
    """

    instance: DagsterInstance
    context: Context
    lease: ServiceLease
    options: WorkerOptions
    runs: WorkerRuns
    dispatcher: Dispatcher
    signals: list[int]
    say: Say
    draining_since: float | None = None
    trouble: str = ""
    listener: Listener = field(init=False)

    def __post_init__(self) -> None:
        """Nothing is connected yet."""
        self.listener = Listener(self.context.database)

    def run(self) -> None:
        """Work until drained. Runs that are still alive then are killed, which Dagster is told."""
        try:
            while not self._is_over():
                self.listener.wait(_LOOK_S, self.runs.unended())
                if self.draining_since is not None:
                    self._drain(time.monotonic() - self.draining_since)
                self._try(self._turn)
        finally:
            self.runs.kill()
            self._try(self._leave)
            self.listener.close()

    def _is_over(self) -> bool:
        """Whether it was drained, or its time is over and the database away, so that the end of its runs cannot be reported."""
        if self.draining_since is None:
            return False
        longest_s = self.options.drain_s + _INTERRUPTED_S + _REPORTED_S
        return not self.runs.living or time.monotonic() - self.draining_since > longest_s

    def _try(self, step: Callable[[], None]) -> None:
        """Do it; if a database cannot be reached, say so once and pause."""
        try:
            step()
        except (LectureError, SQLAlchemyError, DagsterError, OSError) as error:
            found = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
            if found != self.trouble:
                self.say(f"not working: {found}")
            self.trouble = found
            time.sleep(_AWAY_S)
        else:
            if self.trouble:
                self.say("working again")
            self.trouble = ""

    def _turn(self) -> None:
        if self.signals and self.draining_since is None:
            self._begin_to_drain()
        if self.lease.is_due():
            self._beat()
        self.runs.collect()
        with self.context.database.read() as connection:  # the only one while nothing happens
            mine = launched_runs.of_service(connection, self.lease.entry.service)
            is_any_unclaimed = launched_runs.is_any_unclaimed(connection, self.lease.entry.instance)
            mark = queue_mark(connection)
        self._settle(mine)
        if self.draining_since is not None:
            return
        dispatched = self.dispatcher.look(mark) if self.lease.role.dispatches else []
        if self.lease.role.takes_runs and (is_any_unclaimed or dispatched):
            self._take()

    def _beat(self) -> None:
        """Renew the lease. If it was lost, end the runs, which have been reported as dead."""
        before = self.lease.role
        if not self.lease.renew():
            self.say("this service had been declared dead; its runs end")
            self.runs.interrupt(list(self.runs.living))
        self._tell(before, self.lease.role)
        self.runs.server.hold()
        if self.options.heartbeat:
            self.options.heartbeat.touch()

    def _tell(self, before: ServiceRole, now: ServiceRole) -> None:
        if now.takes_runs and not before.takes_runs:
            self.say(f"taking runs, at most {self.options.places} at once")
        elif before.takes_runs and not now.takes_runs and self.draining_since is None:
            self.say("taking no runs: newer code is being deployed, or the database's tables are of another release")

    def _settle(self, mine: Mapping[str, bool]) -> None:
        """Report and forget the runs of ours that have no process, and end those that somebody wants terminated."""
        for run_id in mine.keys() - self.runs.living.keys():
            report_end(self.instance, run_id, _DIED)
            with self.context.database.write() as connection:
                launched_runs.end(connection, run_id, self.lease.entry.service)
        self.runs.interrupt([run_id for run_id, is_ending in mine.items() if is_ending])

    def _take(self) -> None:
        """Claim runs one by one, so that services which look at the same time share them."""
        while len(self.runs.living) < self.options.places:
            with self.context.database.write() as connection:
                run_id = launched_runs.claim(connection, self.lease.entry.instance, self.lease.entry.service)
            if run_id is None:
                return
            self.runs.start(run_id)

    def _begin_to_drain(self) -> None:
        if self.runs.living:
            self.say(f"ending once {len(self.runs.living)} runs have ended, in at most {self.options.drain_s:.0f} s")
        self.draining_since = time.monotonic()
        self.lease.drain()

    def _drain(self, seconds: float) -> None:
        """Interrupt runs at a second signal or when the time is over, and kill them if that takes too long."""
        if len(self.signals) > 1:
            self.options = WorkerOptions(self.options.places, min(self.options.drain_s, seconds), self.options.heartbeat)
        if seconds >= self.options.drain_s:
            self.runs.interrupt(list(self.runs.living))
        if seconds >= self.options.drain_s + _INTERRUPTED_S:
            self.runs.kill()

    def _leave(self) -> None:
        """Tell Dagster and the store the end of the last runs, and that this service is gone."""
        deadline = time.monotonic() + _AWAY_S
        while self.runs.living and time.monotonic() < deadline:
            self.runs.collect()
            time.sleep(_AWAY_S / 100)
        with self.context.database.read() as connection:
            mine = launched_runs.of_service(connection, self.lease.entry.service)
        self._settle(mine)
        self.lease.leave()
