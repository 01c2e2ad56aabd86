"""The worker services: processes of any machine that execute launched runs. Their leases say which of them are alive.

All times are the store's (`clock.py`), so it does not matter what the machines' clocks show.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, text, update

from lecture_assets.store.clock import LEASE_S
from lecture_assets.store.migrate import HEAD
from lecture_assets.store.schema import launched_runs, worker_services


@dataclass(frozen=True, slots=True)
class WorkerServiceEntry:
    """What a worker service says of itself.

    service:  its name, unique for ever
    instance: the Dagster instance whose runs it executes
    code:     identifies the code that it has loaded
    places:   the most runs that it executes at once
    """

    service: str
    instance: str
    code: str
    places: int


@dataclass(frozen=True, slots=True)
class ServiceRole:
    """What a worker service is to do just now.

    takes_runs: it has the code of the newest deployment, as the database's tables have
    dispatches: it is the one that starts runs of lectures that wait
    """

    takes_runs: bool
    dispatches: bool


def register(connection: Connection, entry: WorkerServiceEntry, now: float) -> None:
    """Add a worker service."""
    row = {"service": entry.service, "instance": entry.instance, "code": entry.code, "places": entry.places}
    connection.execute(worker_services.insert().values(**row, registered_at=now, lease_until=now + LEASE_S))


def renew(connection: Connection, service: str, now: float) -> bool:
    """Extend a service's lease; False if it was declared dead."""
    mine = update(worker_services).where(worker_services.c.service == service)
    return connection.execute(mine.values(lease_until=now + LEASE_S)).rowcount == 1


def drain(connection: Connection, service: str) -> None:
    """Record that a service takes no more runs."""
    connection.execute(update(worker_services).where(worker_services.c.service == service).values(is_draining=1))


def leave(connection: Connection, service: str) -> None:
    """Remove a service that ends."""
    connection.execute(delete(worker_services).where(worker_services.c.service == service))


def remove_dead(connection: Connection, service: str, now: float) -> None:
    """Remove a service unless it renewed its lease meanwhile."""
    expired = delete(worker_services).where(worker_services.c.service == service, worker_services.c.lease_until <= now)
    connection.execute(expired)


def role_of(connection: Connection, entry: WorkerServiceEntry, now: float) -> ServiceRole:
    """What a service is to do, decided from those that are alive.

    Only services with the newest code take runs: the code that the first of its living services registered last. So in a rolling
    deployment the old ones stop from the first new one on, a run is never given to code that is older than what launched it, and
    the old ones continue if all the new ones die. None takes runs after a migration that its code does not know.
    Of those that take runs, the one registered first dispatches.
    """
    of_instance = (worker_services.c.instance == entry.instance) & (worker_services.c.is_draining == 0)
    living = select(worker_services).where(of_instance, worker_services.c.lease_until > now)
    by_code = defaultdict[str, list[tuple[float, str]]](list)
    for row in connection.execute(living):
        by_code[row.code].append((row.registered_at, row.service))
    newest = max(by_code, key=lambda code: (min(by_code[code]), code), default="")
    services = [service for _, service in sorted(by_code[newest])]
    takes_runs = entry.service in services and _has_known_tables(connection)
    return ServiceRole(takes_runs, takes_runs and services[0] == entry.service)


def _has_known_tables(connection: Connection) -> bool:
    return connection.execute(_VERSION).scalar() == HEAD


_VERSION = text("SELECT version_num FROM alembic_version")


def places(connection: Connection, instance: str, now: float) -> Sequence[int]:
    """The places of each living service that takes runs."""
    of_instance = (worker_services.c.instance == instance) & (worker_services.c.is_draining == 0)
    living = select(worker_services.c.places).where(of_instance, worker_services.c.lease_until > now)
    return connection.execute(living).scalars().all()


def dead(connection: Connection, instance: str, now: float) -> Sequence[str]:
    """The services that have runs or are registered, and whose lease has ended."""
    living = select(worker_services.c.service).where(worker_services.c.lease_until > now)
    of_instance = (launched_runs.c.instance == instance) & launched_runs.c.service.is_not(None)
    without = select(launched_runs.c.service).where(of_instance, launched_runs.c.service.not_in(living))
    expired = select(worker_services.c.service).where(
        worker_services.c.instance == instance, worker_services.c.lease_until <= now
    )
    return [str(name) for name in connection.execute(without.union(expired)).scalars()]
