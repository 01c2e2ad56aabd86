"""Jobs for the tests of the run launcher; their runs' tags name the files that they write and wait for."""

import os
import subprocess
import sys
import time
from pathlib import Path

from dagster import Definitions, OpExecutionContext, in_process_executor, job, op

from lecture_assets.defs.host.fork_server import start_by_fork
from lecture_assets.defs.host.fork_server_client import ForkServerClient

_PATIENCE_S = 60


def wait_for(path: Path) -> None:
    """Wait until the file exists, a minute at most."""
    deadline = time.monotonic() + _PATIENCE_S
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.02)


def serve(folder: Path) -> None:
    """Start a server of these jobs in the folder, forked from this process."""
    ForkServerClient(folder, lambda: [__name__]).replace(start_by_fork)


@op
def write_down(context: OpExecutionContext) -> None:
    """Write the process id, its parent's and an environment variable to the file of the tag `seen`."""
    seen = Path(context.run.tags["seen"])
    seen.with_suffix(".new").write_text(f"{os.getpid()} {os.getppid()} {os.environ.get('LECTURES_TESTED')}")
    seen.with_suffix(".new").rename(seen)


@op
def wait(context: OpExecutionContext) -> None:
    """Run until the file of the tag `until` exists; creates the file of the tag `seen` first."""
    Path(context.run.tags["seen"]).touch()
    wait_for(Path(context.run.tags["until"]))


@op
def have_children(context: OpExecutionContext) -> None:
    """Wait like `wait`, with one forked and one executed child, which wait for the same file."""
    until = context.run.tags["until"]
    if os.fork() == 0:
        wait_for(Path(until))
        os._exit(0)
    subprocess.Popen([sys.executable, "-c", f"from {__name__} import *; wait_for(Path({until!r}))"])
    Path(context.run.tags["seen"]).touch()
    wait_for(Path(until))


@op
def speak_and_fail() -> None:
    """Print a line to the worker's log, then fail."""
    print("the op was here", flush=True)  # noqa: T201 - it is what the log is for
    message = "the op failed"
    raise RuntimeError(message)


@job(executor_def=in_process_executor)
def short_job() -> None:
    """Writes its process ids to a file."""
    write_down()


@job(executor_def=in_process_executor)
def waiting_job() -> None:
    """Runs until it is released."""
    wait()


@job(executor_def=in_process_executor)
def parent_job() -> None:
    """Runs until it is released, with children that do the same."""
    have_children()


@job(executor_def=in_process_executor)
def failing_job() -> None:
    """Fails."""
    speak_and_fail()


defs = Definitions(jobs=[short_job, waiting_job, parent_job, failing_job])
