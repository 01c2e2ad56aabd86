"""Publishes to Dagster what a run plans, makes and fails to make, as it happens, in a thread of its own beside the runner.

the runner ── watch ──► queue ──► what is planned, and earlier edits ──► in batches: what was made, what failed
"""

import logging
import queue
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from lecture_assets.defs.sync.events import planned_entry
from lecture_assets.defs.sync.metadata import EventDetails
from lecture_assets.defs.sync.outages import patiently
from lecture_assets.defs.sync.publisher import EventLogPublisher
from lecture_assets.graph.node import Node
from lecture_assets.graph.plan import Planned
from lecture_assets.runner.setup.events import BROKEN, Event, NodeFinished, NodeStarted, Outcome, Started

_LOG = logging.getLogger(__name__)
_PAUSE_S = 0.25
"""Between two batches: short enough to watch progress, long enough for one commit to serve many nodes."""
_FRESH = ("it was fresh, so it was kept; re-roll it to get another take",)


@dataclass
class RunEventPublisher:
    """Publishes the events that `watch` receives until it is exited; afterwards Dagster knows everything in the store.

    announced: nodes that are not published as planned, because a person chose them to be materialized
    own:       nodes of which Dagster expects an event from this run, though they may be fresh, or not in the lecture
    """

    publisher: EventLogPublisher
    announced: set[str] = field(default_factory=set)
    own: Collection[str] = ()
    _received: "queue.SimpleQueue[Event | None]" = field(default_factory=queue.SimpleQueue)
    _planned: dict[str, Planned] = field(default_factory=dict)
    _began: dict[str, float] = field(default_factory=dict)
    _seconds: dict[str, float] = field(default_factory=dict)
    _outcomes: dict[str, Outcome] = field(default_factory=dict)
    _edits_published: bool = False

    def __enter__(self) -> Self:
        """Start publishing."""
        self._thread = threading.Thread(target=self._publish_received, name="run publisher")
        self._thread.start()
        return self

    def __exit__(self, _type: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None) -> None:
        """Publish the rest. If nothing went wrong, a node that was planned but not made was left unchanged by a later edit."""
        self._received.put(None)
        self._thread.join()
        if error is None:
            patiently(lambda: self._made([name for name in self._planned if name not in self._outcomes]))
            patiently(lambda: self._kept([name for name in self.own if name not in self._planned]))
        patiently(self.publisher.publish_all)

    def watch(self, event: Event) -> None:
        """Receive an event without delaying the runner."""
        match event:
            case NodeStarted(node):
                self._began[node] = time.monotonic()
            case NodeFinished(node) if node in self._began:
                self._seconds[node] = time.monotonic() - self._began.pop(node)
        if isinstance(event, Started | NodeFinished):
            self._received.put(event)

    def _publish_received(self) -> None:
        try:
            while self._publish(self._batch()):
                time.sleep(_PAUSE_S)
        except Exception:  # noqa: BLE001 - the nodes are made regardless
            _LOG.exception("progress could not be published to Dagster; the result will be when the run ends")

    def _batch(self) -> list[Event | None]:
        batch = [self._received.get()]
        while not self._received.empty():
            batch.append(self._received.get())
        return batch

    def _publish(self, batch: list[Event | None]) -> bool:
        """Publish one batch; False if it was the last."""
        for event in batch:
            if isinstance(event, Started):
                self._announce(event)
        if self._planned and not self._edits_published:
            self.publisher.publish_all(leaving_out=self._planned)
            self._edits_published = True
        ended = [event for event in batch if isinstance(event, NodeFinished)]
        self._outcomes |= {event.node: event.outcome for event in ended}
        self._made([event.node for event in ended if event.outcome not in BROKEN])
        if broken := [event.node for event in ended if event.outcome in BROKEN]:
            self.publisher.publish_failed(broken)
        return None not in batch

    def _announce(self, started: Started) -> None:
        """Publish that these nodes are planned; after an edit during the run, only those not announced yet."""
        self._planned |= {planned.node.id: planned for planned in started.planned}
        for planned in started.planned:
            self._outcomes.pop(planned.node.id, None)
        new = [planned.node.id for planned in started.planned if planned.node.id not in self.announced]
        self.announced.update(new)
        self.publisher.announce([planned_entry(self.publisher.origin, self.publisher.lecture, node) for node in new])

    def _made(self, names: Collection[str]) -> None:
        nodes = {name: self._planned[name].node for name in names}
        if nodes:
            self.publisher.publish_made(nodes, {name: self._details(node) for name, node in nodes.items()})

    def _kept(self, names: Collection[str]) -> None:
        """Publish that these nodes are fresh or not in the lecture: Dagster calls a partition failed that gets no event."""
        if names:
            self.publisher.publish_kept(names, EventDetails(_FRESH, outcome=str(Outcome.KEPT)))

    def _details(self, node: Node) -> EventDetails:
        outcome = str(self._outcomes.get(node.id, Outcome.KEPT))
        return EventDetails((), self._planned[node.id].reasons, self._seconds.get(node.id), outcome)
