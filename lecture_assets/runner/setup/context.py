"""What a runner works with: the store, the providers, limits and a clock, from the environment. Opens; does no work."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection

from lecture_assets.graph.errors import BusyError, Fault, WrongInputError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.lecture import Role
from lecture_assets.ports import Clock, Provider, SystemClock
from lecture_assets.providers.cassette import Cassette
from lecture_assets.providers.catalogue import Catalogue, Model, limits, read_catalogue
from lecture_assets.runner.setup.ceilings import ceilings
from lecture_assets.runner.setup.environment import (
    check_environment,
    database_url,
    database_wait,
    home_of,
    is_writable,
    workspace_of,
)
from lecture_assets.runner.setup.slots import ConcurrencyLimiter, local_limiter
from lecture_assets.runner.setup.worker_identity import lock_name, worker_name
from lecture_assets.store import clock as store_clock
from lecture_assets.store import requests
from lecture_assets.store.artifacts import Artifacts
from lecture_assets.store.belonging import ForeignMediaError, advance, require_old, settle
from lecture_assets.store.charges import Ceilings
from lecture_assets.store.clock import LEASE_S
from lecture_assets.store.database import Database
from lecture_assets.store.migrate import migrate
from lecture_assets.store.private import private_folder
from lecture_assets.store.requests import Claim, Lease

_LOCK_S = 1.0
"""How long a lock is waited for: a process that was killed while it started a worker leaves the lock to that child until the
child's exec, some milliseconds later."""


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a regeneration needs from outside. open_providers starts the adapters, by name, in the running event loop."""

    home: Path
    workspace: str
    database: Database
    artifacts: Artifacts
    limits: Mapping[str, int]
    catalogue: Catalogue
    open_providers: Callable[[], Mapping[str, Provider]]
    clock: Clock = field(default_factory=SystemClock)
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    """Waits so many seconds between two tries; a test need not."""
    open_slots: Callable[[Mapping[str, int], str], ConcurrencyLimiter] = local_limiter
    """Where calls get their slots, given the limits and the workspace; in the running event loop, for one regeneration."""
    ceilings: Ceilings = field(default_factory=Ceilings)
    """What may be spent at most."""
    foreign: ForeignMediaError | None = None
    """That the media folder is not the database's own; None where it is."""
    cassette: Cassette | None = None
    """Where what vendors deliver is recorded, or played from."""
    worker: str = ""
    """What a worker's name ends with; a random word where it is empty."""

    def model(self, name: str, role: Role) -> Model:
        """The model of this name, with today's prices; WrongInputError where there is none."""
        return self.catalogue.find(name, role)

    @property
    def default_models(self) -> Mapping[str, str]:
        """What a lecture uses for a role where its brief names no model."""
        return {role.value: self.catalogue.default_model(role) for role in Role}

    def store_time(self, connection: Connection) -> float:
        """The store's time, in seconds since 1970: what leases, paces, waits and months go by (`store/clock.py`)."""
        return store_clock.now(connection, self.clock)

    def store_time_now(self) -> float:
        """The same, where nothing else is asked of the store."""
        with self.database.read() as connection:
            return self.store_time(connection)

    def claim(self, connection: Connection, lecture: str) -> Lease | str:
        """A lease on a lecture whose lock is held; the owner's name where another is alive at it."""
        lock = self.lock_path(lecture)
        store_clock.catch_up(connection, self.clock)
        now = self.store_time(connection)
        return requests.claim(connection, lecture, Claim(worker_name(lock, self.worker), now, now + LEASE_S, lock_name(lock)))

    def renew(self, connection: Connection, lease: Lease) -> bool:
        """The lease begins again; False where it was lost."""
        return requests.renew(connection, lease, self.store_time(connection) + LEASE_S)

    def is_whole(self, reply: Json) -> bool:
        """Whether a reply can be used again: it is a text, or the bytes it names are there."""
        return not isinstance(reply, dict) or "sha256" not in reply or self.artifacts.has(str(reply["sha256"]))

    def lock(self, lecture: str) -> AbstractContextManager[object]:
        """The lecture's lock file, held until the end of a `with`, or of its holder. BusyError where another is at it."""
        lock = FileLock(self.lock_path(lecture))
        try:
            return lock.acquire(timeout=_LOCK_S, poll_interval=0.02)
        except Timeout:
            raise BusyError(lecture, "another process") from None

    def lock_path(self, name: str) -> Path:
        """The lock file of this name, in the home."""
        folder = self.home / "locks"
        folder.mkdir(exist_ok=True)
        return folder / f"{name}.lock"

    def close(self) -> None:
        """Give the connections back."""
        self.database.close()


def open_context(environ: Mapping[str, str], *, reads: bool = False) -> Context:
    """The store and providers that the environment names. WrongInputError names the variable that is wrong.

    ForeignMediaError where the media folder is not the database's; who only `reads` finds it in the context, for all but a
    database that is not there.
    reads: nothing will be written, so that a home will do that may only be read
    """
    from lecture_assets.runner.setup.vendors import cassette_of, open_vendors  # noqa: PLC0415 - media libraries, and the vendors' packages

    check_environment(environ, reads=reads)
    home, catalogue, cassette = home_of(environ), read_catalogue(environ), cassette_of(environ)
    if not reads or is_writable(home):
        private_folder(home, "lectures.db", "migrate.lock")
    if cassette is not None:
        try:
            cassette.open()
        except OSError as error:
            found = f"{environ['LECTURES_RECORD']!r}: {error.strerror}"
            raise WrongInputError([Fault("LECTURES_RECORD", found, "a folder that may be written")]) from None
    database = Database(database_url(environ), database_wait(environ))
    artifacts = Artifacts(Path(environ.get("LECTURES_ARTIFACTS") or home / "artifacts").absolute())
    require_old(database, artifacts)
    migrate(database, home / "migrate.lock")
    foreign = settle(database, artifacts)
    if foreign is not None and not reads:
        raise foreign
    artifacts.before_new = lambda: advance(database, artifacts)
    return Context(
        home=home,
        workspace=workspace_of(environ),
        database=database,
        artifacts=artifacts,
        foreign=foreign,
        limits=limits(environ, catalogue),
        catalogue=catalogue,
        ceilings=ceilings(environ),
        open_providers=open_vendors(environ, home, catalogue, cassette),
        cassette=cassette,
    )
