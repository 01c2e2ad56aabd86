"""Why a node was made, in words: what changed, from what to what. Values are looked up in the store's takes and revisions."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.merge import changed_words
from lecture_assets.graph.node import Node
from lecture_assets.graph.staleness import Reason, ReasonKind
from lecture_assets.runner.reading.earlier_values import EarlierValues

_LONGEST = 80
"""The most characters of a value in a sentence."""
_MOST_PARTS = 3
"""The most changed parts of a text in a sentence."""
_READS = {ReasonKind.INPUT_CHANGED, ReasonKind.READ_CHANGED, ReasonKind.MODEL_CHANGED, ReasonKind.UPSTREAM}


def sentences(node: Node, recipe: str, reasons: Sequence[Reason], earlier: EarlierValues) -> tuple[str, ...]:
    """Describe the reasons for which a node was made from a recipe (as JSON)."""
    made_from = json.loads(recipe).get("reads", {})
    return tuple(sentence for reason in reasons for sentence in _sentence(node, made_from, reason, earlier))


def _sentence(node: Node, made_from: dict[str, Any], reason: Reason, earlier: EarlierValues) -> Iterator[str]:
    if reason.kind is ReasonKind.SETTING_CHANGED:
        yield f"its own setting {reason.input} {_changed(reason.before, reason.after)}"
    elif reason.in_full:
        yield f"{reason.input} {_entries_changed(reason.before, reason.after)}"
    elif reason.kind in _READS and reason.before is not None:
        after = reason.after if reason.after is not None else _version_read(node, made_from, reason.input)
        if after != reason.before:
            values = [earlier.at(node.id, reason.input, str(version)) for version in (reason.before, after)]
            yield f"{reason.input} changed{_from_to(*values)}"
    else:
        yield reason.text


def _changed(before: Json, after: Json) -> str:
    """What happened to a setting."""
    if before is None:
        return f"was set to {shown(after)}"
    return f"was reset from {shown(before)}" if after is None else f"changed from {shown(before)} to {shown(after)}"


def _entries_changed(before: Json, after: Json) -> str:
    """What happened to the part of an input: entry by entry, if it has entries."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return _changed(before, after)
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    told = "; ".join(f"{shown(name)} {_changed(before.get(name), after.get(name))}" for name in changed[:_MOST_PARTS])
    return f"changed: {told}{' …' if len(changed) > _MOST_PARTS else ''}"


def _version_read(node: Node, made_from: dict[str, Any], source: str) -> Json:
    """The version of a source in a recipe; None if it is not in there."""
    for kind, sources in node.reads.items():
        for address in (address for address, name in sources.items() if name == source):
            read: Any = made_from.get(kind)
            return read if not address or not isinstance(read, dict) else read.get(address)
    return None


def _from_to(before: Json, after: Json) -> str:
    """What changed of two values; empty if either is unknown or has no short form, as a medium."""
    if before is None or after is None or isinstance(before, dict | list) or isinstance(after, dict | list):
        return ""
    parts = [(before, after)]
    if isinstance(before, str) and isinstance(after, str) and max(len(before), len(after)) > _LONGEST:
        parts = [*changed_words(before, after)]
    told = ", ".join(f"from {shown(old)} to {shown(new)}" for old, new in parts[:_MOST_PARTS])
    return f" {told}{' …' if len(parts) > _MOST_PARTS else ''}"


def shown(value: Json) -> str:
    """A value as JSON, shortened."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
