"""Progress while a lecture is made: a live display on a terminal, a few plain lines elsewhere. Always on stderr.

`Progress` accumulates events; `watching` shows them. Displaying never slows the work down by more than a redraw.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from lecture_assets.cli.figures import duration, failed, usd, usd_range
from lecture_assets.runner.setup.events import (
    CallDelayed,
    Ending,
    Event,
    Exporting,
    GivenUp,
    NodeFinished,
    NodeStarted,
    Outcome,
    RenderProgress,
    Replanned,
    SegmentPlayable,
    Started,
    Watch,
)
from lecture_assets.runner.setup.money import calls, count

_FEW = 60
"""Up to this many nodes, each paid one gets a plain line; in longer plans, each twentieth of the plan does."""
_PARTS = 20
_QUARTERS = 4
_NAMED = 6
"""The most nodes in progress named on a terminal; the others are counted."""
_REDRAWS_PER_S = 6
_UNMADE = frozenset({Outcome.FAILED, Outcome.BLOCKED})


@dataclass(slots=True)
class Progress:
    """The events so far, accumulated. began: the start, in seconds by `clock`."""

    clock: Callable[[], float] = time.monotonic
    began: float = 0.0
    plan: Started | None = None
    finished: dict[str, Outcome] = field(default_factory=dict)
    at_work: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)
    rendered: dict[str, float] = field(default_factory=dict)
    playable: set[int] = field(default_factory=set)
    cost_usd_micros: int = 0
    exported: float | None = None
    exported_before: float = 0.0

    def take(self, event: Event) -> None:
        """Add one event."""
        match event:
            case Started():
                self.began = self.began or self.clock()
                self.plan, self.finished = event, {}
            case NodeStarted(node, pool):
                self.at_work[node] = pool
                self.waiting.pop(node, None)
            case NodeFinished(node, outcome, cost):
                self.at_work.pop(node, None)
                self.waiting.pop(node, None)
                self.finished[node] = outcome
                self.cost_usd_micros += cost
            case CallDelayed(node, seconds, message):
                self.at_work.pop(node, None)
                self.waiting[node] = f"{node}: {message} (retry in {duration(seconds)})"
            case SegmentPlayable(slot):
                self.playable.add(slot)
            case Exporting(fraction):
                self.exported_before, self.exported = self.exported or 0.0, fraction
            case RenderProgress(node, fraction):
                self.rendered[node] = fraction
            case Replanned() | Ending() | GivenUp():
                pass

    @property
    def total(self) -> int:
        """The number of nodes in the current plan."""
        return self.plan.nodes if self.plan else 0

    @property
    def failed(self) -> int:
        """The number of nodes that will not be made."""
        return sum(outcome in _UNMADE for outcome in self.finished.values())

    @property
    def elapsed_s(self) -> float:
        """Seconds since the first plan."""
        return self.clock() - self.began if self.plan else 0.0

    @property
    def left_s(self) -> float:
        """The seconds left by the plan's estimate; once overdue, extrapolated from the nodes made so far."""
        if self.plan is None or len(self.finished) >= self.total:
            return 0.0
        if self.elapsed_s < self.plan.seconds:
            return self.plan.seconds - self.elapsed_s
        return self.elapsed_s * (self.total - len(self.finished)) / max(len(self.finished), 1)


def display(progress: Progress) -> RenderableType:
    """The live display: a bar, the providers' slots in use, the nodes in progress."""
    done = min(len(progress.finished), progress.total)
    line = Table.grid(padding=(0, 2))
    left = f"about {duration(progress.left_s)} left" if progress.left_s else f"{duration(progress.elapsed_s)}"
    bar = ProgressBar(total=max(progress.total, 1), completed=done, width=30)
    line.add_row(bar, f"{done}/{count(progress.total, 'node')}", usd(progress.cost_usd_micros), left)
    rows: list[RenderableType] = [line]
    if at_work := list(progress.at_work.items()):
        rows.append(Text(_pools([pool for _, pool in at_work]), style="cyan"))
        rows += [Text(f"  {node}{_rendered(progress, node)}", style="dim") for node, _ in at_work[:_NAMED]]
        if len(at_work) > _NAMED:
            rows.append(Text(f"  and {len(at_work) - _NAMED} more", style="dim"))
    rows += [Text(f"  waiting: {text}", style="yellow") for text in list(progress.waiting.values())[:_NAMED]]
    if progress.failed:
        rows.append(Text(f"{count(progress.failed, 'node')} could not be made", style="red"))
    if progress.exported is not None:
        rows.append(Text(f"writing the video: {progress.exported:.0%}"))
    return Group(*rows)


