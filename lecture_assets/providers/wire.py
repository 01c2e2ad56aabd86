"""The connection to one vendor: its key, its own address and no other, proxies, and bounds on all that comes back.

    ask ───► an Answer of whatever status, whole, in bounded bytes and time
    stream ─► its head, and its bytes as they come, in the same way

Any other end is a ProviderError: nothing was sent, or nobody knows. No redirect is followed, since a key would go with it. The
key is taken out of all that the vendor says before anybody reads it.
"""

import asyncio
import json as json_text
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx2

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.providers.answers import UnreadableError, read_json
from lecture_assets.providers.catalogue import KEYS
from lecture_assets.providers.failures import ADDRESSES, Problem, is_problem, problem_of, unreachable
from lecture_assets.providers.inbox import TooLargeError
from lecture_assets.providers.proxies import proxy_of
from lecture_assets.providers.tape import NotOnTapeError, Tape, taped

LARGEST_JSON = 4 * 2**20
"""Bytes of an answer. The largest text that is asked for has 128,000 tokens, some 0.6 MB; 100 predictions have less."""
LARGEST_ERROR = 2**20
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_NOT_SENT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
    httpx2.LocalProtocolError,
    httpx2.InvalidURL,
)
_BROKEN = (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL, NotOnTapeError)
_PAGE_TYPES = ("text/html", "application/xhtml")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. content: whole, and without the key."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def is_error(self) -> bool:
        """Whether it says itself that it is none."""
        return not 200 <= self.status < 300  # noqa: PLR2004 - the class of success

    @property
    def is_page(self) -> bool:
        """Whether it is for people."""
        is_markup = self.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
        return is_markup or self.headers.get("content-type", "").lower().startswith(_PAGE_TYPES)


class Wire:
    """One vendor's server. It belongs to one event loop."""

    def __init__(  # noqa: PLR0913 - each is a setting of its own
        self,
        provider: str,
        key: str,
        base_url: str,
        *,
        silent_s: float,
        whole_s: float,
        headers: Mapping[str, str] | None = None,
        tape: Tape | None = None,
    ) -> None:
        """silent_s: seconds without a byte; whole_s: of all of an answer. WrongInputError where address or key is none."""
        self.provider, self.key, self._whole_s = provider, key.strip(), whole_s
        if not self.key or not self.key.isascii() or not self.key.isprintable():
            raise WrongInputError([Fault(KEYS[provider], "letters that no key has", "the key as the vendor shows it")])
        self.base = _base(provider, base_url)
        transport = taped(httpx2, httpx2.AsyncHTTPTransport(verify=_tls(), proxy=proxy_of(str(self.base))), tape)
        self._client = httpx2.AsyncClient(
            transport=transport,
            timeout=httpx2.Timeout(silent_s, connect=10.0),
            follow_redirects=False,
            trust_env=False,
            headers={
                "Authorization": f"Bearer {self.key}",
                "User-Agent": "lecture-assets",
                "Accept-Encoding": "identity",
                **(headers or {}),
            },
        )

    @property
    def on_loopback(self) -> frozenset[tuple[str, int]]:
        """The server, where it is this machine: it may hand out its own files."""
        port = self.base.port or (443 if self.base.scheme == "https" else 80)
        return frozenset({(self.base.host, port)}) if self.base.host in _LOOPBACK else frozenset()

    async def ask(
        self,
        method: str,
        path: str,
        *,
        body: Json = None,
        is_purchase: bool,
        largest: int = LARGEST_JSON,
        **more: Any,
    ) -> Answer:
        """The whole answer. TooLargeError where it goes on after `largest` bytes, ProviderError where there is none."""
        async with self.stream(method, path, body=body, is_purchase=is_purchase, **more) as (head, parts):
            content = await gathered(parts, LARGEST_ERROR if head.is_error else largest)
        return Answer(head.status, head.headers, content)

    @asynccontextmanager
    async def stream(
        self, method: str, path: str, *, body: Json = None, is_purchase: bool, **more: Any
    ) -> AsyncIterator[tuple[Answer, AsyncIterator[bytes]]]:
        """An answer without its content, and its content as it comes. What is raised inside is passed on."""
        try:
            if body is not None:
                more |= {"content": _encoded(body), "headers": {"Content-Type": "application/json"}}
            async with (
                asyncio.timeout(self._whole_s),
                self._client.stream(method, f"{self.base}{path}", **more) as response,
            ):
                yield self._head(response), _scrubbed(response.aiter_bytes(), self.key.encode())
        except (TimeoutError, *_BROKEN) as error:
            raise unreachable(self.provider, error, sent=is_purchase and not isinstance(error, _NOT_SENT)) from None

    def _head(self, response: httpx2.Response) -> Answer:
        headers = {name.lower(): value.replace(self.key, "…") for name, value in response.headers.items()}
        return Answer(response.status_code, headers, b"")

    def document(self, answer: Answer) -> Json:
        """The answer as JSON. UnreadableError where it is none."""
        return read_json(answer.content, self.key)

    def problem(self, answer: Answer) -> Problem:
        """What an answer that is an error says of itself."""
        try:
            return problem_of(self.document(answer))
        except UnreadableError:
            return Problem()

    def is_problem(self, answer: Answer) -> bool:
        """Whether an answer that says it is none is an error."""
        try:
            return is_problem(self.document(answer))
        except UnreadableError:
            return False

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


async def gathered(parts: AsyncIterator[bytes], largest: int) -> bytes:
    """All bytes. TooLargeError where there are more than `largest`."""
    found, size = [], 0
    async for part in parts:
        found.append(part)
        size += len(part)
        if size > largest:
            raise TooLargeError
    return b"".join(found)


async def _scrubbed(parts: AsyncIterator[bytes], secret: bytes) -> AsyncIterator[bytes]:
    """The bytes, with as many stars in the place of a secret, wherever they were parted. None of the parts is empty."""
    kept = b""
    async for part in parts:
        kept = (kept + part).replace(secret, b"*" * len(secret))
        whole = max(0, len(kept) - len(secret) + 1)
        if whole:
            yield kept[:whole]
        kept = kept[whole:]
    if kept:
        yield kept


def _encoded(body: Json) -> bytes:
    return json_text.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "replace")


def _base(provider: str, base_url: str) -> httpx2.URL:
    """The address without a slash at its end."""
    try:
        url = httpx2.URL(base_url.strip().rstrip("/"))
    except (httpx2.InvalidURL, ValueError):
        url = httpx2.URL("")
    if url.scheme not in {"http", "https"} or not url.host:
        raise WrongInputError([Fault(ADDRESSES[provider], repr(base_url[:100]), "an address like https://HOST/v1")])
    return url


@cache
def _tls() -> Any:
    return httpx2.create_ssl_context()
