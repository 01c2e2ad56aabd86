"""Provider limits as Dagster pools: a paid call holds a slot of its provider's pool, as a step would.

    a call ──► its run's line ──► a slot released by another call of the run, while no other run waits for the pool
                          └─────► a slot claimed from Dagster's storage

Limits are thus visible and editable in Dagster's UI, and hold across all runs that share the instance. The storage is queried in
a thread of its own, for all waiting calls of a pool together. The priority of waiting steps determines which run is next: fair
between workspaces, and edits are not held up by bulk work (`store/fair_queue.py`). Rates are limited elsewhere.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeVar

from dagster import DagsterInstance
from sqlalchemy import select

from lecture_assets.defs.dagster_internals import ConcurrencyKeyInfo, ConcurrencySlotsTable, SqlEventLogStorage
from lecture_assets.defs.sync.outages import is_temporary
from lecture_assets.runner.setup.slots import PriorityQueue
from lecture_assets.store import fair_queue
from lecture_assets.store.database import Database
from lecture_assets.store.fair_queue import QueueTicket

T = TypeVar("T")

_BLOCKED_S = 0.2
"""Between two tries to claim, while calls wait for slots that others hold."""
_LOOK_S = 0.5
"""Between two checks of a pool's limit and of waiting runs, while slots are held: how soon a changed limit applies."""


def seed_pools(instance: DagsterInstance, limits: Mapping[str, int]) -> None:
    """Set the limits of pools that have none; limits set by a person stay."""
    storage = _storage(instance)
    infos = storage.get_concurrency_infos(list(limits))
    for pool, limit in limits.items():
        if _is_new(infos[pool]):
            storage.set_concurrency_slots(pool, limit)


def _is_new(info: ConcurrencyKeyInfo) -> bool:
    """Whether a pool has no limit of its own. An instance's default limit is shown as its limit, but comes without slots."""
    return info.limit is None or (info.using_default_limit and not info.slot_count)


def free_slots_of_dead_runs(instance: DagsterInstance, is_live: Callable[[str], bool]) -> list[str]:
    """Free what runs whose process is gone hold or wait for; returns these runs' ids.

    A run's status in Dagster is irrelevant: a canceled run may have a call in flight as long as its process is alive.
    """
    storage = _storage(instance)
    infos = storage.get_concurrency_infos(list(storage.get_concurrency_keys()))
    holders = {slot.run_id for info in infos.values() for slot in info.claimed_slots}
    dead = sorted(run for run in holders | storage.get_concurrency_run_ids() if not is_live(run))
    for run in dead:
        storage.free_concurrency_slots_for_run(run)
    return dead


def _storage(instance: DagsterInstance) -> SqlEventLogStorage:
    storage = instance.event_log_storage
    if not isinstance(storage, SqlEventLogStorage):
        message = f"{type(storage).__name__} does not support pools; use an instance with the event log of our dagster.yaml"
        raise TypeError(message)
    return storage


@dataclass(frozen=True, slots=True)
class _PoolState:
    """A pool's state in the storage.

    limit:       its number of slots
    others_wait: another run is waiting for a slot
    claimed:     our step keys whose slots were claimed by this check
    marked:      our slots that Dagster deletes on release because the limit was lowered
    """

    limit: int
    others_wait: bool
    claimed: Collection[str]
    marked: Collection[str]


@dataclass(slots=True)
class _PoolShare:
    """A run's share of a pool, and what it wants of it.

    line:        the run's calls that wait for a slot
    nodes:       the nodes of these calls, as names for step keys
    held:        step keys of the slots held, each by a call
    pending:     step keys that wait in the storage
    surplus:     step keys to release
    limit:       the pool's number of slots
    others_wait: another run is waiting for a slot
    marked:      our slots that Dagster deletes on release
    interactive: the run's calls take precedence over bulk work
    places:      the places of pending step keys in the line of all runs
    news:        set when the storage needs to be queried at once
    """

    line: PriorityQueue = field(default_factory=PriorityQueue)
    nodes: dict[str, None] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    pending: list[str] = field(default_factory=list)
    surplus: list[str] = field(default_factory=list)
    limit: int = 1
    others_wait: bool = False
    marked: Collection[str] = ()
    interactive: bool = False
    places: dict[str, float] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, keys: Collection[str]) -> None:
        """Hand newly claimed slots to the calls with the longest paths; release those that no call waits for."""
        for key in keys:
            self.pending.remove(key)
            turn = self.line.next()
            if turn is None:
                self.surplus.append(key)
            else:
                self.held.add(key)
                turn.set_result(None)

    def call_ended(self) -> None:
        """Pass the slot to the run's next call, or release it if another run is waiting or the limit was lowered."""
        turn = self.line.next() if len(self.held) <= self.limit and not self.others_wait else None
        if turn is not None:
            turn.set_result(None)
            return
        key = next((key for key in self.marked if key in self.held), None) or next(iter(self.held))
        self.held.remove(key)
        self.surplus.append(key)
        self.news.set()

    def adjust_pending(self, taken: Collection[str]) -> None:
        """Request as many slots as calls are in the line, up to the limit. taken: step keys used in other pools."""
        wanted = min(len(self.line), max(self.limit, 1) - len(self.held))
        while len(self.pending) > max(wanted, 0):
            self.surplus.append(self.pending.pop())
        used = {*taken, *self.held, *self.pending, *self.surplus}
        names = iter([*self.nodes, *(f"call ({number})" for number in range(wanted + len(used)))])
        while len(self.pending) < wanted:
            self.pending.append(next(name for name in names if name not in used))


