"""One lecture in one request. What several of its fields need is read once; nothing is read for each row of a list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from sqlalchemy import RowMapping

from lecture_assets.api.request import ApiRequest
from lecture_assets.api.values import timeline_document, value_document
from lecture_assets.briefs.brief import INPUT_OF, TITLE_NODE
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Role
from lecture_assets.graph.staleness import Status
from lecture_assets.runner.reading.conflicts import conflicts
from lecture_assets.runner.reading.contradictions import contradictions
from lecture_assets.runner.reading.costs import CeilingDocument, remaining_of
from lecture_assets.runner.reading.draft import draft_timeline
from lecture_assets.runner.reading.known_parts import known_parts
from lecture_assets.runner.reading.shapes import ConflictDocument
from lecture_assets.runner.reading.snapshot import Snapshot, snapshot_of
from lecture_assets.runner.reading.status import statuses_of
from lecture_assets.store import lectures, ledger_queries, records


def find_lecture(request: ApiRequest, name: str | None = None, *, key: str | None = None) -> "LectureView | None":
    """Return a lecture of the request's workspace, by its id or its key; None if it has no such one.

    The one place where that is decided: what is not there and what is another workspace's are the same.
    """

    def read() -> LectureView | None:
        row = lectures.row_of(request.connection, request.context.workspace, name=name, key=key)
        return None if row is None else LectureView(request, row)

    return request.once(("lecture", name, key), read)


@dataclass
class LectureView:
    """A lecture at its newest version. Its properties are fields of the schema's type `Lecture`."""

    request: ApiRequest
    row: RowMapping

    @property
    def id(self) -> str:
        """The id that people use."""
        return str(self.row["name"])

    @property
    def key(self) -> str:
        """What everything stored refers to it by."""
        return str(self.row["id"])

    @property
    def version(self) -> int:
        """The head's version."""
        return int(self.row["head"])

    @property
    def published_version(self) -> int:
        """The newest version with a timeline; 0 for none."""
        return int(self.row["published"])

    @property
    def is_shadow(self) -> bool:
        """Whether it is planned and priced, and never made."""
        return bool(self.row["is_shadow"])

    @property
    def created_at(self) -> float:
        """In seconds since 1970."""
        return float(self.row["created_at"])

    @cached_property
    def snapshot(self) -> Snapshot:
        """All that its status and plan follow from."""
        snapshot = snapshot_of(self.request.context, self.request.connection, lectures.head_of(self.request.connection, self.row))
        snapshot.takes.load_others(self.request.connection)
        return snapshot

    @cached_property
    def statuses(self) -> Mapping[str, Status]:
        """The status of each node that a run makes."""
        if all(finding.status is Status.FRESH for finding in self.snapshot.findings.values()):
            return statuses_of(self.snapshot, set())  # nothing is made, whatever is under way
        now = self.request.context.store_time(self.request.connection)
        return statuses_of(self.snapshot, ledger_queries.underway(self.request.connection, self.key, now))

    @cached_property
    def conflicting(self) -> Mapping[str, ConflictDocument]:
        """What is to be decided, by node."""
        return conflicts(self.snapshot, self.request.connection)

    @cached_property
    def title(self) -> str | None:
        """What the title's node holds."""
        value = records.load_values(self.request.connection, self.key, [TITLE_NODE]).get(TITLE_NODE)
        return value if isinstance(value, str) else None

    @property
    def settings(self) -> dict[str, Any]:
        """The inputs by the keys of a brief."""
        inputs = self.snapshot.graph.settings.inputs
        prompt: Any = inputs["user-prompt"]
        own = {key: inputs[name] for key, name in INPUT_OF.items() if name in inputs and "." not in key and name != "user-prompt"}
        lexicon = cast("dict[str, str]", inputs["lexicon"])
        own["lexicon"] = [{"show": shown, "say": said} for shown, said in lexicon.items()]
        return {**own, **prompt, "models": {role.value: inputs[f"{role}-model"] for role in Role}}

    @property
    def segments(self) -> list[dict[str, Any]]:
        """The segments in play order."""
        settings = self.snapshot.graph.settings
        return [
            {"slot": slot, "position": position, "added": slot in settings.added} for position, slot in enumerate(settings.order)
        ]

    @property
    def timeline(self) -> dict[str, Any]:
        """What plays when, as far as it is made."""
        return timeline_document(draft_timeline(self.snapshot, self.request.connection))

    @property
    def costs(self) -> "LectureView":
        """Its ledger: `cost_fields.py` reads it."""
        return self

    @property
    def ceilings(self) -> list[CeilingDocument]:
        """What is left of each ceiling."""
        return remaining_of(self.request.context, self.request.connection, self.key, self.request.context.workspace)

    @property
    def warnings(self) -> list[str]:
        """Settings that contradict each other."""
        settings = self.snapshot.graph.settings
        known = known_parts(self.snapshot, self.request.connection)
        return contradictions(settings, self.request.context.model_of(settings), known)

    @property
    def progress(self) -> dict[str, Any]:
        """How far it is made."""
        shown = [self.statuses[node.id] for node in self.snapshot.shown]
        counts = {status: shown.count(status) for status in Status}
        return {
            "regeneration": self.row["state"],
            "nodes": len(shown),
            "statuses": [{"status": status, "count": count} for status, count in counts.items() if count],
            "spent_usd_micros": ledger_queries.spent_by(self.request.connection, self.key),
        }

    def values_of(self, nodes: Iterable[str]) -> dict[str, Json]:
        """What these nodes hold now."""
        return records.load_values(self.request.connection, self.key, nodes)

    def conflict(self, node: str) -> dict[str, Any] | None:
        """What is to be decided about a node, with typed values."""
        found = self.conflicting.get(node)
        if found is None:
            return None
        holds = self.snapshot.graph.nodes[node].kind.holds
        return {
            "node": node,
            "base": value_document(holds, found["base"]),
            "mine": value_document(holds, found["mine"]),
            "theirs": value_document(holds, found["theirs"]),
            "merged": found["merged"],
        }
