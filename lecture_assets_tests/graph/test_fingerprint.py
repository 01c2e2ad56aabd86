"""Fingerprints: one spelling a value, other values other digests, digests that never change."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.graph.fingerprint import Json, canonical, digest, same_recipe
from lecture_assets.graph.kind import Kind
from lecture_assets.graph.lecture import KINDS
from lecture_assets.graph.node import Cell, Node
from lecture_assets.graph.recipe import StepFacts, recipe_of
from lecture_assets.graph.settings import UNSET, NodeSettings

MAX_INTEGER = 2**53 - 1
"""RFC 8785 numbers are IEEE 754 doubles; this is the last integer that all readers agree on."""

_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-MAX_INTEGER, MAX_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
_TAGGED_KEYS = st.text() | st.sampled_from(["$float", "$$float", "$"])
VALUES: st.SearchStrategy[Json] = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TAGGED_KEYS, inner, max_size=4), max_leaves=12
)


def typed(value: Json) -> str:
    """The value in Python's own JSON, where every type has a spelling of its own."""
    return json.dumps(value, sort_keys=True)


PINNED: list[tuple[Json, str]] = [
    (None, "74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b"),
    (True, "b5bea41b6c623f7c09f1bf24dcae58ebab3c0cdd90ad966bc43a45b44867e12b"),
    (1, "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"),
    ("1", "391552c099c101b131feaf24c5795a6a15bc8ec82015424e0d2b4274a369a0bf"),
    (1.0, "e653feef5bfa27b2345ef3e07d695ab8b8629f850a71ae3f7b45d1546f659479"),
    (-0.0, "68aa307e91a29cb49bca19c1692249ec9d140b6d72934c8871aef00186e86922"),
    ("", "12ae32cb1ec02d01eda3581b127c1fee3b0dc53572ed6baf239721a03d82e126"),
    ("Größe – 大きさ – 🐝", "7d3ab0252829b216c83bc6b8f191e0474a545e8f5eaabf74a5d4dfece43661ae"),
    ([], "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"),
    ({}, "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"),
    ({"$float": "1.0"}, "edd251b9695cf1cf4b8f6f6344b8cfcb59a371bd64967a8e9ae4690907ee641c"),
    ({"b": [1, 2.5], "a": {"c": False}}, "5f89fdc1aa8b81bf45da138120a7b57c917331fa41a03939b9a4110a9d80960a"),
]


@pytest.mark.parametrize(("value", "hexadecimal"), PINNED, ids=repr)
def test_digests_are_a_storage_format(value: Json, hexadecimal: str) -> None:
    assert digest(value) == hexadecimal


def _node(kind: Kind, cell: Cell, reads: dict[str, dict[str, str]]) -> Node:
    return Node("the id is no part of it", kind, cell, reads)


_PROMPT = _node(
    KINDS["llm:image-prompt"],
    Cell(2, 1),
    {name: {"": name} for name in ("content:visual", "config:image-style", "config:text-model")},
)
_ASSEMBLY = _node(
    KINDS["assembler:segment-timeline"],
    Cell(2),
    {"asset:narration": {"": "narration"}, "asset:image": {":image[0]": "first", ":image[1]": "second"}},
)
_VERSIONS: dict[str, str | None] = {
    source: digest(source)
    for source in ("content:visual", "config:image-style", "config:text-model", "narration", "first", "second")
}
RECIPES = [
    (_PROMPT, UNSET, StepFacts("3"), "72d9e4ca024089d78641442a239b90b339417111baa74a219596916c1e83139a"),
    (_PROMPT, UNSET, StepFacts("3", {"temperature": 0.7}), "028b2a5661a24ad5f1a37ccb486eb8cc3fc234b2ba202228ee65114ca21a1a51"),
    (
        _PROMPT,
        NodeSettings(reroll=4, model="simulated:other"),
        StepFacts("3"),
        "1678e098581b3289079200c520ef1a939d35033090869b39ca53d7f744514a75",
    ),
    (_PROMPT, NodeSettings(pinned="A bee."), StepFacts("3"), "b0980fb3b85efd0270977ca1da5d1ec307ae2a22335992724b084452b1270761"),
    (_ASSEMBLY, UNSET, StepFacts("1"), "7159ca6827346afaad8247e8a352babc1c02511f7599b37ab088663d6399059c"),
]


