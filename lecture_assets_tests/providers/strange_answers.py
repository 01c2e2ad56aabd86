"""Generated answers that no vendor documents: status, headers, form, types, depth, length, encoding, breaks. Seeded.

Strange(seed).answer(plain, key) ─► raw bytes for RawServer, which may repeat the key anywhere
"""

import gzip
import json
import random
from collections.abc import Callable
from typing import Any

from lecture_assets_tests.providers.raw_server import answer

STATUSES: tuple[int, ...] = (
    *(200, 200, 200, 200, 200, 200, 201, 202, 204, 206, 299, 301, 302, 304, 307, 400, 401, 402, 403, 404, 405, 407, 409, 410),
    *(413, 418, 422, 425, 429, 451, 499, 500, 501, 502, 503, 504, 520, 522, 524, 529, 599),
)
WORDS = (
    *("", "x", "ä", "\ud800", "\x00", "\x1b[31m", "\u202e", "日本", "null", "NaN", "1e999", "-1", "../..", "a" * 5_000),
    *("%s{}", "<b>"),
)
NUMBERS = (0, 1, -1, 0.5, -1e308, 1e308, 10**30, -(10**30), 2**63, float("nan"), float("inf"), 5, 1_000_000)
TYPES = (
    *("application/json", "text/html", "text/plain", "application/octet-stream", "audio/wav", "image/png", ""),
    "x/y; charset=utf-16",
)
NAMES = (
    *("id", "choices", "data", "results", "next", "status", "output", "error", "detail", "usage", "message", "metrics"),
    *("urls", "object"),
)
HEADERS = [
    *("x_request_id", "retry_after", "retry_after_ms", "location", "content_encoding", "x_ratelimit_limit_requests"),
    *("x_ratelimit_remaining_requests", "x_ratelimit_reset_requests", "x_ratelimit_limit_tokens", "x_ratelimit_reset_tokens"),
]


class Strange:
    """Each answer differs in kind from the last."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - no secret

    def answer(self, plain: Any, key: str) -> bytes:
        """plain: the document or bytes that a vendor would have sent."""
        body = self.body(plain, key)
        headers = {name: self._header(key) for name in self.random.sample(HEADERS, self.random.randrange(4))}
        media_type = TYPES[0] if self.random.random() < 0.6 else self.random.choice(TYPES)
        whole = answer(body, self.random.choice(STATUSES), media_type, **headers)
        if self.random.random() < 0.08:
            whole = whole[: self.random.randrange(len(whole) + 1)]
        return whole

    def body(self, plain: Any, key: str, *, may_lie: bool = True) -> bytes:
        """may_lie: it may have the vendor's form and different content."""
        return self.random.choice(FORMS if may_lie else FORMLESS)(self, plain, key)

    def value(self, key: str, depth: int = 0) -> Any:
        """A JSON value of any type."""
        sort = self.random.randrange(8 if depth < 4 else 5)
        if sort >= 6:
            return {self.random.choice(NAMES): self.value(key, depth + 1) for _ in range(self.random.randrange(4))}
        if sort == 5:
            return [self.value(key, depth + 1) for _ in range(self.random.randrange(4))]
        return (None, self.random.random() < 0.5, self.random.choice(NUMBERS), self.random.choice(WORDS), f"about {key}")[sort]

    def bent(self, plain: Any, key: str) -> Any:
        """The document with one or more parts replaced, removed or added."""
        if not isinstance(plain, dict | list) or not plain or self.random.random() < 0.25:
            return self.value(key)
        if isinstance(plain, list):
            return [self.bent(plain[0], key), *plain[1:]] if self.random.random() < 0.7 else [self.value(key), *plain]
        name = self.random.choice(list(plain))
        if self.random.random() < 0.15:
            return {other: part for other, part in plain.items() if other != name}
        return {**plain, name: self.bent(plain[name], key)}

    def _header(self, key: str) -> str:
        found = self.random.choice(
            (*WORDS, *map(str, NUMBERS), key, "Sun, 06 Nov 9994 08:49:37 GMT", "6m0s", "120ms", f"https://x/{key}")
        )
        return "".join(letter for letter in found if letter.isprintable() and ord(letter) < 256)[:2_000]  # a header is one line


def _bytes(document: Any) -> bytes:
    return document if isinstance(document, bytes) else json.dumps(document).encode()


def _bent(strange: Strange, plain: Any, key: str) -> bytes:
    return _bytes(strange.bent(plain, key))


def _any(strange: Strange, _plain: Any, key: str) -> bytes:
    return _bytes(strange.value(key))


def _cut(strange: Strange, plain: Any, _key: str) -> bytes:
    return _bytes(plain)[: strange.random.randrange(2_000)]


def _noise(strange: Strange, _plain: Any, _key: str) -> bytes:
    return strange.random.randbytes(strange.random.randrange(3_000))


def _error(strange: Strange, _plain: Any, key: str) -> bytes:
    return _bytes({"error": strange.value(key), "detail": strange.value(key), "title": strange.value(key)})


def _escaped(_strange: Strange, _plain: Any, key: str) -> bytes:
    letters = "".join(f"\\u{ord(letter):04x}" for letter in key)
    return f'{{"id": "{letters}"}}'.encode()


Form = Callable[[Strange, Any, str], bytes]
FIXED: dict[str, Form] = {
    "as it is": lambda _, plain, __: _bytes(plain),
    "twice": lambda _, plain, __: _bytes(plain) * 2,
    "a page": lambda _, __, key: f"<!doctype html><title>{key}</title>".encode(),
    "nothing": lambda _, __, ___: b"",
    "deep": lambda _, __, ___: b'{"choices":' * 30_000,
    "deep and whole": lambda _, __, ___: b"[" * 30_000 + b"]" * 30_000,
    "wide": lambda _, __, ___: b"[" + b"0," * 200_000 + b"0]",
    "UTF-16": lambda _, plain, __: _bytes(plain).decode("latin-1").encode("utf-16"),
    "a mark before it": lambda _, plain, __: b"\xef\xbb\xbf" + _bytes(plain),
    "packed": lambda _, plain, __: gzip.compress(_bytes(plain)),
    "long": lambda _, plain, __: _bytes(plain) + b" " * 5_000_000,
    "a long number": lambda _, __, ___: b'{"usage": {"prompt_tokens": ' + b"9" * 5_000 + b"}}",
}
READABLE = frozenset({"as it is", "a mark before it", "long"})
BENT: tuple[Form, ...] = (_bent, _bent, _any, _cut, _noise, _error)
FORMLESS: tuple[Form, ...] = (_any, _noise, _escaped, *(form for name, form in FIXED.items() if name not in READABLE))
FORMS: tuple[Form, ...] = (*BENT, *BENT, _bent, _escaped, *FIXED.values())
