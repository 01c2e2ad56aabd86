"""Tells Dagster what a run does while it does it: planned, made, failed. In a thread of its own, off the runner's path.

the runner ── watch ──► queue ──► what is planned, and what was edited before ──► in batches: what was made, what failed
"""

import logging
import queue
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from dagster import MetadataValue

from lecture_assets.defs.sync.events import failed_entry, planned_entry
from lecture_assets.defs.sync.metadata import EventDetails
from lecture_assets.defs.sync.publisher import EventLogPublisher
from lecture_assets.graph.node import Node
from lecture_assets.graph.plan import Planned
from lecture_assets.runner.setup.events import Event, NodeFinished, NodeStarted, Outcome, Started

_LOG = logging.getLogger(__name__)
_PAUSE_S = 0.25
"""Between two batches: a person sees each of them as it happens, and one commit serves many nodes."""
_BROKEN = {Outcome.FAILED, Outcome.BLOCKED}


@dataclass
class RunEventPublisher:
    """Between entering and leaving it tells what `watch` hears; after leaving, Dagster knows all that the store does.

    announced: nodes that Dagster itself told as planned, as somebody chose them to be materialized
    """

    publisher: EventLogPublisher
    announced: set[str] = field(default_factory=set)
    _received: "queue.SimpleQueue[Event | None]" = field(default_factory=queue.SimpleQueue)
    _planned: dict[str, Planned] = field(default_factory=dict)
    _began: dict[str, float] = field(default_factory=dict)
    _seconds: dict[str, float] = field(default_factory=dict)
    _outcomes: dict[str, Outcome] = field(default_factory=dict)
    _edits_published: bool = False

    def __enter__(self) -> Self:
        """Start listening."""
        self._thread = threading.Thread(target=self._listen, name="run publisher")
        self._thread.start()
        return self

    def __exit__(self, _type: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None) -> None:
        """Tell the rest. What was planned and not made where nothing went wrong was left as it was by a later edit."""
        self._received.put(None)
        self._thread.join()
        if error is None:
            self._made(name for name in self._planned if name not in self._outcomes)
        self.publisher.publish_all()

    def watch(self, event: Event) -> None:
        """Hear an event; costs nothing."""
        match event:
            case NodeStarted(node):
                self._began[node] = time.monotonic()
            case NodeFinished(node) if node in self._began:
                self._seconds[node] = time.monotonic() - self._began.pop(node)
        if isinstance(event, Started | NodeFinished):
            self._received.put(event)

    def _listen(self) -> None:
        try:
            while self._publish(self._batch()):
                time.sleep(_PAUSE_S)
        except Exception:  # noqa: BLE001 - the nodes are made all the same
            _LOG.exception("Dagster could not be told of what is made; it is told when the run ends")

    def _batch(self) -> list[Event | None]:
        heard = [self._received.get()]
        while not self._received.empty():
            heard.append(self._received.get())
        return heard

    def _publish(self, heard: list[Event | None]) -> bool:
        """One batch; False where it was the last."""
        for event in heard:
            if isinstance(event, Started):
                self._announce(event)
        if self._planned and not self._edits_published:
            self.publisher.publish_all({name: self._details(planned.node) for name, planned in self._planned.items()})
            self._edits_published = True
        ended = [event for event in heard if isinstance(event, NodeFinished)]
        self._outcomes |= {event.node: event.outcome for event in ended}
        self._made(event.node for event in ended if event.outcome not in _BROKEN)
        self._failed(event for event in ended if event.outcome in _BROKEN)
        return None not in heard

    def _announce(self, started: Started) -> None:
        """Tell that these nodes are being made; after an edit that landed meanwhile, those that were not told yet."""
        self._planned |= {planned.node.id: planned for planned in started.planned}
        for planned in started.planned:
            self._outcomes.pop(planned.node.id, None)
        new = [planned.node.id for planned in started.planned if planned.node.id not in self.announced]
        self.announced.update(new)
        self.publisher.store([planned_entry(self.publisher.origin, self.publisher.lecture, node) for node in new])

    def _made(self, names: Iterable[str]) -> None:
        nodes = {name: self._planned[name].node for name in names}
        if nodes:
            self.publisher.publish_made(nodes, {name: self._details(node) for name, node in nodes.items()})

    def _details(self, node: Node) -> EventDetails:
        because = tuple(reason.text for reason in self._planned[node.id].reasons)
        return EventDetails(because, self._seconds.get(node.id), str(self._outcomes.get(node.id, Outcome.KEPT)))

    def _failed(self, ended: Iterable[NodeFinished]) -> None:
        entries = []
        for event in ended:
            told = {str(event.outcome): MetadataValue.text(event.message), "node": MetadataValue.text(event.node)}
            entries.append(failed_entry(self.publisher.origin, self.publisher.lecture, event.node, told))
        self.publisher.store(entries)
