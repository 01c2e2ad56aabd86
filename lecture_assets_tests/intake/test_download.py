"""Untrusted URLs: only public https is allowed, within limits; on this machine only what is configured."""

import asyncio
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.intake import download
from lecture_assets.intake.unfit import UnfitMediumError, UnreachableMediumError
from lecture_assets_tests.providers.raw_server import DRIP, SILENCE, RawServer, answer

PRIVATE = [
    "https://localhost/x",
    "https://127.0.0.1/x",
    "https://127.1/x",
    "https://2130706433/x",
    "https://0x7f.1/x",
    "https://0/x",
    "https://10.0.0.1/x",
    "https://172.16.3.4/x",
    "https://192.168.1.1/x",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/x",
    "https://198.18.0.1/x",
    "https://224.0.0.1/x",
    "https://255.255.255.255/x",
    "https://[::1]/x",
    "https://[::]/x",
    "https://[::ffff:127.0.0.1]/x",
    "https://[::ffff:10.0.0.1]/x",
    "https://[64:ff9b::7f00:1]/x",
    "https://[2002:7f00:1::]/x",
    "https://[fe80::1]/x",
    "https://[fc00::1]/x",
    "https://[ff02::1]/x",
]
NO_URLS = [
    "http://93.184.216.34/x",
    "ftp://93.184.216.34/x",
    "file:///etc/passwd",
    "https://user:secret@93.184.216.34/x",
    "https:///x",
    "https://[::1/x",
    "https://93.184.216.34:99999/x",
    "gopher://93.184.216.34/x",
]


OCTAL = ["0177.0.0.1", "017700000001", "0x7f000001", "0x7f.0x0.0x0.0x1", "127.0.1", "127.000.000.001", "0.0.0.0", "00.0.0.0"]  # noqa: S104
DISGUISED = ["127。0。0。1", "１２７.0.0.1", "ⓛocalhost", "localhost.", "LOCALHOST", "localhost.localdomain", "[::127.0.0.1]"]
METADATA = ["169.254.169.254.", "[::ffff:a9fe:a9fe]", "[fd00:ec2::254]", "metadata.google.internal", "2852039166", "0xa9fea9fe"]
LOOKALIKES = [
    "replicate.delivery.example.com",
    "evilreplicate.delivery",
    "xreplicate.delivery.",
    "replicate.delivery.",
    "replicate-delivery.com",
    "replicate.com",
    "api.replicate.com",
    "replicate.delivery%00.example.com",
    "replicate.delivery%2eexample.com",
    "replicate.delivery\\@127.0.0.1",
    "replicate.delivery@127.0.0.1",
    "user:secret@replicate.delivery",
    "127.0.0.1#replicate.delivery",
    "127.0.0.1?replicate.delivery",
    "127.0.0.1/replicate.delivery",
    "93.184.216.34",
    "example.com",
    "gооgle.com",
]
WRITTEN_OTHERWISE = [
    "",
    "x",
    "//replicate.delivery/x",
    "/x",
    "https:replicate.delivery/x",
    "https://",
    "https:///replicate.delivery/x",
    "http://replicate.delivery/x",
    "https://replicate.delivery:22/x",
    "https://replicate.delivery:8443/x",
    "https://replicate.delivery:-1/x",
    "https://replicate.delivery:99999/x",
    "ftp://replicate.delivery/x",
    "data:text/html,x",
    "javascript:alert(1)",
    "file://replicate.delivery/etc/passwd",
    "unix:/var/run/docker.sock",
    "https+unix://replicate.delivery/x",
    "\thttps://127.0.0.1/x",
    "https://127.0.0.1\r\nHost: replicate.delivery/x",
]
HOSTILE = [
    *PRIVATE,
    *NO_URLS,
    *(f"https://{host}/x.png" for host in (*OCTAL, *DISGUISED, *METADATA, *LOOKALIKES)),
    *WRITTEN_OTHERWISE,
]
VENDORS = frozenset({"replicate.delivery", ".replicate.delivery"})


def fetch(url: str, target: Path, most: int, *more: Any) -> None:
    asyncio.run(download.fetch(url, target, most, *more))


