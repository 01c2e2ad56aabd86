"""List scheduling: against brute force on tiny cases, between its bounds on all."""

import itertools
from collections.abc import Iterable, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.graph.schedule import Work, makespan, tails

Reads = Mapping[str, Sequence[str]]


def best(work: Mapping[str, Work], reads: Reads, limits: Mapping[str, int]) -> float:
    """The shortest schedule there is: each order of the tasks, each task as early as slots and reads allow."""
    orders = (
        order for order in itertools.permutations(work) if all(order.index(s) < order.index(t) for t in work for s in reads[t])
    )
    return min(_one_by_one(order, work, reads, limits) for order in orders)


def _one_by_one(order: Iterable[str], work: Mapping[str, Work], reads: Reads, limits: Mapping[str, int]) -> float:
    spans: dict[str, tuple[float, float]] = {}
    for task in order:
        seconds, pool = work[task].seconds, work[task].pool
        ready = max((spans[source][1] for source in reads[task]), default=0.0)
        same = [spans[other] for other in spans if work[other].pool == pool]
        starts = sorted({ready, *(end for _, end in same if end > ready)})
        start = starts[0] if pool is None else next(at for at in starts if _fits(at, at + seconds, same, limits[pool]))
        spans[task] = (start, start + seconds)
    return max(end for _, end in spans.values())


def _fits(start: float, end: float, others: Sequence[tuple[float, float]], slots: int) -> bool:
    moments = [start, *(at for at, _ in others if start < at < end)]
    return all(sum(begin <= moment < stop for begin, stop in others) < slots for moment in moments)


@st.composite
def jobs(draw: st.DrawFn, *, most: int, longest: int = 4) -> tuple[dict[str, Work], dict[str, list[str]]]:
    """Tasks of whole seconds in two pools or none, each reading some before it."""
    names = [f"t{i}" for i in range(draw(st.integers(1, most)))]
    pools = st.sampled_from(["openai", "replicate", None])
    work = {name: Work(float(draw(st.integers(0, longest))), draw(pools)) for name in names}
    reads = {
        name: draw(st.lists(st.sampled_from(names[:i]), unique=True, max_size=2)) if i else [] for i, name in enumerate(names)
    }
    return work, reads


LIMITS = st.fixed_dictionaries({"openai": st.integers(1, 3), "replicate": st.integers(1, 2)})


@given(jobs(most=40, longest=9), LIMITS)
def test_a_schedule_lies_between_its_bounds(job: tuple[dict[str, Work], dict[str, list[str]]], limits: dict[str, int]) -> None:
    work, reads = job
    took = makespan(work, reads, limits)
    loads = [sum(task.seconds for task in work.values() if task.pool == pool) / slots for pool, slots in limits.items()]
    assert took <= sum(task.seconds for task in work.values())
    assert took >= max(tails(work, reads).values())
    assert took >= max(loads)


@given(jobs(most=6), LIMITS)
def test_no_schedule_beats_the_best_one(job: tuple[dict[str, Work], dict[str, list[str]]], limits: dict[str, int]) -> None:
    assert makespan(*job, limits) >= best(*job, limits)


@given(st.data(), st.integers(1, 6), st.integers(1, 3))
def test_longest_path_first_is_best_for_equal_tasks_that_each_feed_one(data: st.DataObject, size: int, slots: int) -> None:
    """T. C. Hu, Parallel sequencing and assembly line problems, 1961: for in-trees of unit tasks the rule is optimal."""
    names = [f"t{i}" for i in range(size)]
    feeds = {name: data.draw(st.sampled_from([*names[i + 1 :], None])) for i, name in enumerate(names)}
    reads = {name: [source for source in names if feeds[source] == name] for name in names}
    work = dict.fromkeys(names, Work(1.0, "openai"))
    assert makespan(work, reads, {"openai": slots}) == best(work, reads, {"openai": slots})


@given(jobs(most=6), st.integers(1, 3))
def test_one_pool_takes_less_than_twice_the_best(job: tuple[dict[str, Work], dict[str, list[str]]], slots: int) -> None:
    """R. L. Graham, Bounds on multiprocessing timing anomalies, 1969: at most (2 - 1/m) times the optimum."""
    work, reads = {name: Work(task.seconds, "openai") for name, task in job[0].items()}, job[1]
    assert makespan(work, reads, {"openai": slots}) <= (2 - 1 / slots) * best(work, reads, {"openai": slots})


CASES: list[tuple[str, dict[str, Work], dict[str, list[str]], dict[str, int], float]] = [
    ("nothing", {}, {}, {}, 0),
    ("side by side without a pool", {"a": Work(3), "b": Work(2)}, {"a": [], "b": []}, {}, 3),
    ("one after another", {"a": Work(3), "b": Work(2)}, {"a": [], "b": ["a"]}, {}, 5),
    ("one slot", {"a": Work(3, "p"), "b": Work(2, "p")}, {"a": [], "b": []}, {"p": 1}, 5),
    ("a pool nobody set a limit for has one slot", {"a": Work(3, "p"), "b": Work(2, "p")}, {"a": [], "b": []}, {}, 5),
    ("so has one with a limit of none", {"a": Work(3, "p"), "b": Work(2, "p")}, {"a": [], "b": []}, {"p": 0}, 5),
    ("reads outside the plan are there already", {"a": Work(3)}, {"a": ["made before"]}, {}, 3),
    (
        "the longest path behind goes first, though it came last",
        {"a": Work(1, "p"), "b": Work(1, "p"), "z": Work(1, "p"), "tail": Work(5)},
        {"a": [], "b": [], "z": [], "tail": ["z"]},
        {"p": 1},
        6,
    ),
    (
        "what takes no time is done before a slot of the same instant is given away",
        {"a": Work(1), "cut": Work(0), "b": Work(5, "p"), "tail": Work(5), "d": Work(1), "c": Work(1, "p")},
        {"a": [], "cut": ["a"], "b": ["cut"], "tail": ["b"], "d": [], "c": ["d"]},
        {"p": 1},
        11,
    ),
    (
        "even at the start",
        {"cut": Work(0), "b": Work(5, "p"), "tail": Work(5), "c": Work(1, "p")},
        {"cut": [], "b": ["cut"], "tail": ["b"], "c": []},
        {"p": 1},
        10,
    ),
]


@pytest.mark.parametrize(("work", "reads", "limits", "seconds"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_known_schedules(work: dict[str, Work], reads: dict[str, list[str]], limits: dict[str, int], seconds: float) -> None:
    assert makespan(work, reads, limits) == seconds


def test_tails_are_the_longest_paths_to_the_end() -> None:
    work = {"a": Work(1), "b": Work(2), "c": Work(4), "d": Work(8)}
    assert tails(work, {"a": ["elsewhere"], "b": ["a"], "c": ["a"], "d": ["b"]}) == {"a": 11, "b": 10, "c": 4, "d": 8}
