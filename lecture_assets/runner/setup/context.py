"""The context of a runner: store, providers, limits and clock, opened from the environment. Does no work itself."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection

from lecture_assets.briefs.brief import Brief
from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Role
from lecture_assets.graph.settings import Settings
from lecture_assets.ports import Clock, Provider, SystemClock
from lecture_assets.providers.cassette import Cassette
from lecture_assets.providers.catalogue import Catalogue, limits, read_catalogue
from lecture_assets.providers.model import Model
from lecture_assets.runner.setup.api_rates import ApiRates, api_rates
from lecture_assets.runner.setup.artifacts import media_redirect, media_url, open_artifacts
from lecture_assets.runner.setup.ceilings import ceilings
from lecture_assets.runner.setup.environment import (
    check_environment,
    database_url,
    database_wait,
    home_of,
    is_writable,
    workspace_of,
)
from lecture_assets.runner.setup.kept_replies import KeptReplies
from lecture_assets.runner.setup.login import has_proxy_login
from lecture_assets.runner.setup.slots import ConcurrencyLimiter, local_limiter, own_limits
from lecture_assets.runner.setup.webhook_loopback import webhook_loopback
from lecture_assets.runner.setup.worker_identity import lock_name, worker_name
from lecture_assets.store import clock as store_clock
from lecture_assets.store import lecture_names, requests
from lecture_assets.store.artifacts import Artifacts
from lecture_assets.store.belonging import ForeignMediaError, advance, require_old, settle
from lecture_assets.store.charges import Ceilings
from lecture_assets.store.clock import LEASE_S
from lecture_assets.store.database import Database
from lecture_assets.store.migrate import migrate
from lecture_assets.store.private import private_folder
from lecture_assets.store.requests import Claim, Lease

_LOCK_S = 1.0
"""Seconds to wait for a lock. A process killed while starting a worker leaves its lock to that child until the child's exec,
some milliseconds later."""


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who claims a lecture. gone: the prefix of the names of workers that are known to be dead; empty for none."""

    owner: str
    gone: str


