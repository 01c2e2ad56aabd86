"""What each edit of a shadow would have made and cost, had everything before it been made. Makes and buys nothing.

    version k-1 as if made ─► planned with the settings of version k ─► its nodes, calls, price ─► as if made, for version k+1

What is not there yet stands for a result that differs from all others. So an edit that is undone costs nothing: what was there
before it is used again, as it would have been. Prices follow from the lecture's versions alone, and are written down once; what
a killed process did not write down is written down with the next question.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from lecture_assets.graph.apply_edits import newly_pinned
from lecture_assets.graph.build import build
from lecture_assets.graph.direct import input_versions
from lecture_assets.graph.fingerprint import canonical, digest
from lecture_assets.graph.plan import demanded
from lecture_assets.graph.settings import Settings
from lecture_assets.graph.staleness import Record, Takes, World, assess
from lecture_assets.runner.reading.node_values import NodeValues
from lecture_assets.runner.reading.shapes import ShadowPriceDocument
from lecture_assets.runner.reading.snapshot import Snapshot, plan_of, read_snapshot, supplied_record
from lecture_assets.runner.setup.context import Context
from lecture_assets.steps import facts_of
from lecture_assets.store import lectures, shadows
from lecture_assets.store.shadows import ShadowPrice


def priced(context: Context, lecture: str) -> None:
    """Write down what each version of a shadow would have cost, as far as it is not written down."""
    with context.database.read() as connection:
        found = list(_unwritten(context, connection, lecture))
    if found and not context.database.is_read_only:
        context.database.writing(lambda connection: shadows.save(connection, lecture, found))


def price_document(context: Context, lecture: str, version: int) -> ShadowPriceDocument | None:
    """Return what a version of a shadow would have made; None for its first version, which was there before."""
    priced(context, lecture)
    price = context.database.reading(lambda connection: shadows.price_of(connection, lecture, version))
    if price is None:
        return None
    return {
        "nodes": list(price.nodes),
        "calls": dict(price.calls),
        "low_usd_micros": price.low_usd_micros,
        "high_usd_micros": price.high_usd_micros,
        "estimate_seconds": price.seconds,
    }


def _unwritten(context: Context, connection: Connection, lecture: str) -> Iterator[ShadowPrice]:
    snapshot = read_snapshot(context, connection, lecture)
    written = shadows.prices(connection, lecture)
    newest = max((price.version for price in written), default=1)
    if not snapshot.head.is_shadow or newest >= snapshot.head.version:
        return
    snapshot.takes.load_others(connection)
    known = _AsIfMade(
        snapshot.takes, snapshot.records, lambda settings: NodeValues(context, lecture, settings, snapshot.takes.counting)
    )
    for price in written:
        known.made |= price.made.items()
    known.follow(lectures.settings_at(connection, lecture, 1))
    last = lectures.settings_at(connection, lecture, newest)
    before = known.follow(last)
    for version in range(newest + 1, snapshot.head.version + 1):
        settings, had = lectures.settings_at(connection, lecture, version), frozenset(known.made)
        supplied = {node: supplied_record(node, pin.pinned) for node, pin in newly_pinned(last, settings).items()}
        plan = plan_of(_as_if(snapshot, settings, {**before, **supplied}, known), connection)
        last, before = settings, known.follow(settings)
        low, high = plan.price_usd_micros
        yield ShadowPrice(
            version,
            lectures.origin(connection, lecture, version)["created_at"],
            [one.node.id for one in plan.nodes],
            plan.calls,
            low,
            high,
            round(plan.seconds, 3),
            dict(known.made - had),
        )


def _as_if(snapshot: Snapshot, settings: Settings, records: dict[str, Record], known: "_AsIfMade") -> Snapshot:
    """Return the lecture with these settings and records."""
    world = World(records=records, takes=known, steps=facts_of, values=known.values(settings))
    return replace(snapshot, graph=build(settings), records=records, world=world, earlier_values=None)


@dataclass
class _AsIfMade(Takes):
    """The takes that there are, and those that would have been made: by node and fingerprint.

    records: the records that there are
    values:  what nodes hold, in a lecture with these settings
    """

    takes: Takes
    records: Mapping[str, Record]
    values: Callable[[Settings], NodeValues]
    made: set[tuple[str, str]] = field(default_factory=set)

    def get(self, key: tuple[str, str], /) -> str | None:
        """Return the version of a take."""
        return self.takes.get(key) or (_version(key) if key in self.made else None)

    def follow(self, settings: Settings) -> dict[str, Record]:
        """Return the records of a lecture with these settings once all of it is made."""
        graph, found = build(settings), dict[str, Record]()
        versions: dict[str, str | None] = {**input_versions(graph)}
        wanted, world = demanded(graph), World(self.records, self, facts_of, self.values(settings))
        for node in graph.made:
            finding = assess(node, settings.of_node(node.id), versions, world)
            versions[node.id] = finding.version
            if finding.fingerprint is None:
                continue  # only pinned nodes read it
            if finding.version is None and node.id in wanted:
                self.made.add((node.id, finding.fingerprint))
                versions[node.id] = _version((node.id, finding.fingerprint))
            if version := versions[node.id]:
                found[node.id] = Record(version, finding.fingerprint, canonical(finding.recipe).decode())
        return found


def _version(key: tuple[str, str]) -> str:
    """Return a version that stands for a result nobody has."""
    return digest(["as if made", *key])
