"""Parts of inputs: where a row reads an input for another value (`Read.part_for`), its recipe has only what concerns that value.

    config:lexicon {"Euler": "oiler", "SQL": "sequel"}  ─┐
    content:narration-text "Euler was Swiss."            ─┴─ the step's selector ─►  {"Euler": "oiler"}

So a change of the rest makes nothing stale. A recipe holds the part itself, not its version: reasons then say from what to what.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from lecture_assets.graph.fingerprint import Json, digest
from lecture_assets.graph.lecture import DEFAULTS
from lecture_assets.graph.node import Node

Selector: TypeAlias = Callable[[Json, Json], Json]
"""(the input's value, the value that decides) -> the part of the input that counts."""
Values: TypeAlias = Callable[[str, str], Json]
"""(node id, version) -> the value that the node holds at that version; None if it is not known."""

DEFAULT_VERSIONS: Mapping[str, str] = {f"config:{name}": digest(value) for name, value in DEFAULTS.items()}
"""The version of each input at its default; such an input leaves no trace in recipes, nor does such a part."""


def nothing_known(_node: str, _version: str) -> Json:
    """Know no value: every change of an input then counts whole."""
    return None


def parts_of(
    node: Node, versions: Mapping[str, str | None], selectors: Mapping[str, Selector], values: Values
) -> dict[str, Json]:
    """Return the parts that a node reads, by input; None for one that is not known before the deciding value is made."""
    found: dict[str, Json] = {}
    for read in node.kind.partial:
        version, deciding = versions[read.kind], node.reads[str(read.part_for)][""]
        if version is None or version == DEFAULT_VERSIONS.get(read.kind):
            continue
        made = versions[deciding]
        part = None if made is None else _part(read.kind, values(read.kind, version), values(deciding, made), selectors)
        if made is None or part is None or digest(part) != DEFAULT_VERSIONS.get(read.kind):
            found[read.kind] = version if part is None and made is not None else part
    return found


def _part(kind: str, whole: Json, deciding: Json, selectors: Mapping[str, Selector]) -> Json:
    """Return the part; all of the input where the value that decides is not known, and None where the input is not."""
    return whole if whole is None or deciding is None else selectors[kind](whole, deciding)


def default_of(kind: str) -> Json:
    """Return the value of an input that is at its default; None if it has none."""
    return DEFAULTS.get(kind.removeprefix("config:"))