def _nothing_foreign() -> None:
    """Media that are this database's."""


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a regeneration needs from outside.

    open_providers: start the adapters, by name, in the running event loop
    """

    home: Path
    workspace: str
    database: Database
    artifacts: Artifacts
    limits: Mapping[str, int]
    catalogue: Catalogue
    open_providers: Callable[[], Mapping[str, Provider]]
    clock: Clock = field(default_factory=SystemClock)
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    """Wait a number of seconds between two tries; tests replace it."""
    open_slots: Callable[[Mapping[str, int], str], ConcurrencyLimiter] = local_limiter
    """Open the slots of one regeneration in the running event loop, given the limits and the workspace."""
    ceilings: Ceilings = field(default_factory=Ceilings)
    """The most that may be spent."""
    find_foreign: Callable[[], ForeignMediaError | None] = _nothing_foreign
    """Look whether the media belong to another database, and return the error if so. Their place is asked once."""
    cassette: Cassette | None = None
    """Where exchanges with vendors are recorded, or replayed from."""
    worker: str = ""
    """The suffix of a worker's name; empty for a random word."""
    media_url: str = ""
    """What links to media in Dagster's events begin with: empty if they are to lead to the server that shows them."""
    media_redirect: bool = False
    """Whether browsers are sent to S3 for media, rather than served from here."""
    webhook_loopback: frozenset[tuple[str, int]] = frozenset()
    """Hosts and ports of this machine that webhooks may go to, over plain HTTP."""
    api_rates: ApiRates = field(default_factory=ApiRates)
    """How much one sender may ask the API for."""
    has_proxy_login: bool = False
    """Whether a proxy sees that who reaches Dagster's webserver is an operator."""
    uses_keys: bool = False
    """Whether lectures are named by their keys, whatever their workspace, as Dagster names them."""
    reads_files: bool = True
    """Whether an edit may name a file of this machine (`@FILE`); False where others than its users send edits."""
    queues_edits: bool = True
    """Whether an edit queues a regeneration, which buys; False for those who may edit and not spend."""

    @property
    def foreign(self) -> ForeignMediaError | None:
        """The error if the media belong to another database, else None."""
        return self.find_foreign()

    def model(self, name: str, role: Role) -> Model:
        """Return the model of this name, with today's prices; WrongInputError if it does not exist."""
        return self.catalogue.find(name, role)

    def model_of(self, settings: Settings) -> Callable[[Role], Model]:
        """The model that a lecture with these settings uses, by role; calling it raises WrongInputError for an unknown model."""
        return lambda role: self.model(str(settings.inputs[f"{role}-model"]), role)

    @property
    def default_models(self) -> Mapping[str, str]:
        """The model for each role of a lecture whose brief names none, whatever its language."""
        return {role.value: self.catalogue.default_model(role) for role in Role}

    def models_for(self, brief: Brief) -> Mapping[str, str]:
        """The model for each role of a lecture of this brief, which may name others."""
        return {role.value: self.catalogue.default_model(role, brief.language, brief.voice) for role in Role}

    def store_time(self, connection: Connection) -> float:
        """Return the store's time in seconds since 1970, which decides leases, rates, waits and months (`store/clock.py`)."""
        return store_clock.now(connection, self.clock)

    def store_time_now(self) -> float:
        """Return the store's time, read in a transaction of its own."""
        return self.database.reading(self.store_time)

    def of_all(self) -> "Context":
        """Return this context for lectures of all workspaces, which it names by their keys."""
        return replace(self, uses_keys=True)

    def key_of(self, connection: Connection, lecture: str) -> str:
        """Return the key of a lecture of this workspace. UnknownLectureError if there is none of this name."""
        return lecture if self.uses_keys else lecture_names.key_of(connection, self.workspace, lecture)

    def name_of(self, lecture: str) -> str:
        """Return what messages call a lecture that has this key: its id; the key itself if it is gone, or where keys are used."""
        if self.uses_keys:
            return lecture
        return self.database.reading(lambda connection: lecture_names.names_of(connection, {lecture}).get(lecture, lecture))

    def claimant(self, lecture: str, *, is_locked: bool) -> Claimant:
        """Return who claims a lecture. is_locked: it holds the lecture's lock file, so whoever held it before is dead."""
        lock = self.lock_path(lecture)
        return Claimant(worker_name(lock if is_locked else None, self.worker), lock_name(lock) if is_locked else "")

    def claim(self, connection: Connection, lecture: str, claimant: Claimant) -> Lease | str:
        """Claim a lecture. Returns the lease, or the owner's name if another live worker has it."""
        store_clock.catch_up(connection, self.clock)
        now = self.store_time(connection)
        return requests.claim(connection, lecture, Claim(claimant.owner, now, now + LEASE_S, claimant.gone))

    def renew(self, connection: Connection, lease: Lease) -> bool:
        """Extend the lease by its full length; False if it was lost."""
        return self.renewed_at(connection, lease) is not None

    def renewed_at(self, connection: Connection, lease: Lease) -> float | None:
        """Extend the lease by its full length. Return the store's time, None if the lease was lost."""
        now = self.store_time(connection)
        return now if requests.renew(connection, lease, now + LEASE_S) else None

    def is_whole(self, reply: Json) -> bool:
        """Whether a reply can be reused: it is a text, or the bytes it names are in the store."""
        return not isinstance(reply, dict) or "sha256" not in reply or self.artifacts.has(str(reply["sha256"]))

    @contextmanager
    def lock(self, lecture: str) -> Iterator[bool]:
        """Lock the lecture's file until the block or this process ends. False if another process of this machine keeps it.

        The lock decides nothing: it tells processes of one machine at once that a worker is dead, whose lease would tell later.
        """
        lock = FileLock(self.lock_path(lecture))
        try:
            lock.acquire(timeout=_LOCK_S, poll_interval=0.02)
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()

    def lock_path(self, name: str) -> Path:
        """Return the path of the lock file of this name in the home."""
        folder = self.home / "locks"
        folder.mkdir(exist_ok=True)
        return folder / f"{name}.lock"

    def close(self) -> None:
        """Close the database connections."""
        self.database.close()


def open_context(environ: Mapping[str, str], *, reads: bool = False) -> Context:
    """Open the store and providers that the environment names. WrongInputError names the wrong variable.

    Media of another database raise ForeignMediaError; with `reads` they are looked at when it matters (`Context.foreign`), unless
    the database does not exist: most of what is read needs no medium.
    reads: nothing will be written, so a read-only home is enough
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
            raise WrongInputError([Fault("LECTURES_RECORD", found, "a writable folder")]) from None
    database = Database(database_url(environ), database_wait(environ))
    artifacts = open_artifacts(environ, home, database)
    require_old(database, artifacts)
    migrate(database)
    find_foreign = cache(partial(settle, database, artifacts))
    if not reads and (foreign := find_foreign()) is not None:
        raise foreign
    artifacts.before_new = lambda: advance(database, artifacts)
    replies = KeptReplies(database, artifacts) if database.is_server else None
    return Context(
        home=home,
        workspace=workspace_of(environ),
        database=database,
        artifacts=artifacts,
        find_foreign=find_foreign,
        limits=limits(environ, catalogue, own_limits()),
        catalogue=catalogue,
        ceilings=ceilings(environ),
        open_providers=open_vendors(environ, home, catalogue, cassette, replies),
        cassette=cassette,
        media_url=media_url(environ),
        media_redirect=media_redirect(environ),
        webhook_loopback=webhook_loopback(environ),
        api_rates=api_rates(environ),
        has_proxy_login=has_proxy_login(environ),
    )
