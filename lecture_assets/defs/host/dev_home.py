"""The home that `lectures dev` serves: locked, its fork server running, its instance open. Also that of a worker service."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import yaml
from dagster import DagsterError, DagsterInstance
from dagster import _check as check
from filelock import FileLock, Timeout

from lecture_assets.defs.dagster_internals import DagsterPostgresException, DefaultRunCoordinator, InstanceRef
from lecture_assets.defs.host.dev_child import ChildFailedError
from lecture_assets.defs.host.fork_server import start_by_fork
from lecture_assets.defs.host.fork_server_client import ForkServerClient
from lecture_assets.defs.host.instance import dagster_home, prepare_instance
from lecture_assets.defs.host.launcher import PRELOAD, ForkingRunLauncher, instance_modules
from lecture_assets.defs.sensor_pace import RARE, VARIABLE
from lecture_assets.graph.errors import Fault, RefusedError, WrongInputError
from lecture_assets.store.private import private_folder

_MODULES = ("dagster._cli", "dagster._grpc.server", "lecture_assets.defs.dev_daemon", "lecture_assets.defs.host.webserver")
"""What the children need beside the lectures' code."""


@contextmanager
def serving(environ: Mapping[str, str], folder: Path) -> Iterator[tuple[ForkServerClient, DagsterInstance]]:
    """The running fork server and the open instance. The server is forked from this process before the instance is open."""
    with _unusable(folder.parent):
        ref = InstanceRef.from_dir(str(prepare_instance(environ)))
        server = _fork_server(ref)
        private_folder(folder, "address", "lock")
        if isinstance(ref.run_launcher, ForkingRunLauncher) and isinstance(ref.run_coordinator, DefaultRunCoordinator):
            os.environ.setdefault(VARIABLE, RARE)  # the daemon does the sensors' work; this process is going to load them
    with alone(folder):
        try:
            _start(server)
            with _opened(ref, folder.parent) as instance:
                yield server, instance
        finally:
            server.end()


@contextmanager
def forking(environ: Mapping[str, str], folder: Path) -> Iterator[tuple[ForkServerClient, DagsterInstance]]:
    """The running fork server of a worker service, in a folder of its own, and the open instance, which others have open, too."""
    home = dagster_home(environ)
    with _unusable(home):
        ref = InstanceRef.from_dir(str(prepare_instance(environ)))
    server = ForkServerClient(folder, lambda: [*instance_modules(ref), *PRELOAD])
    try:
        _start(server)
        with _opened(ref, home) as instance:
            yield server, instance
    finally:
        server.end()


@contextmanager
def _opened(ref: InstanceRef, home: Path) -> Iterator[DagsterInstance]:
    with _unusable(home):
        instance = DagsterInstance.from_ref(ref)
        instance.run_launcher  # noqa: B018 - it is loaded lazily
    with instance:
        yield instance


def _start(server: ForkServerClient) -> None:
    try:
        server.replace(start_by_fork)
    except OSError as error:
        raise ChildFailedError(str(error)) from error


@contextmanager
def _unusable(home: Path) -> Iterator[None]:
    """Turn what Dagster says of an instance's folder and settings into WrongInputError."""
    try:
        yield
    except (OSError, ValueError, TypeError, yaml.YAMLError, DagsterError, DagsterPostgresException, check.CheckError) as error:
        found = f"{str(home)!r} ({' '.join(str(error).split())[:200]})"
        raise WrongInputError(
            [Fault("DAGSTER_HOME", found, "a writable folder; its dagster.yaml, if it has one, must be valid")]
        ) from error


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the instance's lock, so that it has one server; a file records the server's address."""
    note = folder / "address"
    try:
        with FileLock(folder / "lock").acquire(timeout=0):
            yield
    except Timeout:
        where = note.read_text() if note.exists() else "another address"
        message = f"{folder.parent} is already being served, at {where}; open that address, or end that server first"
        raise RefusedError(message) from None


def _fork_server(ref: InstanceRef) -> ForkServerClient:
    """The fork server of the run launcher, if it has one, so that children and runs share what is loaded."""
    launcher = ref.run_launcher
    if isinstance(launcher, ForkingRunLauncher):
        return launcher.server_in(ref, _MODULES)
    return ForkServerClient(Path(ref.local_artifact_storage.base_dir) / "workers", lambda: [*PRELOAD, *_MODULES])
