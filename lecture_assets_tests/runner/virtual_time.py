"""An event loop whose time passes only when there is nothing to do: minutes take no time, and any moment of a run can be hit.

What threads still have to do (the writer's commits, files that are moved) is waited for in real time before time passes.
"""

import asyncio
import selectors
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from lecture_assets.ports import Uptime
from lecture_assets.store.writer import Writer


class VirtualLoop(asyncio.SelectorEventLoop):
    """Its clock starts at 0 s. busy: what threads have been given and not finished."""

    def __init__(self) -> None:
        self.passed, self.busy = 0.0, 0
        super().__init__(_PatientSelector(self))

    def time(self) -> float:
        """Seconds of this loop's life."""
        return self.passed

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Any:  # type: ignore[override]
        """As ever, and counted."""
        return self.count(super().run_in_executor(executor, func, *args))

    def count(self, future: "asyncio.Future[Any]") -> "asyncio.Future[Any]":
        """Let no time pass before this is done."""
        self.busy += 1
        future.add_done_callback(self._discount)
        return future

    def _discount(self, _future: object) -> None:
        self.busy -= 1


class _PatientSelector(selectors.DefaultSelector):
    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Any:
        """Events that are there; else what threads bring; else time passes up to the next timer."""
        if self._loop.busy or timeout is None:
            return super().select(5.0 if timeout is None or timeout > 0 else 0)
        events = super().select(0)
        if not events:
            self._loop.passed += max(0.0, timeout)
        return events


class VirtualClock:
    """The loop's time as the lectures' clock."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop

    def now(self) -> float:
        """Seconds since 1970, which is when these tests play."""
        return self._loop.passed

    def uptime(self) -> Uptime:
        """The same, of a machine that started then."""
        return Uptime("virtual", self._loop.passed)


@contextmanager
def writes_are_counted(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Commits are waited for as well: the writer has a thread of its own, which no executor knows."""
    submit = Writer.submit

    def counted(self: Writer, *args: Any, **keys: Any) -> Any:
        loop: Any = asyncio.get_running_loop()
        return loop.count(submit(self, *args, **keys))

    with patch.context() as patched:
        patched.setattr(Writer, "submit", counted)
        yield
