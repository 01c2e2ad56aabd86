"""Orders of a graph, and cycles drawn."""

from collections.abc import Collection, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.graph.dag import closure, topological_order
from lecture_assets.graph.errors import CycleError

NAMES = "abcdefg"


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, list[str]]:
    """What each of some nodes reads; cycles and self-reads included."""
    return {name: draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=2)) for name in NAMES}


def ordered(reads: Mapping[str, Collection[str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The order, or the cycle."""
    try:
        return topological_order(reads), ()
    except CycleError as error:
        return (), error.cycle


@given(graphs())
def test_each_node_stands_after_what_it_reads_or_a_true_cycle_is_named(reads: dict[str, list[str]]) -> None:
    order, cycle = ordered(reads)
    assert bool(order) != bool(cycle)
    assert all(after in reads[node] for node, after in zip(cycle, cycle[1:] + cycle[:1], strict=True))
    assert len(set(cycle)) == len(cycle)
    assert not order or sorted(order) == sorted(reads)
    assert all(order.index(source) < order.index(node) for node in order for source in reads[node])


def test_a_cycle_is_drawn_in_reading_order() -> None:
    with pytest.raises(CycleError) as found:
        topological_order({"timeline": ["image"], "image": ["prompt"], "prompt": ["timeline"], "title": []})
    assert set(found.value.cycle) == {"timeline", "image", "prompt"}
    first, second, third = found.value.cycle
    assert str(found.value) == (
        "the lecture graph has a cycle of 3:\n"
        f"  {first}\n"
        f"     └─ reads {second}\n"
        f"        └─ reads {third}\n"
        f"           └─ reads {first} (again)"
    )


def test_a_node_that_reads_itself_is_a_cycle_of_one() -> None:
    with pytest.raises(CycleError) as found:
        topological_order({"image": ["image"]})
    assert str(found.value) == "the lecture graph has a cycle of 1:\n  image\n     └─ reads image (again)"


@given(graphs(), st.sets(st.sampled_from(NAMES)))
def test_a_closure_is_the_smallest_set_that_its_edges_do_not_leave(reads: dict[str, list[str]], starts: set[str]) -> None:
    found = closure(starts, reads)
    grown = set(starts)
    for _ in NAMES:
        grown |= {source for node in grown for source in reads[node]}
    assert found == grown


def test_a_closure_ends_where_there_are_no_edges() -> None:
    assert closure(["a"], {"a": ["b", "b"]}) == {"a", "b"}