def _rendered(progress: Progress, node: str) -> str:
    return f" ({progress.rendered[node]:.0%})" if node in progress.rendered else ""


def _pools(pools: list[str]) -> str:
    return "in progress: " + ", ".join(f"{pool} {pools.count(pool)}" for pool in sorted(set(pools)))


def line_of(progress: Progress, event: Event) -> str | None:
    """The plain line for an event that `progress` has already taken; None if it does not merit one."""
    line = None
    match event:
        case Started(version, nodes, by_role, price, seconds) if nodes:
            money, long = usd_range(*price), duration(seconds)
            line = f"version {version}: {count(nodes, 'node')} to make, {calls(by_role)}, {money}, about {long}"
        case Started(version):
            line = f"version {version}: nothing to make"
        case Replanned(version, 0):
            line = f"an edit arrived: continuing with version {version}"
        case Replanned(lost=lost):
            line = f"{count(lost, 'file')} made before cannot be read any more: making what is lost again"
        case NodeFinished():
            line = _finished_line(progress, event)
        case SegmentPlayable(slot, seconds) if len(progress.playable) == 1:
            line = f"segment s{slot:02} is playable after {duration(seconds)}"
        case CallDelayed(node, seconds, message):
            line = f"waiting {duration(seconds)} for {node}: {message}"
        case Ending() | GivenUp():
            line = str(event)
        case Exporting(fraction):
            line = _exporting_line(progress, fraction)
    return line


def _exporting_line(progress: Progress, fraction: float) -> str | None:
    """A line at the start, each quarter and the end: a minute without output looks like a hanging command."""
    if fraction in {0.0, 1.0}:
        return "writing the video" if fraction == 0.0 else "video written"
    return f"writing the video: {fraction:.0%}" if int(_QUARTERS * fraction) > int(_QUARTERS * progress.exported_before) else None


def _finished_line(progress: Progress, event: NodeFinished) -> str | None:
    if event.outcome is Outcome.FAILED:
        return f"{_share(progress)} failed: {failed(event.node, event.message)}"
    if progress.total > _FEW:
        sums = f"{_share(progress)} nodes, {usd(progress.cost_usd_micros)}, about {duration(progress.left_s)} left"
        return sums if _at_part(progress) else None
    if event.outcome is Outcome.MADE and event.pool:
        return f"{_share(progress)} made {event.node} ({usd(event.cost_usd_micros)})"
    return None


def _share(progress: Progress) -> str:
    return f"{len(progress.finished):,}/{progress.total:,}"


def _at_part(progress: Progress) -> bool:
    """Whether this node completed another twentieth of the plan."""
    done = len(progress.finished)
    return done * _PARTS // progress.total != (done - 1) * _PARTS // progress.total


@contextmanager
def watching(console: Console) -> Iterator[Watch]:
    """A watch that shows progress until the block ends."""
    progress = Progress()

    def show(event: Event) -> None:
        progress.take(event)
        if (not console.is_terminal or isinstance(event, Ending | GivenUp)) and (line := line_of(progress, event)):
            console.print(line, markup=False, highlight=False, soft_wrap=True)

    if console.is_terminal:
        with Live(get_renderable=lambda: display(progress), console=console, refresh_per_second=_REDRAWS_PER_S, transient=True):
            yield show
    else:
        yield show
