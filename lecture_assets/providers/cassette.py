"""Record every exchange with a vendor in a folder, and replay it without network or cost.

    LECTURES_RECORD=DIR    vendor answers ──► DIR/exchanges/KEY.N.json ─► DIR/bodies/SHA256
    LECTURES_REPLAY=DIR    the Nth request with a key gets the Nth answer, later ones the last; a broken connection breaks again

A key is the digest of a request without our attempt ids, which differ between runs. No request headers are stored, only the
relevant headers of answers, and the vendors' keys are removed from all text.
"""

import hashlib
import json
import re
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from lecture_assets.providers.departure import depart, gated

_ATTEMPT = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
_BOUNDARY = re.compile(rb"(?m)^--[^\r\n]+|boundary=[^\s;]+")
_KEPT = re.compile(r"content-type|retry-after(-ms)?|x-request-id|x-ratelimit-.*|location")
_LONGEST_SHOWN = 20_000
_LARGEST = 256 * 2**20
"""Largest answer that is recorded, in bytes: as much as the reply cache holds."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A recorded answer."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class NotRecordedError(Exception):
    """A request that was not made during the recording. The message names it."""


class BrokenError(Exception):
    """A connection that broke during the recording. The message is the name of the error."""


class Cassette:
    """A folder of exchanges.

    secrets: text that must not appear in any file
    plays:   replay, and record nothing
    """

    def __init__(self, folder: Path, secrets: frozenset[str] = frozenset(), *, plays: bool) -> None:
        """`folder` is created with the first exchange, or by `open`."""
        self.plays = plays
        self._folder, self._secrets = folder, sorted(filter(None, secrets), key=len, reverse=True)
        self._seen: Counter[str] = Counter()
        self._renamed: dict[bytes, bytes] = {}

    def open(self) -> None:
        """Create the folder. OSError if that fails."""
        if not self.plays:
            for part in ("bodies", "exchanges"):
                (self._folder / part).mkdir(parents=True, exist_ok=True)

    def next_key(self, method: str, url: str, body: bytes) -> str:
        """Return the key of this request within the run: the digest of the request, and how often it was made before."""
        path = _ATTEMPT.sub("ATTEMPT", re.sub(r"^https?://[^/]+", "", url))
        asked = _ATTEMPT.sub("ATTEMPT", _BOUNDARY.sub(b"", body).decode("latin-1"))
        digest = hashlib.sha256(f"{method} {path}\n{asked}".encode()).hexdigest()[:32]
        number = self._seen[digest]
        self._seen[digest] += 1
        return f"{digest}.{number}"

    def keep(self, key: str, method: str, url: str, body: bytes, answer: Exchange) -> None:
        """Store an exchange. A body that several exchanges share is stored once."""
        content = self._clean(answer.content)
        sha256 = hashlib.sha256(content).hexdigest()
        told = {name.lower(): value for name, value in answer.headers.items() if _KEPT.fullmatch(name.lower())}
        document = {
            "method": method,
            "url": self._clean(url.encode()).decode(),
            "request": self._clean(body).decode("utf-8", "replace")[:_LONGEST_SHOWN],
            "attempts": _attempts(url, body),
            "status": answer.status,
            "headers": {name: self._clean(value.encode()).decode() for name, value in told.items()},
            "body": sha256,
        }
        self._write(self._folder / "bodies" / sha256, content)
        self._write(self._folder / "exchanges" / f"{key}.json", json.dumps(document, indent=1, ensure_ascii=False).encode())

    def keep_break(self, key: str, url: str, body: bytes, error: Exception) -> None:
        """Store that the answer was never completed."""
        content = json.dumps({"broke": type(error).__name__, "attempts": _attempts(url, body)}).encode()
        self._write(self._folder / "exchanges" / f"{key}.json", content)

    def play(self, key: str, url: str, body: bytes = b"") -> Exchange:
        """Return the answer to this request, or to the last earlier one like it. NotRecordedError if there is none.

        BrokenError if the connection broke. Attempt ids in an answer are replaced by those of this run.
        """
        digest, _, number = key.partition(".")
        for earlier in range(int(number), -1, -1):
            file = self._folder / "exchanges" / f"{digest}.{earlier}.json"
            if file.exists():
                found: dict[str, Any] = json.loads(file.read_bytes())
                then, now = found.get("attempts", []), _attempts(url, body)
                self._renamed |= {old.encode(): new.encode() for old, new in zip(then, now, strict=False)}
                if "broke" in found:
                    raise BrokenError(found["broke"])
                content = (self._folder / "bodies" / found["body"]).read_bytes()
                for old, new in self._renamed.items():
                    content = content.replace(old, new)
                return Exchange(found["status"], found["headers"], content)
        raise NotRecordedError

    def _clean(self, content: bytes) -> bytes:
        for secret in self._secrets:
            content = content.replace(secret.encode(), "…".encode())
        return content

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(content)
        Path(file.name).replace(path)


def _attempts(url: str, body: bytes) -> list[str]:
    """Return our attempt ids in a request."""
    return _ATTEMPT.findall(f"{url}\n{body.decode('latin-1')}")


async def _whole(web: ModuleType, response: Any) -> bytes:
    """Read an answer to its end. The client's ReadError if it is too long: the recording breaks there, as for the adapter."""
    found, size = [], 0
    async for part in response.aiter_bytes():
        found.append(part)
        size += len(part)
        if size > _LARGEST:
            message = f"more than {_LARGEST:,} bytes"
            raise web.ReadError(message, request=response.request)
    return b"".join(found)


def recorded(web: ModuleType, inner: Any, cassette: Cassette | None) -> Any:
    """Wrap a transport of `httpx` or `httpx2` in the cassette, if there is one. Paid requests pass the gate (`departure.py`)."""
    through = gated(web, inner)
    return through if cassette is None else _recorded(web, through, cassette)


def _recorded(web: ModuleType, inner: Any, cassette: Cassette) -> Any:
    class CassetteTransport(web.AsyncBaseTransport):  # type: ignore[name-defined, misc]
        async def handle_async_request(self, request: Any) -> Any:
            body = await request.aread()
            url = str(request.url)
            key = cassette.next_key(request.method, url, body)
            if cassette.plays:
                if request.method == "POST":
                    depart()
                try:
                    found = cassette.play(key, url, body)
                except NotRecordedError:
                    message = f"{request.method} {request.url.path} is not in the recording"
                    raise NotRecordedError(message) from None
                except BrokenError as broke:
                    raise getattr(web, str(broke), web.ReadError)(str(broke), request=request) from None
                return web.Response(found.status, headers=dict(found.headers), content=found.content, request=request)
            try:
                response = await inner.handle_async_request(request)
                answer = Exchange(response.status_code, response.headers, await _whole(web, response))
            except web.TransportError as error:
                cassette.keep_break(key, url, body, error)
                raise
            cassette.keep(key, request.method, url, body, answer)
            kept = {name: value for name, value in response.headers.items() if name not in {"content-encoding", "content-length"}}
            return web.Response(answer.status, headers=kept, content=answer.content, request=request)

        async def aclose(self) -> None:
            await inner.aclose()

    return CassetteTransport()
