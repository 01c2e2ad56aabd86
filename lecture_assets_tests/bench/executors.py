"""Two simpler executors, to be measured beside ours: a sequential one, and one in layers with barriers.

Both keep the lecture's graph as one JSON document in a table, and every write of it is durable. They
mark by walking readers from an edited node (no fingerprints, no early cutoff), and make a node by the `call` they are given.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from lecture_assets.graph.build import Graph
from lecture_assets.graph.dag import closure, topological_order

Document = dict[str, Any]
Call = Callable[[str], None]
"""Makes one node."""


class GraphTable:
    """The graph in one column: loaded whole, saved whole."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("CREATE TABLE video_lectures (id INTEGER PRIMARY KEY, dependency_graph TEXT)")

    def load(self) -> Document:
        """The graph of the one lecture there is."""
        (text,) = self._connection.execute("SELECT dependency_graph FROM video_lectures").fetchone()
        return json.loads(text)  # type: ignore[no-any-return]

    def save(self, document: Document) -> None:
        """Durable when this returns."""
        self._connection.execute("INSERT OR REPLACE INTO video_lectures VALUES (1, ?)", (json.dumps(document),))

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()


def document_of(graph: Graph, values: Mapping[str, Any]) -> Document:
    """Our graph in that form, everything clean."""
    return {
        node.id: {"dependsOn": list(node.read_ids), "status": "clean", "isDirty": False, "assetData": values.get(node.id)}
        for node in graph.nodes.values()
    }


def edit(table: GraphTable, node: str, value: str) -> None:
    """Store a person's words, mark all that is downstream dirty, save."""
    document = table.load()
    readers: dict[str, list[str]] = {name: [] for name in document}
    for name, entry in document.items():
        for source in entry["dependsOn"]:
            readers[source].append(name)
    document[node]["assetData"] = value
    for name in closure([node], readers) - {node}:
        document[name] |= {"isDirty": True, "status": "dirty"}
    table.save(document)


def sequential(table: GraphTable, call: Call) -> None:
    """One node after another, the graph saved before and after each."""
    document = table.load()
    for name in _dirty(document):
        document[name]["status"] = "generating"
        table.save(document)
        call(name)
        document[name] |= {"status": "clean", "isDirty": False}
        table.save(document)


def layered(table: GraphTable, limit: int, call: Call) -> None:
    """The queue of layers persisted, each in batches, a checkpoint after each layer."""
    document = table.load()
    layers = list(_layers(document))
    document["$queue"] = {"dependsOn": [], "isDirty": False, "layers": layers}
    table.save(document)
    for layer in layers:
        for start in range(0, len(layer), limit):
            for name in layer[start : start + limit]:
                call(name)
        for name in layer:
            document[name] |= {"status": "clean", "isDirty": False}
        table.save(document)


def _dirty(document: Document) -> list[str]:
    order = topological_order({name: entry["dependsOn"] for name, entry in document.items()})
    return [name for name in order if document[name]["isDirty"]]


def _layers(document: Document) -> Iterator[list[str]]:
    """Dirty nodes by their depth among dirty nodes."""
    depth: dict[str, int] = {}
    for name in _dirty(document):
        depth[name] = 1 + max((depth[source] for source in document[name]["dependsOn"] if source in depth), default=-1)
    for level in sorted(set(depth.values())):
        yield [name for name in depth if depth[name] == level]
