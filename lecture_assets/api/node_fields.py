"""The fields of a node, why it is as it is, and its takes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from lecture_assets.api.lecture_view import LectureView
from lecture_assets.api.paging import page
from lecture_assets.api.values import plain_text, value_document
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.node import Node
from lecture_assets.graph.staleness import Status, reasons
from lecture_assets.runner.reading.explain import ExplainedReason, explain_document
from lecture_assets.runner.reading.plan_document import version_of
from lecture_assets.runner.reading.shapes import NodeErrorDocument
from lecture_assets.runner.reading.status import error_document
from lecture_assets.store import records
from lecture_assets.store.records import TakeRow

NODE_FIELDS: Mapping[str, Mapping[str, Callable[..., Any]]] = {}
"""A node's fields have no arguments: they are the properties of `NodeView`."""


@dataclass
class _Page:
    """The nodes of one page, whose values are read together."""

    lecture: LectureView
    nodes: Sequence[str]

    @cached_property
    def values(self) -> Mapping[str, Json]:
        return self.lecture.values_of(self.nodes)


@dataclass
class NodeView:
    """A node that a run makes. Its properties are fields of the schema's type `LectureNode`."""

    beside: _Page
    node: Node

    @property
    def lecture(self) -> LectureView:
        """Whose node it is."""
        return self.beside.lecture

    @property
    def id(self) -> str:
        """Its id."""
        return self.node.id

    @property
    def kind(self) -> str:
        """Its row of the table."""
        return self.node.kind.name

    @property
    def category(self) -> str:
        """The first word of its id."""
        return self.node.kind.category

    @property
    def segment(self) -> int | None:
        """Its slot."""
        return self.node.cell.segment

    @property
    def image(self) -> int | None:
        """The number of its image."""
        return self.node.cell.image

    @property
    def role(self) -> str | None:
        """The role of its call."""
        return self.node.kind.role

    @property
    def status(self) -> Status:
        """Its status."""
        return self.lecture.statuses[self.id]

    @property
    def pinned(self) -> bool:
        """Whether a person set it."""
        return self.lecture.snapshot.graph.settings.of_node(self.id).pinned is not None

    @cached_property
    def _counting(self) -> TakeRow | None:
        return self.lecture.snapshot.takes.counting.get(self.id)

    @property
    def take(self) -> int | None:
        """The number of its take."""
        return self._counting.number if self._counting else None

    @property
    def version(self) -> str | None:
        """The version of its value."""
        return version_of(self.lecture.snapshot, self.node)

    @property
    def fingerprint(self) -> str | None:
        """What its take was made from."""
        return self._counting.fingerprint if self._counting else None

    @property
    def made_by(self) -> str | None:
        """Who made it."""
        return (self._counting.made_by or None) if self._counting else None

    @property
    def made_at(self) -> float | None:
        """When it was made."""
        return self._counting.made_at if self._counting else None

    @property
    def cost_usd_micros(self) -> int:
        """What its take cost."""
        return self._counting.cost_usd_micros if self._counting else 0

    @property
    def value(self) -> dict[str, Any] | None:
        """What it holds."""
        return value_document(self.node.kind.holds, self.beside.values.get(self.id))

    @property
    def reads(self) -> Sequence[str]:
        """The nodes that it reads."""
        return self.node.read_ids

    @property
    def reasons(self) -> list[dict[str, Any]]:
        """Why it is not fresh."""
        found = reasons(self.lecture.snapshot.findings[self.id], self.lecture.snapshot.records.get(self.id))
        return [{"kind": reason.kind, "input": reason.input, "text": reason.text} for reason in found]

    @property
    def error(self) -> NodeErrorDocument | None:
        """Why it cannot be made."""
        return error_document(self.lecture.snapshot, self.node, self.lecture.statuses)

    @property
    def conflict(self) -> dict[str, Any] | None:
        """What is to be decided about it."""
        return self.lecture.conflict(self.id)


def node_page(lecture: LectureView, nodes: Sequence[Node], first: int, after: str | None) -> dict[str, Any]:
    """Return a page of these nodes."""
    found = page(nodes, first, after)
    beside = _Page(lecture, [node.id for node in found["items"]])
    return {**found, "items": [NodeView(beside, node) for node in found["items"]]}


def node_view(lecture: LectureView, node: str) -> NodeView | None:
    """Return a node that a run makes; None if there is none of this id."""
    found = lecture.snapshot.graph.nodes.get(node)
    return None if found is None or found.kind.is_input else NodeView(_Page(lecture, [node]), found)


def explanation(lecture: LectureView, node: str) -> dict[str, Any] | None:
    """Return where a node's value comes from, and why it is stale; None if there is none of this id."""
    found = lecture.snapshot.graph.nodes.get(node)
    if found is None:
        return None
    document = cast("dict[str, Any]", explain_document(lecture.snapshot, lecture.request.connection, node))
    return {
        "pinned": False,
        **document,
        "value": value_document(found.kind.holds, document["value"]),
        "reasons": [_explained(reason) for reason in document["reasons"]],
        "chain": [
            {"node": link["id"], "reasons": [_explained(reason) for reason in link["reasons"]]} for link in document["chain"]
        ],
        "conflict": None if found.kind.is_input else lecture.conflict(node),
    }


def _explained(reason: ExplainedReason) -> dict[str, Any]:
    before, after = reason.get("from"), reason.get("to")
    words = [{"before": part["from"], "after": part["to"]} for part in reason.get("parts", [])]
    return {
        "kind": reason["kind"],
        "input": reason["input"],
        "text": reason["text"],
        "changes": _changes(before, after) if "from" in reason else [],
        "words": words,
    }


def _changes(before: Any, after: Any) -> list[dict[str, Any]]:
    if isinstance(before, dict) and isinstance(after, dict):
        return [{"part": key, "before": _part(before.get(key)), "after": _part(after.get(key))} for key in {**before, **after}]
    return [{"part": None, "before": _part(before), "after": _part(after)}]


def _part(value: Any) -> str | None:
    return None if value is None else plain_text(value)


def take_page(lecture: LectureView, node: str, first: int, after: str | None) -> dict[str, Any] | None:
    """Return a page of a node's takes; None if it is an input, or there is none of this id."""
    found = lecture.snapshot.graph.nodes.get(node)
    if found is None or found.kind.is_input:
        return None
    connection, artifacts = lecture.request.connection, lecture.request.context.artifacts
    rows = sorted(records.load_takes(connection, lecture.key, node), key=lambda row: row.number)
    taken = page(rows, first, after)
    shown: list[TakeRow] = taken["items"]
    values = records.values_of(connection, lecture.key, node, [row.number for row in shown])
    there = artifacts.sizes({row.artifact for row in shown if row.artifact is not None})
    chosen = lecture.snapshot.graph.settings.of_node(node).take
    items = [
        {
            "number": row.number,
            "counts": row.counts,
            "chosen": row.number == chosen,
            "made_by": row.made_by,
            "made_at": row.made_at,
            "cost_usd_micros": row.cost_usd_micros,
            "version": row.version,
            "value": value_document(found.kind.holds, values[row.number]),
            "available": row.artifact is None or row.artifact in there,
        }
        for row in shown
    ]
    return {**taken, "items": items}
