"""The table itself: rows that hold together, and the edges of the design."""

import re

import pytest

from lecture_assets.graph.kind import Category, Editable, Holds, Kind, Per, Read, Role
from lecture_assets.graph.lecture import KINDS
from lecture_assets.steps.rendering import RENDERING
from lecture_assets_tests import counts

MADE = [kind for kind in KINDS.values() if not kind.is_input]


def test_the_table_is_as_large_as_was_counted() -> None:
    assert (len(KINDS) - len(MADE), len(MADE)) == (counts.INPUTS, counts.MADE)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_row_stands_after_the_rows_it_reads_and_reads_none_twice(kind: Kind) -> None:
    names = list(KINDS)
    reads = [read.kind for read in kind.reads]
    assert all(names.index(read) < names.index(kind.name) for read in reads)
    assert len(set(reads)) == len(reads)


@pytest.mark.parametrize("kind", MADE, ids=lambda kind: kind.name)
def test_a_kind_reads_the_model_of_its_role_and_no_other(kind: Kind) -> None:
    models = [read.kind for read in kind.reads if read.kind.endswith("-model")]
    assert models == ([kind.model_input] if kind.role else [])
    assert (kind.role is None) == (kind.category in {Category.CONTENT, Category.ASSEMBLER} or kind.on_demand)


def test_what_is_made_on_demand_is_free_and_read_only_by_what_is_made_on_demand() -> None:
    on_demand = {kind.name for kind in KINDS.values() if kind.on_demand}
    assert on_demand == {*RENDERING}
    readers = {kind.name for kind in KINDS.values() if on_demand & {read.kind for read in kind.reads}}
    assert readers <= on_demand
    assert all(KINDS[name].role is None and KINDS[name].editable is Editable.NO for name in on_demand)


def test_nobody_reads_a_structural_input() -> None:
    structural = {kind.name for kind in KINDS.values() if kind.structural}
    assert structural == {"config:num-segments", "config:images-per-segment", "config:use-video"}
    assert not structural & {read.kind for kind in KINDS.values() for read in kind.reads}


def test_every_input_that_is_not_structural_is_read() -> None:
    read = {read.kind for kind in KINDS.values() for read in kind.reads}
    assert {kind.name for kind in KINDS.values() if kind.is_input and not kind.structural} <= read


def test_what_a_call_asks_beside_its_reads_is_an_input() -> None:
    assert {f"config:{name}" for kind in KINDS.values() for name in kind.asks} <= KINDS.keys()


def test_words_are_edited_as_text_and_assets_as_media() -> None:
    assert {kind.category for kind in MADE if kind.editable is Editable.TEXT} == {Category.CONTENT}
    assert {kind.category for kind in MADE if kind.editable is Editable.MEDIA} == {Category.ASSET}
    assert {kind.name for kind in MADE if kind.category is Category.CONTENT and kind.editable is Editable.NO} == {
        "content:script"
    }


def test_a_name_is_a_category_and_lower_case_words() -> None:
    assert all(re.fullmatch(r"(config|llm|content|asset|assembler):[a-z]+(-[a-z]+)*", name) for name in KINDS)


def test_an_index_names_a_level_of_its_own_cell() -> None:
    assert {kind.index: kind.per for kind in MADE if kind.index} == {Per.SEGMENT: Per.SEGMENT, Per.IMAGE: Per.IMAGE}


def test_each_role_makes_something() -> None:
    assert {kind.role for kind in MADE} == {*Role, None}


@pytest.mark.parametrize("sized_by", [None, "config:voice"])
def test_a_row_that_cannot_be_priced_is_rejected_by_name(sized_by: str | None) -> None:
    with pytest.raises(ValueError, match=r"^asset:jingle: a music row needs sized_by, naming the read"):
        Kind("asset:jingle", Per.LECTURE, Holds.MUSIC, (Read("config:duration"),), Role.MUSIC, sized_by=sized_by)
