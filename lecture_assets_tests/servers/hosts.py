"""Hosts as network namespaces: each with a network of its own, whose cable to this machine can be pulled.

    this machine, 10.77.0.1 ──┬── cable ── worker host 1, 10.77.1.2
                              └── cable ── worker host 2, 10.77.2.2

For root on Linux with iproute2.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

_PROGRAM = shutil.which("ip") or ""
STORE = "10.77.0.1"
"""The address of this machine, on which the hosts reach its servers."""


def can_have_hosts() -> bool:
    """Whether this machine lets this process make network namespaces."""
    if os.getuid() != 0 or not _PROGRAM:
        return False
    name = f"lectures-try-{os.getpid()}"
    made = subprocess.run([_PROGRAM, "netns", "add", name], check=False, capture_output=True).returncode == 0
    if made:
        _ip("netns", "delete", name)
    return made


@dataclass(frozen=True, slots=True)
class Host:
    """A host. number: from 1 to 250."""

    number: int

    @property
    def name(self) -> str:
        """The name of its namespace."""
        return f"lectures-{os.getpid()}-{self.number}"

    @property
    def cable(self) -> str:
        """The name of this machine's end of its cable."""
        return f"lec{os.getpid() % 10**6}-{self.number}"

    def start(self, words: Sequence[str], environ: Mapping[str, str], output: Path) -> "subprocess.Popen[bytes]":
        """Start a command on it; what it prints goes into a file."""
        with output.open("ab") as file:
            return subprocess.Popen([_PROGRAM, "netns", "exec", self.name, *words], env=environ, stdout=file, stderr=file)

    def pull_cable(self) -> None:
        """Cut it off: nothing that is sent arrives, and nobody is told."""
        _ip("link", "set", self.cable, "down")

    def plug_cable(self) -> None:
        """Connect it again."""
        _ip("link", "set", self.cable, "up")
        _ip("-n", self.name, "route", "replace", "default", "via", f"10.77.{self.number}.1")


@contextmanager
def hosts(count: int) -> Iterator[list[Host]]:
    """So many hosts; their processes are the caller's to end."""
    with ExitStack() as stack:
        _ip("address", "add", f"{STORE}/32", "dev", "lo")
        stack.callback(_ip, "address", "delete", f"{STORE}/32", "dev", "lo")
        made = [Host(number) for number in range(1, count + 1)]
        for host in made:
            _ip("netns", "add", host.name)
            stack.callback(_ip, "netns", "delete", host.name)
            _ip("link", "add", host.cable, "type", "veth", "peer", "name", "uplink", "netns", host.name)
            stack.callback(_ip, "link", "delete", host.cable)  # with its namespace it would go later
            _ip("address", "add", f"10.77.{host.number}.1/24", "dev", host.cable)
            for words in (
                ("address", "add", f"10.77.{host.number}.2/24", "dev", "uplink"),
                ("link", "set", "uplink", "up"),
                ("link", "set", "lo", "up"),
            ):
                _ip("-n", host.name, *words)
            host.plug_cable()
        yield made


def _ip(*words: str) -> None:
    subprocess.run([_PROGRAM, *words], check=True, capture_output=True)
