"""Who watches which lecture, and what was last seen of it; shared by the event loops of watchers and the thread that looks."""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeAlias

from lecture_assets.runner.reading.progress_shapes import ProgressEvent

PAGE = 100
"""The most events handed to a watcher at once."""
RECENT = 200
_RECENT_PATCHES = 8
"""Events of a lecture that are kept in memory, and how many of them may have a patch, which may be as long as a timeline."""

Answer: TypeAlias = "asyncio.Future[list[ProgressEvent]]"


@dataclass(eq=False, slots=True)
class Watcher:
    """One watcher. changed: set, in its event loop, once there may be more for it."""

    loop: asyncio.AbstractEventLoop
    changed: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(eq=False, slots=True)
class FollowedLecture:
    """A lecture that is watched.

    newest: the number of its newest known event; None before the first look, and once the lecture is gone
    recent: its last events up to the newest, without a gap; never changed in place
    """

    watchers: set[Watcher] = field(default_factory=set)
    newest: int | None = None
    recent: list[ProgressEvent] = field(default_factory=list)

    def after(self, number: int) -> list[ProgressEvent] | None:
        """Return events after this number; None if the store has to be asked."""
        if number == self.newest:
            return []
        first = self.recent[0]["number"] if self.recent else number + 2
        if self.newest is None or not first - 1 <= number < self.newest:
            return None
        start = number + 1 - first
        return self.recent[start : start + PAGE]


@dataclass(eq=False)
class Watchers:
    """All watchers.

    questions: who waits for the page of a lecture after a number
    """

    lock: threading.Lock = field(default_factory=threading.Lock)
    lectures: dict[str, FollowedLecture] = field(default_factory=dict)
    questions: dict[tuple[str, int], list[Answer]] = field(default_factory=dict)
    is_closed: bool = False

    def join(self, lecture: str, watcher: Watcher) -> None:
        """Add a watcher."""
        with self.lock:
            self.lectures.setdefault(lecture, FollowedLecture()).watchers.add(watcher)

    def leave(self, lecture: str, watcher: Watcher) -> None:
        """Remove a watcher; the last one's lecture is forgotten."""
        with self.lock:
            followed = self.lectures[lecture]
            followed.watchers.discard(watcher)
            if not followed.watchers:
                del self.lectures[lecture]

    def number(self) -> int:
        """Return how many there are."""
        with self.lock:
            return sum(len(followed.watchers) for followed in self.lectures.values())

    def after(self, lecture: str, number: int) -> list[ProgressEvent] | None:
        """Return events of a followed lecture after a number; None if the store has to be asked."""
        with self.lock:
            return self.lectures[lecture].after(number)

    def ask(self, lecture: str, number: int, answer: Answer) -> None:
        """Wait for the page after a number; none comes once they are closed."""
        with self.lock:
            if self.is_closed:
                answer.set_result([])
            else:
                self.questions.setdefault((lecture, number), []).append(answer)

    def asked(self) -> list[tuple[str, int]]:
        """Return the questions, the oldest first."""
        with self.lock:
            return list(self.questions)

    def close(self) -> None:
        """Take no more questions."""
        with self.lock:
            self.is_closed = True

    def known(self) -> dict[str, int | None]:
        """Return the newest known number of each lecture."""
        with self.lock:
            return {lecture: followed.newest for lecture, followed in self.lectures.items()}

    def extend(self, lecture: str, newest: int | None, events: Sequence[ProgressEvent]) -> None:
        """Note what a look has found, and wake the watchers. events: those since the last look; without them, start anew."""
        with self.lock:
            followed = self.lectures.get(lecture)
            if followed is None:
                return
            followed.recent = _bounded([*followed.recent, *events]) if events else []
            followed.newest = newest
            _wake(list(followed.watchers))

    def forget(self) -> None:
        """Let every watcher ask the store."""
        for lecture in self.known():
            self.extend(lecture, None, ())

    def end(self, questions: Iterable[tuple[str, int]], outcome: list[ProgressEvent] | Exception) -> None:
        """Answer some questions with a page or an error."""
        with self.lock:
            answers = [answer for question in questions for answer in self.questions.pop(question, ())]
        for answer in answers:
            with suppress(RuntimeError):  # its event loop has ended
                answer.get_loop().call_soon_threadsafe(_give, answer, outcome)


def _give(answer: Answer, outcome: list[ProgressEvent] | Exception) -> None:
    if answer.done():
        return
    if isinstance(outcome, Exception):
        answer.set_exception(outcome)
    else:
        answer.set_result(outcome)


def _wake(watchers: Sequence[Watcher]) -> None:
    """Set the events of watchers: one call for each event loop, however many watch in it."""
    by_loop = defaultdict[asyncio.AbstractEventLoop, list[Watcher]](list)
    for watcher in watchers:
        by_loop[watcher.loop].append(watcher)
    for loop, some in by_loop.items():
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(_set, some)


def _set(watchers: Sequence[Watcher]) -> None:
    for watcher in watchers:
        watcher.changed.set()


def _bounded(events: list[ProgressEvent]) -> list[ProgressEvent]:
    """Return the last events, as many as are kept."""
    patched = [place for place, event in enumerate(events) if event["kind"] == "timeline"]
    start = patched[-_RECENT_PATCHES - 1] + 1 if len(patched) > _RECENT_PATCHES else 0
    return events[max(start, len(events) - RECENT) :]
