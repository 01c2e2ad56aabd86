"""The play order: add, remove and move segments, or grow and shrink to a number of segments."""

from collections.abc import Sequence
from dataclasses import replace

from lecture_assets.graph.edits import Moment
from lecture_assets.graph.errors import require
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.lecture import ADDED_SCRIPT, MAX_SEGMENTS, NARRATION
from lecture_assets.graph.node import node_id
from lecture_assets.graph.settings import NodeSettings, Settings, check_size


def resize(settings: Settings, count: int, moment: Moment) -> Settings:
    """Add or remove segments at the end. Removed slots come back before new ones are made."""
    count = max(count, 1)
    check_size(count, settings.images)
    settings = replace(settings, order=settings.order[:count])
    removed = sorted(set(settings.slots) - set(settings.order))
    settings = replace(settings, order=(*settings.order, *removed[: count - len(settings.order)]))
    while len(settings.order) < count:
        settings = add_segment(settings, None, moment)
    return settings


def add_segment(settings: Settings, after: int | None, moment: Moment) -> Settings:
    """Add a slot after the slot `after`, or at the end, and record the narration around it for the model that writes it."""
    slot = len(settings.slots)
    require(
        slot < MAX_SEGMENTS,
        "segments add",
        f"no free slot (all {MAX_SEGMENTS} are used, counting removed segments)",
        "bringing removed segments back, in their order, with `set num_segments=N`",
    )
    position = len(settings.order) if after is None else _position(settings, "segments add", after) + 1
    before, behind = settings.order[:position], settings.order[position:]
    place: dict[str, Json] = {
        "previous": _said(settings, before[-1:], moment),
        "next": _said(settings, behind[:1], moment),
    }
    settings = replace(settings, order=(*before, slot, *behind), added=(*settings.added, slot))
    return settings.with_node(node_id(ADDED_SCRIPT, slot), NodeSettings(place=place))


def _said(settings: Settings, slots: Sequence[int], moment: Moment) -> Json:
    """Return the narration of a slot, including edits made in the same revision."""
    if not slots:
        return None
    node = node_id(NARRATION, slots[0])
    return settings.of_node(node).pinned or moment.held(node)


def remove_segment(settings: Settings, slot: int) -> Settings:
    """Take a slot out of the play order."""
    _position(settings, "segments remove", slot)
    require(len(settings.order) > 1, "segments remove", "the only segment", "a lecture has at least one segment")
    return replace(settings, order=tuple(other for other in settings.order if other != slot))


def move_segment(settings: Settings, slot: int, position: int) -> Settings:
    """Move a slot to a position in the play order, counted from 0."""
    _position(settings, "segments move", slot)
    last = len(settings.order) - 1
    require(0 <= position <= last, "segments move", f"position {position}", f"0 to {last}")
    order = [other for other in settings.order if other != slot]
    order.insert(position, slot)
    return replace(settings, order=tuple(order))


def _position(settings: Settings, where: str, slot: int) -> int:
    slots = ", ".join(f"s{other:02}" for other in settings.order)
    require(slot in settings.order, where, f"segment {slot}", f"a slot of this lecture: {slots}")
    return settings.order.index(slot)
