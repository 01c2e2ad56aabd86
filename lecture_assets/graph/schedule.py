"""List scheduling: a task starts when its inputs are done and its pool has a free slot; the longest remaining path goes first."""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Work:
    """One task: its duration, and the pool whose slot it occupies (None: no limit)."""

    seconds: float
    pool: str | None = None


def tails(work: Mapping[str, Work], reads: Mapping[str, Iterable[str]]) -> Mapping[str, float]:
    """Return the seconds from each task's start to the end along the longest path. `work` must be in topological order."""
    below = dict.fromkeys(work, 0.0)
    for task in reversed(tuple(work)):
        below[task] += work[task].seconds
        for source in reads[task]:
            if source in below:
                below[source] = max(below[source], below[task])
    return below


def makespan(
    work: Mapping[str, Work],
    reads: Mapping[str, Iterable[str]],
    limits: Mapping[str, int],
    urgency: Mapping[str, float] | None = None,
) -> float:
    """Return the total duration in seconds. `work` must be in topological order; every pool has at least one slot.

    urgency: among waiting tasks the one with the largest value starts first; by default, its longest remaining path
    """
    return _Schedule(work, reads, limits, tails(work, reads) if urgency is None else urgency).run()


class _Schedule:
    def __init__(
        self,
        work: Mapping[str, Work],
        reads: Mapping[str, Iterable[str]],
        limits: Mapping[str, int],
        urgency: Mapping[str, float],
    ) -> None:
        self.work = work
        self.free = {task.pool: max(limits.get(task.pool, 1), 1) for task in work.values() if task.pool is not None}
        self.urgency = urgency
        self.waits = {task: sum(source in work for source in reads[task]) for task in work}
        self.readers: dict[str, list[str]] = {task: [] for task in work}
        for task in work:
            for source in reads[task]:
                if source in work:
                    self.readers[source].append(task)
        self.queues: dict[str, list[tuple[float, str]]] = {pool: [] for pool in self.free}
        self.running: list[tuple[float, str]] = []
        self.now = 0.0

    def run(self) -> float:
        for task in self.work:
            if not self.waits[task]:
                self.queue(task)
        while True:
            self.finish_until_now()
            self.start()
            if not self.running:
                return self.now
            self.now = self.running[0][0]

    def finish_until_now(self) -> None:
        """Finish everything due now, including tasks of no duration, before giving away slots: the most urgent may follow."""
        while self.running and self.running[0][0] <= self.now:
            self.finish(heapq.heappop(self.running)[1])

    def queue(self, task: str) -> None:
        pool = self.work[task].pool
        if pool is None:
            heapq.heappush(self.running, (self.now + self.work[task].seconds, task))
        else:
            heapq.heappush(self.queues[pool], (-self.urgency[task], task))

    def start(self) -> None:
        for pool, waiting in self.queues.items():
            while waiting and self.free[pool] > 0:
                _, task = heapq.heappop(waiting)
                self.free[pool] -= 1
                heapq.heappush(self.running, (self.now + self.work[task].seconds, task))

    def finish(self, done: str) -> None:
        pool = self.work[done].pool
        if pool is not None:
            self.free[pool] += 1
        for reader in self.readers[done]:
            self.waits[reader] -= 1
            if not self.waits[reader]:
                self.queue(reader)
