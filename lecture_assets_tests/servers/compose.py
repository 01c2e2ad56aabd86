"""`deploy/compose.yaml` without containers: each service's command with its environment, on loopback, in a folder of the test.

PostgreSQL and S3 are the servers of the tests; images, volumes and limits are not looked at. Names of hosts become 127.0.0.1,
ports become free ones, and /var/lib/lectures and /tmp become folders of the test, wherever they stand in a command or a value.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from pathlib import Path
from shutil import which
from sysconfig import get_path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import URL

from lecture_assets_tests.deploy.files import DEPLOY, document
from lecture_assets_tests.project import ROOT
from lecture_assets_tests.servers.postgres import execute, free_port

SERVERS = ("postgres", "s3")
"""Services that are the servers of the tests."""
_PATIENCE_S = 180.0
_ENDS_S = 30.0
_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)(?:(:-|:\?)([^}]*))?\}")
_INHERITED = ("PATH", "HOME", "LANG", "PYTHONPATH", "LECTURES_SIM_KEPT")


@dataclass
class Service:
    """A service as it runs here. check: the command that tells whether it is healthy, if there is one."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str]
    check: Sequence[str]
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """What it and its checks write."""
        return self.folder / "logs" / f"{self.name}.log"

    def start(self) -> None:
        """Start the process; it leads a group of its own."""
        self.process = self._run(self.command)

    def wait_for_end(self) -> None:
        """Wait until it has done its work. AssertionError with its output if it failed."""
        assert self.process is not None
        assert self.process.wait(_PATIENCE_S) == 0, self.said()

    def wait_until_healthy(self) -> None:
        """Wait until its check succeeds. AssertionError with its output if it ends or never does."""
        until = time.monotonic() + _PATIENCE_S
        while self.check and self._run(self.check).wait(_PATIENCE_S):
            assert self.process is not None
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < until, self.said()
            time.sleep(1)

    def send(self, number: int) -> None:
        """Send a signal to the process alone: `docker stop` does so, too."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def end(self) -> None:
        """End it and all that it started."""
        if self.process is None:
            return
        self.send(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(_ENDS_S)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(_ENDS_S)

    def said(self) -> str:
        """The end of its output."""
        return f"{self.name}: {self.log.read_text(errors='replace')[-4000:]}"

    def _run(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        self.log.parent.mkdir(exist_ok=True)
        with self.log.open("ab") as log:
            return subprocess.Popen(command, env=self.environ, cwd=self.folder, stdout=log, stderr=log, start_new_session=True)


@dataclass
class Deployment:
    """The services of the compose file. url: of the webserver; environ: that of all services, for commands of a test."""

    folder: Path
    url: str
    environ: Mapping[str, str]
    services: dict[str, Service]
    after: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def start(self) -> None:
        """Start every service once those are as it wants them that it depends on; return when all are healthy."""
        order = TopologicalSorter({name: [one for one in needs if one not in SERVERS] for name, needs in self.after.items()})
        for name in order.static_order():
            for other, wanted in self.after[name].items():
                if other not in SERVERS:
                    self._wait(other, wanted["condition"])
            self.services[name].start()
        for service in self.services.values():
            service.wait_until_healthy()

    def _wait(self, name: str, condition: str) -> None:
        if condition == "service_completed_successfully":
            self.services[name].wait_for_end()
        elif condition == "service_healthy":
            self.services[name].wait_until_healthy()

    def end(self) -> None:
        """End all, the last first."""
        for service in reversed(self.services.values()):
            service.end()


@contextmanager
def deployment(folder: Path, postgres: URL, s3: Mapping[str, str], **more: str) -> Iterator[Deployment]:
    """The compose file's services on these servers, not yet started; at the end they are ended.

    folder: an empty one; more: variables of the environment in place of those of the file
    """
    compose = document("compose.yaml")
    native = _Native(folder, {"5432": postgres.port, "8333": urlsplit(s3["AWS_ENDPOINT_URL_S3"]).port}, more)
    _prepare(folder, native, postgres, compose)
    services = {}
    for name, service in compose["services"].items():
        if name not in SERVERS:
            environ = native.environ({**service.get("environment", {}), **s3, **more})
            services[name] = Service(name, native.words(service["command"]), environ, native.check(service), folder)
    after = {name: compose["services"][name].get("depends_on", {}) for name in services}
    url = native.text("http://webserver:3000")
    found = Deployment(folder, url, services["webserver"].environ, services, after)
    try:
        yield found
    finally:
        found.end()


def _prepare(folder: Path, native: "_Native", postgres: URL, compose: Mapping[str, Any]) -> None:
    """What the image and the servers have: the instance's settings, and empty databases."""
    (folder / "tmp").mkdir()
    home = folder / "home" / "dagster"
    home.mkdir(parents=True)
    for name in ("dagster.yaml", "workspace.yaml"):
        text = (DEPLOY / name).read_text(encoding="utf-8")
        (home / name).write_text(native.text(text).replace("host: code\n", "host: 127.0.0.1\n"))
    database = compose["services"]["postgres"]["environment"]["POSTGRES_DB"]
    execute(postgres, f"CREATE DATABASE {database}", *(one["content"] for one in compose["configs"].values()))


