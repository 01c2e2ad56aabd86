"""Processes that start at the same moment, for tests of what happens between them. Kills nobody.

Children are forked from a server without threads of its own, so a test may have as many as it likes.
"""

import multiprocessing
from collections.abc import Callable, Iterable
from contextlib import closing
from multiprocessing.connection import Connection
from typing import Any, TypeVar

T = TypeVar("T")
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["lecture_assets.store.lectures", "lecture_assets.store.migrate", "alembic.command"])
_PATIENCE_S = 60


def at_once(function: Callable[..., T], arguments: Iterable[tuple[Any, ...]]) -> list[T]:
    """What the function answers in a process for each of the arguments, all let go together; what it raises is raised."""
    children = []
    for values in arguments:
        ours, theirs = _CONTEXT.Pipe()
        child = _CONTEXT.Process(target=_wait_and_run, args=(theirs, function, values))
        child.start()
        theirs.close()
        children.append((child, ours))
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