class PoolSlots:
    """The pool slots of one run, on behalf of a workspace.

    database: records each workspace's use of a pool
    limits:   initial limits of pools that have none; 1 for a pool not listed
    """

    def __init__(
        self, database: Database, instance: DagsterInstance, run_id: str, limits: Mapping[str, int], workspace: str
    ) -> None:
        """Set up without claiming anything."""
        self._database = database
        self._storage = _storage(instance)
        self._run_id = run_id
        self._limits = limits
        self._workspace = workspace
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pool slots")
        self._pools: dict[str, _PoolShare] = {}
        self._keepers: list[asyncio.Task[None]] = []

    @asynccontextmanager
    async def hold(self, pool: str, critical_path_s: float, node: str, *, interactive: bool = False) -> AsyncIterator[None]:
        """Hold a slot of a pool for a node's call. critical_path_s: the longest path from here to the end."""
        mine = self._open(pool)
        mine.nodes[node] = None
        mine.interactive = interactive
        turn = mine.line.wait(critical_path_s)
        mine.news.set()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                mine.call_ended()
            raise
        finally:
            mine.nodes.pop(node, None)
        try:
            yield
        finally:
            mine.call_ended()

    async def close(self) -> None:
        """Release everything that the run holds or waits for."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        await self._in_thread(lambda: self._storage.free_concurrency_slots_for_run(self._run_id))
        self._thread.shutdown()

    def _open(self, name: str) -> _PoolShare:
        if name not in self._pools:
            self._pools[name] = _PoolShare()
            self._keepers.append(asyncio.create_task(self._keep(name, self._pools[name]), name=f"slots of {name}"))
        return self._pools[name]

    async def _keep(self, name: str, pool: _PoolShare) -> None:
        """Claim wanted slots, release surplus ones, check the limit: immediately on news, otherwise at intervals."""
        while True:
            pool.news.clear()
            pool.adjust_pending(
                [key for other in self._pools.values() if other is not pool for key in (*other.held, *other.pending)]
            )
            wanted, surplus = list(pool.pending), list(pool.surplus)
            pool.places = {key: place for key, place in pool.places.items() if key in wanted}
            try:
                state = await self._in_thread(lambda: self._query(name, pool, wanted, surplus))  # noqa: B023 - awaited in this turn
            except Exception as error:  # noqa: BLE001 - it is raised in the calls that wait for slots
                if not is_temporary(error):
                    pool.line.fail(error)
                await asyncio.sleep(_LOOK_S)
                continue
            pool.limit, pool.others_wait, pool.marked = state.limit, state.others_wait, state.marked
            pool.surplus = pool.surplus[len(surplus) :]
            pool.take(state.claimed)
            if not pool.surplus:
                await self._pause(pool)

    async def _pause(self, pool: _PoolShare) -> None:
        wait_s = _BLOCKED_S if pool.pending else _LOOK_S if pool.held or len(pool.line) else None
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await pool.news.wait()

    def _query(self, name: str, pool: _PoolShare, wanted: Collection[str], surplus: Collection[str]) -> _PoolState:
        """In the thread: release, claim, and read the pool's state."""
        for key in surplus:
            self._storage.free_concurrency_slot_for_step(self._run_id, key)
        info = self._storage.get_concurrency_info(name)
        if _is_new(info):
            self._storage.set_concurrency_slots(name, self._limits.get(name, 1))
            info = self._storage.get_concurrency_info(name)
        room = (info.limit or 0) - len(info.claimed_slots)
        ticket, line = QueueTicket(self._run_id, self._workspace, pool.interactive), f"{name} slot"
        mine = {slot.step_key for slot in info.claimed_slots if slot.run_id == self._run_id}
        claimed = [key for key in wanted if key in mine]  # by a query that failed after claiming
        if new := [key for key in wanted if key not in pool.places]:
            with self._database.write() as connection:
                pool.places |= {key: fair_queue.enqueue(connection, line, ticket, 1.0) for key in new}
        room += len(claimed)
        for key in (key for key in wanted if key not in mine):
            priority = pool.interactive - round(4 * pool.places[key])
            if room > len(claimed) and self._storage.claim_concurrency_slot(name, self._run_id, key, priority).is_claimed:
                claimed.append(key)
            elif room <= len(claimed):
                self._queue(name, key, priority)
        if claimed:
            with self._database.write() as connection:
                fair_queue.advance(connection, line, max(pool.places[key] for key in claimed))
        others_wait = any(step.run_id != self._run_id for step in info.pending_steps if step.assigned_timestamp is None)
        return _PoolState(info.limit or 0, others_wait, claimed, self._marked(name) if room < 0 else ())

    def _queue(self, name: str, key: str, priority: int) -> None:
        """Join Dagster's queue of a full pool, once."""
        if not self._storage.has_pending_step(name, self._run_id, key):
            assigned = self._storage.has_unassigned_slots(name)
            self._storage.add_pending_step(name, self._run_id, key, priority, should_assign=assigned)

    def _marked(self, name: str) -> Collection[str]:
        slots = ConcurrencySlotsTable.c
        ours = select(slots.step_key).where(slots.concurrency_key == name, slots.run_id == self._run_id, slots.deleted)
        with self._storage.index_connection() as connection:
            return set(connection.execute(ours).scalars())

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