class _Native:
    """Translates what is in the file into what is here."""

    def __init__(self, folder: Path, ports: Mapping[str, Any], given: Mapping[str, str]) -> None:
        """ports: by the number in the file; given: values of variables."""
        self._folder, self._given = folder, given
        self._ports = {**ports, "3000": free_port(), "4000": free_port()}

    def text(self, text: str) -> str:
        """A value, or a part of a command."""
        text = _VARIABLE.sub(self._value, text).replace("$$", "$")
        text = re.sub(r"\b(?:postgres|s3|code|webserver)(?=:\d)", "127.0.0.1", text).replace("0.0.0.0", "127.0.0.1")  # noqa: S104
        text = re.sub(r"\b(" + "|".join(self._ports) + r")\b", lambda match: str(self._ports[match[0]]), text)
        text = re.sub(r"(?<![\w/])/tmp/", f"{self._folder}/tmp/", text)  # noqa: S108 - a container's own
        return text.replace("/var/lib/lectures", str(self._folder / "home"))

    def _value(self, match: re.Match[str]) -> str:
        name, kind, words = match.groups()
        return self._given.get(name) or (words if kind == ":-" else "given")

    def words(self, command: Sequence[str]) -> list[str]:
        """A command, with the programs of this virtual environment."""
        program, *rest = (self.text(word) for word in command)
        return [sys.executable if program == "python" else _program(program), *rest]

    def check(self, service: Mapping[str, Any]) -> list[str]:
        """The command of a health check; empty if there is none."""
        how, *words = service["healthcheck"].get("test", ["NONE"])
        command = {"NONE": [], "CMD": words, "CMD-SHELL": ["sh", "-c", *words]}[how]
        return self.words(command) if command else []

    def environ(self, values: Mapping[str, str]) -> dict[str, str]:
        """The environment of a service: the image's, then its own."""
        dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
        image = dict(re.findall(r"\b((?:LECTURES|DAGSTER)_[A-Z_]+|PYTHON[A-Z]+)=(\S+)", dockerfile.rpartition("\nENV ")[2]))
        ours = {key: os.environ[key] for key in _INHERITED if key in os.environ}
        ours["PATH"] = os.pathsep.join([get_path("scripts"), ours["PATH"]])
        ours["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, [ours.get("PYTHONPATH")])])
        return {**ours, **{key: self.text(str(value)) for key, value in {**image, **values}.items()}}


def _program(name: str) -> str:
    found = which(name, path=get_path("scripts")) or which(name)
    assert found is not None, f"{name} is not installed"
    return found
