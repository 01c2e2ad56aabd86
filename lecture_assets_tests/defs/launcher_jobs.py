"""Jobs that the tests of the run launcher launch, each as long as its run's tags say. Checks nothing."""

import os
import time
from pathlib import Path

from dagster import Definitions, OpExecutionContext, in_process_executor, job, op


@op
def write_down(context: OpExecutionContext) -> None:
    """When the op's first line ran (s), who ran it, and the environment it was given, in the file of the tag `seen`."""
    seen_s = time.time()
    lines = [str(seen_s), str(os.getpid()), str(os.getppid()), os.environ.get("LECTURES_TESTED", "")]
    Path(context.run.tags["seen"]).write_text("\n".join(lines))


@op
def wait_for_file(context: OpExecutionContext) -> None:
    """Runs until the file of the tag `until` is there, a minute at most; the file of the tag `seen` says that it began."""
    Path(context.run.tags["seen"]).write_text(str(os.getpid()))
    deadline = time.monotonic() + 60
    while not Path(context.run.tags["until"]).exists() and time.monotonic() < deadline:
        time.sleep(0.02)


@op
def speak_and_fail() -> None:
    """Writes a line for the worker's log, and fails."""
    print("the op was here", flush=True)  # noqa: T201 - it is what the log is for
    message = "the op failed"
    raise RuntimeError(message)


@job(executor_def=in_process_executor)
def short_job() -> None:
    """Writes down who ran it."""
    write_down()


@job(executor_def=in_process_executor)
def waiting_job() -> None:
    """Runs until it is let go."""
    wait_for_file()


@job(executor_def=in_process_executor)
def failing_job() -> None:
    """Fails."""
    speak_and_fail()


defs = Definitions(jobs=[short_job, waiting_job, failing_job])
