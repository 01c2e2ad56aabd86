"""Processes for tests: real ones, with ids that can be killed, forked from a server that has loaded what they need.

A command is as good in one of them as typed, and starts in a tenth of the time; `cli/test_process.py` types commands. The
server has no threads, so that a test may have as many children as it likes.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
_CONTEXT = multiprocessing.get_context("forkserver")
_PRELOADED = ["lecture_assets.runner.lectures", "lecture_assets.cli.entry", "lecture_assets.cli.session"]
_LATER = {"lecture_assets.definitions", "lecture_assets.api.server"}
_PATIENCE_S = 60
_COMMAND_S = 300


def start(function: Callable[..., object], *arguments: object) -> ForkServerProcess:
    """A process that runs the function in this one's environment of now; its exit code is 0 where that returns."""
    # With the first child the server starts. Tests that have loaded Dagster or the API start children that need it: 2 s each.
    _CONTEXT.set_forkserver_preload([*_PRELOADED, *sorted(_LATER & sys.modules.keys())])
    child = _CONTEXT.Process(target=_run, args=(dict(os.environ), function, arguments))
    child.start()
    return child


def _run(environ: Mapping[str, str], function: Callable[..., object], arguments: tuple[object, ...]) -> None:
    _take_over(environ)  # the server's is of when the first child was started
    function(*arguments)


def _take_over(environ: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environ)


def run_command(*words: str, environ: Mapping[str, str], cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run `lectures` with these words, environment and working folder to its end; AssertionError after five minutes."""
    with tempfile.TemporaryDirectory() as folder:
        said, warned = Path(folder) / "stdout", Path(folder) / "stderr"
        child = start(_be_command, words, dict(environ), cwd or Path.cwd(), said, warned)
        child.join(_COMMAND_S)
        assert child.exitcode is not None, f"lectures {' '.join(words)} is still running"
        return subprocess.CompletedProcess(words, child.exitcode, said.read_text("utf-8"), warned.read_text("utf-8"))


def _be_command(words: tuple[str, ...], environ: Mapping[str, str], cwd: Path, said: Path, warned: Path) -> None:
    for stream, path in ((sys.stdout, said), (sys.stderr, warned)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), stream.fileno())
    _take_over(environ)
    os.chdir(cwd)
    sys.argv = ["lectures", *words]
    from lecture_assets.cli.entry import main  # noqa: PLC0415 - the parent needs none of it

    main()


def at_once(function: Callable[..., T], arguments: Iterable[tuple[Any, ...]]) -> list[T]:
    """What the function answers in a process for each of the arguments, all let go together; what it raises is raised."""
    children = []
    for values in arguments:
        ours, theirs = _CONTEXT.Pipe()
        children.append((start(_wait_and_run, theirs, function, values), ours))
        theirs.close()
    for _, pipe in children:
        assert pipe.recv() == "ready"
    for _, pipe in children:
        pipe.send("go")
    answers = []
    for child, pipe in children:
        with closing(pipe):
            assert pipe.poll(_PATIENCE_S), "a child process did not answer"
            answers.append(pipe.recv())
        child.join(_PATIENCE_S)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return answers


def _wait_and_run(pipe: Connection, function: Callable[..., Any], values: tuple[Any, ...]) -> None:
    pipe.send("ready")
    pipe.recv()
    try:
        answer = function(*values)
    except Exception as error:  # noqa: BLE001 - it is raised again where somebody reads it
        answer = RuntimeError(repr(error))
    pipe.send(answer)
