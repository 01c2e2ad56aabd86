"""Regenerates one lecture: claim it, carry out plans until one ends with the head unchanged, finish."""

import asyncio
import math
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from lecture_assets.graph.build import build
from lecture_assets.graph.errors import BusyError, RefusedError
from lecture_assets.graph.plan import Plan
from lecture_assets.graph.staleness import Status
from lecture_assets.runner.calls.boundary import close_all
from lecture_assets.runner.calls.budget import Budget
from lecture_assets.runner.calls.rate_limiter import RateLimiter
from lecture_assets.runner.calls.service import CallService
from lecture_assets.runner.calls.settling import left_calls, settle
from lecture_assets.runner.reading.plan_document import graph_document, plan_document
from lecture_assets.runner.reading.snapshot import Snapshot, plan_of, read_snapshot
from lecture_assets.runner.regenerate.agreed_plan import check_new_plan, check_plan, check_rendering
from lecture_assets.runner.regenerate.ending import end_tasks, finish
from lecture_assets.runner.regenerate.lost_media import lost_media
from lecture_assets.runner.regenerate.node_recorder import RunState
from lecture_assets.runner.regenerate.plan_executor import PlanExecutor
from lecture_assets.runner.regenerate.rendering import Rendering
from lecture_assets.runner.regenerate.report import ConvergedDocument, RunReport
from lecture_assets.runner.regenerate.run_progress import RunProgress
from lecture_assets.runner.regenerate.scope import Scope, narrowed
from lecture_assets.runner.setup.context import Context
from lecture_assets.runner.setup.events import Replanned, Started, Watch
from lecture_assets.store import lectures, plans, requests
from lecture_assets.store.clock import LEASE_S
from lecture_assets.store.lectures import Head
from lecture_assets.store.plans import StoredPlan
from lecture_assets.store.requests import Lease
from lecture_assets.store.troubles import DatabaseTroubleError
from lecture_assets.store.writer import Writer

_SLEEP_CHECKS = 5
"""How often, between two renewals of a lease, to check whether the machine slept."""


async def regenerate(context: Context, lecture: str, scope: Scope, watch: Watch) -> ConvergedDocument:
    """Make what is stale. BusyError if another process has claimed it, RefusedError if the plan changed or costs too much.

    UnknownLectureError or WrongInputError if the lecture, a node or the segment does not exist; nothing is claimed then.
    """
    started_at = context.clock.uptime().seconds
    head = context.database.reading(lambda connection: lectures.head(connection, lecture))
    scope.targets(build(head.settings))
    context = replace(context, workspace=head.workspace)
    with context.lock(lecture) as is_locked, Rendering(context, watch) as rendering:
        async with _worker(context, head, watch, Budget(scope.max_cost_usd_micros), is_locked=is_locked) as (calls, progress):
            scope = narrowed(calls, scope)
            state = RunState(calls, progress.report, progress, started_at, _read(context, lecture), rendering)
            await _settle_left(state.calls, _wanted(state.snapshot))
            try:
                await _converge(state, scope)
            except RefusedError:
                progress.is_served = scope.as_queued  # it would be refused again
                raise
            await _settle_left(state.calls)
            progress.is_served = scope.as_queued
            fresh = {name for name, finding in state.snapshot.findings.items() if finding.status is Status.FRESH}
            state.report.cost_usd_micros += calls.lost_usd_micros()
            report = state.report.to_json(fresh)
            version = state.snapshot.head.version
    return {"lecture": head.name, "version": version, **report, "seconds": round(context.clock.uptime().seconds - started_at, 3)}


def _read(context: Context, lecture: str) -> Snapshot:
    return context.database.reading(lambda connection: read_snapshot(context, connection, lecture))


def _wanted(snapshot: Snapshot) -> frozenset[str]:
    """Return the call keys and nodes that this regeneration may make, and therefore settles itself."""
    keys: set[str] = set()
    for node, finding in snapshot.findings.items():
        if finding.status is not Status.FRESH:
            keys.add(snapshot.call_key(finding.node, finding.fingerprint) if finding.fingerprint else node)
    return frozenset(keys)


async def _settle_left(calls: CallService, wanted: frozenset[str] = frozenset()) -> None:
    """Settle the calls abandoned by dead workers, except the wanted ones."""
    own = calls.lease.lecture
    rows = [
        row
        for row in left_calls(calls.context)
        if row["call_key"] not in wanted and not (row["lecture"] == own and row["node"] in wanted)
    ]
    if rows:
        await settle(calls.context, calls.providers, rows)


@asynccontextmanager
async def _worker(
    context: Context, head: Head, watch: Watch, budget: Budget, *, is_locked: bool
) -> AsyncIterator[tuple[CallService, RunProgress]]:
    """Claim the lecture, renew its lease, and open a writer and the providers; release everything at the end."""
    writer = Writer(context.database)
    providers, slots = context.open_providers(), context.open_slots(context.limits, head.workspace)
    rate_limiter = RateLimiter(context.database, context.store_time, head.workspace, uuid.uuid4().hex)
    try:
        claimant = context.claimant(head.lecture, is_locked=is_locked)
        lease = await writer.submit(lambda c: context.claim(c, head.lecture, claimant))
        if isinstance(lease, str):
            raise BusyError(head.name)
        renewing, progress = asyncio.create_task(_renew(context, writer, lease)), RunProgress(RunReport(), lease, lease.version)
        calls = CallService(
            context, writer, providers, slots, rate_limiter, lease, head.workspace, watch, budget, LEASE_S * 2 / 3
        )
        try:
            yield calls, progress
        finally:
            renewing.cancel()
            await writer.submit(partial(_release, calls, progress), -math.inf)
    finally:
        await rate_limiter.close()
        await slots.close()
        await close_all(providers)
        await writer.close()