class Door(BaseHTTPRequestHandler):
    """Answers by path."""

    def do_GET(self) -> None:
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
        elif self.path == "/short":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"half")
        elif self.path == "/endless":
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(bytes(65_536))
            except OSError:
                return
        else:
            self.send_response(200 if self.path == "/file" else 404)
            self.end_headers()
            self.wfile.write(b"bytes")

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def door() -> Iterator[tuple[str, int]]:
    with serving() as server:
        yield server


@contextmanager
def serving() -> Iterator[tuple[str, int]]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield "127.0.0.1", server.server_port
        server.shutdown()
        thread.join()


def got(door: tuple[str, int], path: str, target: Path, most: int = 1_000_000) -> bytes:
    fetch(f"http://{door[0]}:{door[1]}{path}", target, most, frozenset({door}))
    return target.read_bytes()


def test_a_configured_host_is_allowed(door: tuple[str, int], tmp_path: Path) -> None:
    assert got(door, "/file", tmp_path / "x") == b"bytes"
    assert got(door, "/to//file", tmp_path / "x") == b"bytes"


@pytest.mark.parametrize("url", PRIVATE)
def test_only_public_hosts_are_connected_to(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*_: object, **__: object) -> None:
        pytest.fail("connected")

    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(UnfitMediumError, match=r"not public|not found"):
        fetch(url, tmp_path / "x", 1000)


@pytest.mark.parametrize("url", NO_URLS)
def test_a_url_that_is_not_https_is_reported(url: str, tmp_path: Path) -> None:
    with pytest.raises(UnfitMediumError, match=r"not https|no URL") as told:
        fetch(url, tmp_path / "x", 1000)
    assert "secret" not in str(told.value)


@pytest.mark.parametrize("url", ["https://127.0.0.1/x", "http://169.254.169.254/x", "file:///etc/passwd"])
def test_a_redirect_is_checked_like_the_first_url(door: tuple[str, int], url: str, tmp_path: Path) -> None:
    with pytest.raises(UnfitMediumError, match=r"not public|not https"):
        got(door, f"/to/{url}", tmp_path / "x")


def test_another_port_of_a_configured_host_is_not_allowed(door: tuple[str, int], tmp_path: Path) -> None:
    with serving() as other, pytest.raises(UnfitMediumError, match="not https"):
        fetch(f"http://{other[0]}:{other[1]}/file", tmp_path / "x", 1000, frozenset({door}))


def test_answers_without_a_file_are_reported(door: tuple[str, int], tmp_path: Path) -> None:
    for path, found in (
        ("/nothing", "an answer 404"),
        ("/short", "ended early|no complete answer"),
        ("/endless", "more than 1,000"),
    ):
        with pytest.raises(UnfitMediumError, match=found):
            got(door, path, tmp_path / "x", 1_000)
    with pytest.raises(UnfitMediumError, match="redirects"):
        got(door, "/to/" * 9 + "/file", tmp_path / "x")
    assert (tmp_path / "x").stat().st_size < 200_000


