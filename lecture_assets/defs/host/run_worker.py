"""The run worker: the process that executes one run, from its fork to its end, and how others check that it is alive.

It is alive as long as the lock on its run's file is held: the kernel releases the lock however the process dies, and no process
id can be mistaken for another.
"""

import fcntl
import os
import socket
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from dagster import DagsterInstance, DagsterRunStatus, in_process_executor, job, op

from lecture_assets.defs.dagster_internals import (
    InstanceRef,
    ReconstructableJob,
    _execute_run_command_body,
    capture_interrupts,
    deserialize_value,
)
from lecture_assets.ports import boot_id
from lecture_assets.providers.vendors import vendors

_ENVIRONMENT = ("LECTURES_", "DAGSTER_", "AWS_", "PATH")
_LOCK_S = 1.0
"""How long a run worker waits for its own lock: a process that checks whether it is alive holds it for an instant."""
_DAY_S = 24 * 3600.0


def goes_with_a_run(variable: str) -> bool:
    """Whether a run takes this variable from the process that launched it (vendors' included) rather than from the server."""
    of_vendors = (f"{vendor.key.partition('_')[0]}_" for vendor in vendors().values())
    return variable.startswith((*_ENVIRONMENT, *of_vendors))


def lock_path(folder: Path, run_id: str) -> Path:
    """The file that a live worker keeps locked. It contains the worker's process id, its host and its `place`."""
    return folder / f"{run_id}.lock"


def log_path(folder: Path, run_id: str) -> Path:
    """The file with the run worker's standard output and error."""
    return folder / f"{run_id}.log"


def place() -> str:
    """The scope of a process id: the kernel's boot and the namespace of process ids, so that two containers differ.

    On a system without `/proc`, the host's name.
    """
    with suppress(OSError):
        return f"{boot_id()}/{Path('/proc/self/ns/pid').stat().st_ino}"
    return socket.gethostname()


def worker_of(folder: Path, run_id: str) -> tuple[int, str] | None:
    """The process id of a run's worker and ""; 0 and its host if signals cannot reach it from here; None if not recorded yet."""
    try:
        pid, host, *where = lock_path(folder, run_id).read_text().split()
    except (OSError, ValueError):
        return None
    return (int(pid), "") if where == [place()] else (0, host)


def is_live(folder: Path, run_id: str) -> bool:
    """Whether the run's worker is alive."""
    try:
        with lock_path(folder, run_id).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def live_runs(folder: Path) -> set[str]:
    """The ids of all runs whose workers are alive."""
    return {path.stem for path in folder.glob("*-*.lock") if is_live(folder, path.stem)}


def clean(folder: Path) -> None:
    """Remove the lock files of runs that ended more than a day ago, and their logs after a week."""
    now = time.time()
    for path in [*folder.glob("*-*.lock"), *folder.glob("*-*.log")]:
        kept_s = _DAY_S if path.suffix == ".lock" else 7 * _DAY_S
        with suppress(FileNotFoundError):
            if now - path.stat().st_mtime > kept_s and not is_live(folder, path.stem):
                path.unlink()


def take_environment(environment: Mapping[str, str]) -> None:
    """Replace the variables that go with a run by those of the process that launched it."""
    for name in [name for name in os.environ if goes_with_a_run(name)]:
        del os.environ[name]  # a key that was removed must not be used any more
    os.environ.update(environment)


def execute(folder: Path, run_id: str, instance_ref: str, report_started: Callable[[], None]) -> None:
    """Execute a run as `dagster api execute_run` does. SIGTERM interrupts it from the moment its start is reported."""
    with capture_interrupts():
        if not _hold_lock(lock_path(folder, run_id)):
            return  # not a failure: the run has another worker, and may succeed
        report_started()
        _execute(run_id, instance_ref)


def main() -> None:
    """Execute a run for a worker service, which watches this process. Arguments: the run's id, the instance."""
    run_id, instance_ref = sys.argv[1:]
    with capture_interrupts():
        _execute(run_id, instance_ref)


def _execute(run_id: str, instance_ref: str) -> None:
    with DagsterInstance.from_ref(deserialize_value(instance_ref, InstanceRef)) as instance:
        _execute_run_command_body(run_id, instance, lambda _: None, set_exit_code_on_failure=False)
        run = instance.get_run_by_id(run_id)
        if run is not None and run.status == DagsterRunStatus.CANCELING:
            instance.report_run_canceled(run)  # Dagster ignores a run that was canceled before it began


def _hold_lock(path: Path) -> bool:
    """Hold the lock for the life of this process; False if another worker of the same run is alive."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)  # children that exec do not inherit it
    os.register_at_fork(after_in_child=partial(os.close, lock))  # and children that only fork release it
    deadline = time.monotonic() + _LOCK_S
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
    os.ftruncate(lock, 0)
    os.write(lock, f"{os.getpid()} {socket.gethostname()} {place()}".encode())
    return True


def report_death(run_id: str, instance_ref: str, explanation: str) -> None:
    """Report a dead run worker to Dagster at once, whatever the run's status, as Dagster's own code server does."""
    with DagsterInstance.from_ref(deserialize_value(instance_ref, InstanceRef)) as instance:
        report_end(instance, run_id, explanation)


def report_end(instance: DagsterInstance, run_id: str, explanation: str) -> bool:
    """Report that a run without a worker has ended; False if Dagster knows that it has."""
    run = instance.get_run_by_id(run_id)
    if run is None or run.is_finished:
        return False
    if run.status == DagsterRunStatus.CANCELING:
        instance.report_run_canceled(run, explanation)
    else:
        instance.report_run_failed(run, explanation)
    return True


@op
def do_nothing() -> None:
    """The rehearsal's op."""


@job(executor_def=in_process_executor)
def rehearsal() -> None:
    """The job that a fork server runs once, on a temporary instance."""
    do_nothing()


def rehearse() -> None:
    """Execute a throwaway run, so that everything Dagster imports and compiles lazily is loaded before run workers are forked.

    With it the first op of a forked run starts 0.2 s after the fork, without it 0.57 s. In memory: making an instance's files
    would take three times as long as the run.
    """
    with DagsterInstance.ephemeral(settings={"telemetry": {"enabled": False}}) as instance:
        origin = ReconstructableJob.for_module(__name__, rehearsal.name).get_python_origin()
        run = instance.create_run_for_job(rehearsal, job_code_origin=origin)
        _execute_run_command_body(run.run_id, instance, lambda _: None, set_exit_code_on_failure=False)