def _release(calls: CallService, progress: RunProgress, connection: Connection) -> None:
    """Release the lecture, unless the regeneration finished it."""
    state = requests.release(connection, replace(calls.lease, before="none") if progress.is_served else calls.lease)
    if state is not None:
        progress.lost_usd_micros = calls.lost_usd_micros()
        progress.ended(connection, calls.context.store_time(connection), is_queued=state == "queued")


async def _renew(context: Context, writer: Writer, lease: Lease) -> None:
    """Renew the lease every third of its duration. A failed renewal is retried at the next turn: writes check the lease anyway.

    After the machine slept, the lease is renewed within a second, not only after five more seconds awake.
    """
    while True:
        renewed_at = context.clock.uptime().seconds
        for _ in range(_SLEEP_CHECKS):
            await asyncio.sleep(LEASE_S / 3 / _SLEEP_CHECKS)
            if context.clock.uptime().seconds - renewed_at > LEASE_S / 3:
                break
        with suppress(SQLAlchemyError, DatabaseTroubleError):
            await writer.submit(lambda c: context.renew(c, lease))


async def _converge(state: RunState, scope: Scope) -> None:
    """Carry out plans until one ends with the head unchanged and all media of the timeline there."""
    plan = _plan(state, scope)
    check_plan(plan, state.calls.context, scope.token, scope.max_cost_usd_micros)
    try:
        while not await _round(state, plan, is_partial=scope.targets(state.snapshot.graph) is not None):
            state.snapshot = await _read_again(state, plan)
            state.calls.watch(Replanned(state.snapshot.head.version, state.lost))
            state.report.replan()
            plan = _plan(state, scope)
            check_new_plan(plan, scope.max_cost_usd_micros, state.calls.budget.committed_usd_micros)
        await finish(state.leftover)
    except RefusedError:
        with suppress(Exception):
            await finish(state.leftover)
        raise
    finally:
        await end_tasks(state.calls, state.leftover, state.writing)
        await state.calls.withdraw_unsent()


async def _round(state: RunState, plan: Plan, *, is_partial: bool) -> bool:
    """Store one plan and carry it out. Return False if an edit or lost media require another."""
    calls, state.lost = state.calls, 0
    document = plan_document(plan, state.snapshot.head.name)
    stored = StoredPlan(plan.version, plan.token, graph_document(state.snapshot), document, calls.context.clock.now())

    def save(connection: Connection) -> int:
        requests.planned(connection, calls.lease, len(plan.purchases))
        state.progress.planned(connection, plan, calls.context.store_time(connection))
        return plans.save(connection, plan.lecture, stored)

    since = await calls.writer.submit(save)
    state.progress.begin(plan)
    calls.watch(Started(plan.version, len(plan.nodes), plan.calls, plan.price_usd_micros, plan.seconds, plan.nodes, since))
    round_ = PlanExecutor(state, plan)
    if not await round_.run():
        return False
    if not (is_partial or state.has_lost):
        state.lost = await asyncio.to_thread(lost_media, calls.context, plan.lecture)
        state.has_lost = state.lost > 0
        if state.has_lost:
            return False

    def finish(connection: Connection) -> bool:
        _require_lease(connection, calls)
        if is_partial:
            return True
        if round_.is_whole:
            lectures.publish(connection, plan.lecture, plan.version)
        now = calls.context.store_time(connection)
        if not requests.finish(connection, calls.lease, plan.version, now=now):
            return False
        state.progress.ended(connection, now, is_queued=requests.state_of(connection, plan.lecture) == "queued")
        return True

    state.progress.lost_usd_micros = calls.lost_usd_micros()
    state.progress.converged()
    is_finished = await calls.writer.submit(finish)
    if not is_finished:
        state.progress.outcome = "stopped"
    return is_finished


def _require_lease(connection: Connection, calls: CallService) -> None:
    """Raise RefusedError if another process has the lecture. A lease that merely expired (the machine slept) is renewed."""
    if not calls.context.renew(connection, calls.lease):
        message = (
            f"lecture {calls.context.name_of(calls.lease.lecture)} was taken over by another process; what was made here is kept"
        )
        raise RefusedError(message)


async def _read_again(state: RunState, plan: Plan) -> Snapshot:
    """Read the current lecture, including everything written so far. RefusedError if the lease is lost."""
    calls = state.calls
    await calls.writer.submit(lambda c: _require_lease(c, calls))
    return _read(calls.context, plan.lecture)


def _plan(state: RunState, scope: Scope) -> Plan:
    targets = scope.targets(state.snapshot.graph)
    plan = state.calls.context.database.reading(lambda connection: plan_of(state.snapshot, connection, targets))
    if scope.renders_only:
        check_rendering(plan)
    return plan