def test_a_name_that_resolves_to_this_machine_is_not_public(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def rebound(_host: str, port: int, *_: object, **__: object) -> list[object]:
        return [(2, 1, 6, "", ("93.184.216.34", port)), (2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebound)
    with pytest.raises(UnfitMediumError, match="not public"):
        fetch("https://example.com/x", tmp_path / "x", 1000)


CONNECTED: list[object] = []


def _note_connection(event: str, arguments: tuple[object, ...]) -> None:
    if event in {"socket.connect", "socket.getaddrinfo"}:
        CONNECTED.append(arguments)


@pytest.mark.parametrize("url", HOSTILE)
def test_an_output_on_any_other_host_is_not_even_looked_up(url: str, tmp_path: Path, listening: None) -> None:  # noqa: ARG001
    before = len(CONNECTED)
    with pytest.raises(UnfitMediumError):
        fetch(url, tmp_path / "x", 1000, frozenset(), VENDORS)
    assert CONNECTED[before:] == []
    assert not (tmp_path / "x").exists()


@pytest.fixture(scope="module")
def listening() -> None:
    """Record every connection and DNS lookup from now on; an audit hook stays for the life of the process."""
    sys.addaudithook(_note_connection)


def test_there_are_more_than_80_of_them() -> None:
    assert len(set(HOSTILE)) >= 80


def test_non_ascii_characters_are_percent_encoded(tmp_path: Path) -> None:
    with RawServer(lambda heard: [answer(heard.target.encode())]) as server:
        local = frozenset({("127.0.0.1", server.port)})
        for path, asked in (
            ("/größe b.png?q=ü", "/gr%C3%B6%C3%9Fe%20b.png?q=%C3%BC"),
            ("/%C3%B6%2F", "/%C3%B6%2F"),
            ("/x\ud800y", "/x%EF%BF%BDy"),
            ("/日本", "/%E6%97%A5%E6%9C%AC"),
        ):
            fetch(f"{server.url}{path}", tmp_path / "x", 1000, local)
            assert (tmp_path / "x").read_text("utf-8") == asked


ASTRAY = [
    "http://[::1/x",
    "https://[::1]:x/",
    "\ud800://x",
    "https://x:99999999/",
    "//",
    "https://" + "a" * 70_000,
    "http://\x00/",
    "https://xn--\ud83d/",
]


@pytest.mark.parametrize("place", ASTRAY)
def test_a_redirect_to_nowhere_is_reported(tmp_path: Path, place: str) -> None:
    said = place.encode("utf-8", "surrogatepass").decode("latin-1")
    with (
        RawServer(lambda _: [f"HTTP/1.1 302 X\r\nLocation: {said}\r\nContent-Length: 0\r\n\r\n".encode("latin-1")]) as server,
        pytest.raises(UnfitMediumError),
    ):
        fetch(f"{server.url}/x", tmp_path / "x", 1000, frozenset({("127.0.0.1", server.port)}))
    with pytest.raises(UnfitMediumError):
        fetch(place, tmp_path / "x", 1000)


HEAD = b"HTTP/1.1 200 OK\r\n"
SLOW: dict[str, list[Any]] = {
    "nothing": [SILENCE],
    "headers without an end": [HEAD + b"X-Long: ", DRIP],
    "a body without an end": [HEAD + b"\r\n", DRIP],
    "a body that stops": [HEAD + b"Content-Length: 100\r\n\r\n1", SILENCE],
    "a chunk that stops": [HEAD + b"Transfer-Encoding: chunked\r\n\r\nffff\r\n", DRIP],
}


@pytest.mark.parametrize("parts", SLOW.values(), ids=SLOW)
def test_a_whole_download_has_a_time_limit_and_can_be_cancelled(
    tmp_path: Path, parts: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with RawServer(lambda _: parts) as server:
        local = frozenset({("127.0.0.1", server.port)})

        async def cancelled() -> None:
            task = asyncio.create_task(download.fetch(f"{server.url}/x", tmp_path / "x", 1000, local))
            while not server.heard:  # noqa: ASYNC110 - what it waits for is in another thread
                await asyncio.sleep(0.001)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        asyncio.run(cancelled())
        monkeypatch.setattr(download, "WHOLE_S", 0.05)
        with pytest.raises(UnreachableMediumError, match="not complete after"):
            fetch(f"{server.url}/x", tmp_path / "x", 1000, local)


def test_a_proxy_gets_the_address_that_was_checked_or_a_vendors_host_by_name(tmp_path: Path) -> None:
    with RawServer(lambda _: [b"HTTP/1.1 502 No\r\n\r\n"]) as proxy:
        for hosts in (None, VENDORS):
            with pytest.raises(UnreachableMediumError):
                fetch(
                    "https://93.184.216.34/x" if hosts is None else "https://replicate.delivery/x",
                    tmp_path / "x",
                    9,
                    frozenset(),
                    hosts,
                    lambda _: proxy.url,
                )
        assert [heard.target for heard in proxy.heard] == ["93.184.216.34:443", "replicate.delivery:443"]
        with pytest.raises(UnfitMediumError, match="not public"):
            fetch("https://localhost/x", tmp_path / "x", 9, frozenset(), None, lambda _: proxy.url)
        assert len(proxy.heard) == 2
