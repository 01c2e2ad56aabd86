"""The runs that were launched for worker services: a launcher adds a row, one service claims it, the end of the run removes it.

The rows are the only connection between launchers and services, so neither needs an address, a port or a password of the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from lecture_assets.store import worker_services as services
from lecture_assets.store.database import insert
from lecture_assets.store.notices import notify
from lecture_assets.store.schema import launched_runs, worker_services


@dataclass(frozen=True, slots=True)
class LaunchedRun:
    """A launched run that has not ended.

    service:     the worker service that has it; empty if none has claimed it yet
    lease_until: until when that service counts as alive; 0 if it is not registered any more
    """

    run_id: str
    service: str
    lease_until: float


def launch(connection: Connection, run_id: str, instance: str, now: float) -> None:
    """Offer a run to the worker services of its instance. A run that was offered before is not offered again."""
    row = {"run_id": run_id, "instance": instance, "launched_at": now}
    connection.execute(insert(connection.dialect.name, launched_runs).values(row).on_conflict_do_nothing())
    notify(connection)


def claim(connection: Connection, instance: str, service: str) -> str | None:
    """Claim the run that has waited longest; None if none waits. No two services get the same one, and none waits for another."""
    waiting = select(launched_runs.c.run_id).where(launched_runs.c.instance == instance, launched_runs.c.service.is_(None))
    first = waiting.order_by(launched_runs.c.launched_at).limit(1).with_for_update(skip_locked=True)
    run_id = connection.execute(first).scalar()
    if run_id is None:
        return None
    mine = update(launched_runs).where(launched_runs.c.run_id == run_id, launched_runs.c.service.is_(None))
    return str(run_id) if connection.execute(mine.values(service=service)).rowcount == 1 else None


def of_service(connection: Connection, service: str) -> Mapping[str, bool]:
    """The runs that a service has, and whether somebody wants each of them terminated."""
    mine = select(launched_runs.c.run_id, launched_runs.c.is_ending).where(launched_runs.c.service == service)
    return {row.run_id: bool(row.is_ending) for row in connection.execute(mine)}


def is_any_unclaimed(connection: Connection, instance: str) -> bool:
    """Whether a run waits for a service."""
    unclaimed = select(launched_runs.c.run_id).where(launched_runs.c.instance == instance, launched_runs.c.service.is_(None))
    return connection.execute(unclaimed.limit(1)).first() is not None


def find(connection: Connection, run_id: str) -> LaunchedRun | None:
    """A launched run; None if it was not launched, or has ended."""
    joined = launched_runs.join(worker_services, worker_services.c.service == launched_runs.c.service, isouter=True)
    found = select(launched_runs.c.service, worker_services.c.lease_until).select_from(joined)
    row = connection.execute(found.where(launched_runs.c.run_id == run_id)).one_or_none()
    return None if row is None else LaunchedRun(run_id, row.service or "", row.lease_until or 0.0)


def withdraw(connection: Connection, run_id: str) -> bool:
    """Take back a run that no service has claimed; False if one has, or the run was not launched."""
    unclaimed = delete(launched_runs).where(launched_runs.c.run_id == run_id, launched_runs.c.service.is_(None))
    return connection.execute(unclaimed).rowcount == 1


def ask_to_end(connection: Connection, run_id: str) -> None:
    """Have the service that has a run terminate it."""
    connection.execute(update(launched_runs).where(launched_runs.c.run_id == run_id).values(is_ending=1))
    notify(connection)


def end(connection: Connection, run_id: str, service: str) -> None:
    """Forget a run that has ended, unless another service has it by now."""
    connection.execute(delete(launched_runs).where(launched_runs.c.run_id == run_id, launched_runs.c.service == service))
    notify(connection)


def take_over_dead(connection: Connection, instance: str, service: str, now: float) -> Sequence[str]:
    """Take the runs of dead services, to report their end; their registrations are removed. No two services get the same one."""
    taken = list[str]()
    for name in services.dead(connection, instance, now):
        if name != service:
            services.remove_dead(connection, name, now)
            registered = select(worker_services.c.service).where(worker_services.c.service == name).exists()
            orphans = update(launched_runs).where(
                launched_runs.c.service == name, launched_runs.c.instance == instance, ~registered
            )
            taken += connection.execute(orphans.values(service=service).returning(launched_runs.c.run_id)).scalars()
    return taken