@pytest.mark.parametrize(("node", "settings", "step", "hexadecimal"), RECIPES)
def test_fingerprints_are_a_storage_format(node: Node, settings: NodeSettings, step: StepFacts, hexadecimal: str) -> None:
    assert digest(recipe_of(node, settings, _VERSIONS, step)) == hexadecimal


def test_the_number_the_word_the_float_and_true_are_four_values() -> None:
    assert len({digest(value) for value in (1, "1", 1.0, True)}) == 4
    assert len({digest({"a": value}) for value in (0, "0", 0.0, -0.0, False, None, "")}) == 7


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(
            {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7},
            '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\U0001f600":5,"\ufb33":3}',
            id="RFC 8785 3.2.3, keys by UTF-16",
        ),
        pytest.param(
            {"string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/", "literals": [None, True, False]},
            '{"literals":[null,true,false],"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
            id="RFC 8785 3.2.2, strings and literals",
        ),
        pytest.param([56, {"d": True, "10": None, "1": []}], '[56,{"1":[],"10":null,"d":true}]', id="arrays.json"),
        pytest.param(
            {"peach": 1, "péché": 2, "pêche": 3, "sin": 4},
            '{"peach":1,"péché":2,"pêche":3,"sin":4}',
            id="french.json, no locale",
        ),
        pytest.param({"A": "A\u030a"}, '{"A":"A\u030a"}', id="unicode.json, nothing is normalised"),
        pytest.param(
            {"1": {"f": {"f": "hi", "F": 5}, "\n": 56}, "10": {}, "": "empty", "a": {}, "111": [], "A": {}},
            '{"":"empty","1":{"\\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[],"A":{},"a":{}}',
            id="structures.json",
        ),
        pytest.param([MAX_INTEGER, -MAX_INTEGER, 0], f"[{MAX_INTEGER},-{MAX_INTEGER},0]", id="Appendix B, integers"),
    ],
)
def test_canonical_json_is_that_of_rfc_8785(value: Json, text: str) -> None:
    assert canonical(value).decode() == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [-float("inf")], 2**53 + 1, "\ud800", {"\udfff": 1}], ids=repr)
def test_what_has_no_canonical_spelling_is_refused(value: Json) -> None:
    with pytest.raises(ValueError, match=r"."):
        digest(value)


@given(VALUES, VALUES)
def test_equal_digests_are_equal_values(one: Json, other: Json) -> None:
    assert (digest(one) == digest(other)) == (typed(one) == typed(other))


@given(VALUES)
def test_a_float_never_reads_like_a_persons_own_object(value: Json) -> None:
    tagged = json.loads(canonical(value))
    assert (digest(tagged) == digest(value)) == (typed(tagged) == typed(value))


@given(st.dictionaries(st.text(), VALUES, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_keys_is_no_part_of_a_fingerprint(value: dict[str, Json], chance: random.Random) -> None:
    items = list(value.items())
    chance.shuffle(items)
    assert digest(dict(items)) == digest(value)


@given(st.dictionaries(_TAGGED_KEYS, VALUES, max_size=4), st.dictionaries(_TAGGED_KEYS, VALUES, max_size=4))
def test_a_recipe_is_the_same_iff_its_canonical_json_is(one: dict[str, Json], other: dict[str, Json]) -> None:
    assert same_recipe(one, canonical(one).decode())
    assert same_recipe(one, canonical(other).decode()) == (canonical(one) == canonical(other))


def test_an_object_that_spells_a_tag_is_not_the_float() -> None:
    assert not same_recipe({"x": {"$float": "1.0"}}, canonical({"x": 1.0}).decode())
