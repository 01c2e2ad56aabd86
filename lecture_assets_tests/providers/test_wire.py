"""A vendor's answers are limited in bytes and time and contain no key, and the key goes only to its own address."""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.graph.kind import Role
from lecture_assets.ports import Call, FailureKind, ImageRequest, NoLookupError, Provider, ProviderError
from lecture_assets.providers import wire
from lecture_assets.providers.catalogue import Catalogue
from lecture_assets.providers.catalogue_file import built_in
from lecture_assets.providers.openai import adapter as openai
from lecture_assets.providers.openai import server as openai_server
from lecture_assets.providers.replicate import adapter as replicate
from lecture_assets_tests.providers.contract import with_provider
from lecture_assets_tests.providers.openai.test_adapter import MODELS, REQUESTS
from lecture_assets_tests.providers.openai_stand_in import OpenAIStandIn
from lecture_assets_tests.providers.raw_server import DRIP, SILENCE, Heard, Proxy, RawServer, answer
from lecture_assets_tests.providers.replicate_stand_in import ReplicateStandIn

CATALOGUE = Catalogue(built_in(), keys=frozenset({"openai", "replicate"}))
KEY = "sk-canary-of-loopback"
PICTURE = Call("key", "ab" * 16, Role.IMAGE, "black-forest-labs/flux-schnell", ImageRequest("A bee.", 1280, 720))
CALLS = {role: Call("key", "cd" * 16, role, MODELS[role], REQUESTS[role]) for role in MODELS}


def openai_at(url: str, home: Path, key: str = KEY) -> openai.OpenAIProvider:
    return openai.OpenAIProvider(home, CATALOGUE, key, base_url=f"{url}/v1", settle_s=0.0)


def replicate_at(url: str, key: str = KEY) -> replicate.ReplicateProvider:
    return replicate.ReplicateProvider(CATALOGUE, key, base_url=url)


def failing(opened: Callable[[], Provider], work: Callable[[Provider], Any]) -> ProviderError:
    async def main(provider: Provider) -> ProviderError:
        with pytest.raises(ProviderError) as error:
            await work(provider)
        return error.value

    return with_provider(opened, main)


def buys(call: Call) -> Callable[[Provider], Any]:
    return lambda provider: provider.submit(call)


def redirecting(status: int, place: str) -> Callable[[Heard], Iterable[bytes]]:
    return lambda _: [answer(b"", status, location=place)]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small limits, for tests."""
    monkeypatch.setattr(openai, "WHOLE_S", 0.05)
    monkeypatch.setattr(replicate, "WHOLE_S", 0.05)
    for module, name in (
        (openai, "LARGEST_JSON"),
        (openai, "LARGEST_PICTURE"),
        (openai_server, "LARGEST"),
        (wire, "LARGEST_JSON"),
    ):
        monkeypatch.setattr(module, name, 50_000)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
SLOW: dict[str, list[Any]] = {
    "nothing": [SILENCE],
    "half a line": [b"HTTP/1.1 2", DRIP],
    "headers without an end": [HEAD + b"X-Long: ", DRIP],
    "a body without an end": [HEAD + b"\r\n", DRIP],
    "a body that stops": [HEAD + b"Content-Length: 100\r\n\r\n{", SILENCE],
    "a chunk that stops": [HEAD + b"Transfer-Encoding: chunked\r\n\r\nffff\r\n", DRIP],
}


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("parts", SLOW.values(), ids=SLOW)
@pytest.mark.parametrize("status", [200, 503])
def test_an_answer_that_does_not_end_in_time_is_a_broken_connection(tmp_path: Path, parts: list[Any], status: int) -> None:
    said = [part.replace(b"200", str(status).encode()) if isinstance(part, bytes) else part for part in parts]
    with RawServer(lambda _: said) as server:
        for role, call in CALLS.items():
            error = failing(lambda: openai_at(server.url, tmp_path), buys(call))
            assert (error.kind, error.sent, error.cost_usd_micros) == (FailureKind.AMBIGUOUS, True, 0), role
        error = failing(lambda: replicate_at(server.url), lambda p: p.submit(PICTURE))
        assert (error.kind, error.sent) == (FailureKind.AMBIGUOUS, True)
        for look in (lambda p: p.find(PICTURE), lambda p: p.collect("p1", PICTURE), lambda p: p.cancel("p1")):
            error = failing(lambda: replicate_at(server.url), look)
            assert (error.kind, error.sent) == (FailureKind.RETRYABLE, False)
        error = failing(lambda: openai_at(server.url, tmp_path), lambda p: p.find(CALLS[Role.TEXT]))
        assert (error.kind, error.sent) == (FailureKind.RETRYABLE, False)


def flood(_: Heard) -> Iterator[bytes]:
    yield HEAD + b"\r\n"
    while True:
        yield b" " * 65_536


@pytest.mark.usefixtures("quick")
def test_an_endless_answer_is_abandoned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai, "WHOLE_S", 60.0)
    monkeypatch.setattr(replicate, "WHOLE_S", 60.0)
    with RawServer(flood) as server:
        for role, call in CALLS.items():
            error = failing(lambda: openai_at(server.url, tmp_path), buys(call))
            assert (error.kind, error.code, error.cost_usd_micros > 0) == (FailureKind.VALIDATION, "too-large", True), role
        error = failing(lambda: replicate_at(server.url), lambda p: p.submit(PICTURE))
        assert (error.kind, error.sent) == (FailureKind.AMBIGUOUS, True)
        for look in (lambda p: p.find(PICTURE), lambda p: p.collect("p1", PICTURE)):
            assert failing(lambda: replicate_at(server.url), look).kind is FailureKind.RETRYABLE
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def repeating(key: str, status: int) -> Callable[[Heard], Iterable[bytes]]:
    """The key wherever an answer has text: plain, escaped, in headers."""
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in key)
    body = f'{{"error": {{"message": "about {key} and {escaped}", "code": "{key}", "type": "{escaped}", "param": "{key}"}}}}'
    return lambda _: [answer(body.encode(), status, x_request_id=key, retry_after=key, location=f"https://x.example/{key}")]


@pytest.mark.parametrize(
    ("key", "status"), [(KEY, 200), *(("a key of no known form", status) for status in (200, 301, 400, 401, 402, 404, 503))]
)
def test_a_key_that_a_vendor_repeats_appears_in_no_message_and_no_file(tmp_path: Path, key: str, status: int) -> None:
    with RawServer(repeating(key, status)) as server:
        errors = [failing(lambda: openai_at(server.url, tmp_path, key), buys(c)) for c in CALLS.values()]
        errors += [
            failing(lambda: replicate_at(server.url, key), work)
            for work in (lambda p: p.submit(PICTURE), lambda p: p.find(PICTURE))
        ]
    for error in errors:
        said = f"{error!r} {error} {vars(error)} {json.dumps(error.to_json())}"
        assert key not in said
        assert len(said) < 3_000
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and key.encode() in path.read_bytes()]


def test_what_a_vendor_says_is_one_printable_line(tmp_path: Path) -> None:
    said = "a\x1b]0;title\x07\x00b\u202e\u2028c\ud800" + "x y " * 100_000
    body = json.dumps({"error": {"message": said, "code": f"no\x1b[31m\n{said}", "type": said}}).encode()
    with RawServer(lambda _: [answer(body, 400)]) as server:
        error = failing(lambda: openai_at(server.url, tmp_path), lambda p: p.submit(CALLS[Role.SPEECH]))
    assert str(error).isprintable()
    assert error.code.isprintable()
    assert (len(str(error)) < 500, len(error.code) <= 60) == (True, True)
    json.dumps(error.to_json(), ensure_ascii=False).encode()


@pytest.mark.slow
def test_the_key_is_sent_only_to_its_own_address(tmp_path: Path) -> None:
    """Whatever a list's `next`, a prediction's `urls`, an upload or a redirect says."""
    with RawServer(lambda _: [answer()]) as stranger:
        elsewhere = f"{stranger.url}/v1/predictions?cursor=1"
        page = json.dumps({"next": elsewhere, "previous": elsewhere, "results": []}).encode()
        with RawServer(lambda _: [answer(page)]) as vendor:
            assert with_provider(lambda: replicate_at(vendor.url), lambda p: p.find(PICTURE)) is None
            assert {heard.target for heard in vendor.heard} == {"/v1/predictions", "/v1/predictions?cursor=1"}
        for status in (301, 302, 303, 307, 308):
            with RawServer(redirecting(status, elsewhere)) as vendor:
                for call in CALLS.values():
                    assert failing(lambda: openai_at(vendor.url, tmp_path), buys(call)).kind is FailureKind.NOT_RETRYABLE
                for work in (lambda p: p.submit(PICTURE), lambda p: p.collect("p1", PICTURE), lambda p: p.find(PICTURE)):
                    failing(lambda: replicate_at(vendor.url), work)
        assert stranger.heard == []


PAGES = [
    answer(b"<!doctype html><title>Welcome</title>", media_type="text/html"),
    answer(b"\n <html>", media_type="application/json"),
    answer(b"Welcome", media_type="text/html; charset=utf-8"),
    answer(b"<h1>Not Found</h1>", 404, media_type="text/html"),
]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_instead_of_an_answer_names_the_address_and_costs_nothing(tmp_path: Path, page: bytes) -> None:
    with RawServer(lambda _: [page]) as server:
        for call in CALLS.values():
            error = failing(lambda: openai_at(server.url, tmp_path), buys(call))
            assert (error.kind, error.code, error.cost_usd_micros, error.sent) == (
                FailureKind.NOT_RETRYABLE,
                "web-page",
                0,
                False,
            )
            assert "is OPENAI_BASE_URL right? It usually ends with /v1" in str(error)
        error = failing(lambda: replicate_at(server.url), lambda p: p.submit(PICTURE))
        assert (error.kind, error.code) == (FailureKind.NOT_RETRYABLE, "web-page")
        assert "is REPLICATE_BASE_URL right?" in str(error)
        assert isinstance(failing(lambda: openai_at(server.url, tmp_path), lambda p: p.find(CALLS[Role.TEXT])), NoLookupError)


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        ({"message": "out of capacity", "code": 503}, FailureKind.RETRYABLE, "503"),
        ({"message": "out of capacity", "code": "429"}, FailureKind.RETRYABLE, "429"),
        ({"message": "slow down", "type": "rate_limit_error"}, FailureKind.RETRYABLE, "rate_limit_error"),
        ({"message": "no such model", "code": "model_not_found"}, FailureKind.NOT_RETRYABLE, "model_not_found"),
        ({"message": "pay first", "code": "insufficient_quota"}, FailureKind.QUOTA, "insufficient_quota"),
        ({"message": "not this", "code": "content_filter"}, FailureKind.MODERATION, "content_filter"),
        ({"message": "a gateway", "code": 504}, FailureKind.AMBIGUOUS, "504"),
        ("plain words", FailureKind.NOT_RETRYABLE, "400"),
        ({"code": True, "message": None}, FailureKind.NOT_RETRYABLE, "400"),
    ],
)
def test_an_error_inside_an_answer_of_200_is_an_error(tmp_path: Path, error: Any, kind: FailureKind, code: str) -> None:
    with RawServer(lambda _: [answer(json.dumps({"error": error}).encode())]) as server:
        for call in CALLS.values():
            found = failing(lambda: openai_at(server.url, tmp_path), buys(call))
            assert (found.kind, found.code, found.cost_usd_micros) == (kind, code, 0)
            assert (error["message"] if isinstance(error, dict) else error) or "no reason" in str(found)


@pytest.mark.parametrize("address", ["127.0.0.1:1/v1", "ftp://x/v1", "https://", "https://[::1", "nonsense", "\ud800"])
def test_an_invalid_address_is_named(tmp_path: Path, address: str) -> None:
    with pytest.raises(WrongInputError, match="OPENAI_BASE_URL"):
        openai.OpenAIProvider(tmp_path, CATALOGUE, KEY, base_url=address)


@pytest.mark.parametrize("key", [" ", "schlüssel", "sk-\x00", "sk-a\nb"])
def test_an_invalid_key_is_named_and_not_shown(tmp_path: Path, key: str) -> None:
    with pytest.raises(WrongInputError, match="OPENAI_API_KEY") as wrong:
        openai.OpenAIProvider(tmp_path, CATALOGUE, key)
    assert not key.strip() or key not in str(wrong.value)


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forgets the proxies of the machine that runs the tests: one in lower case goes before one in upper case."""
    for variable in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(variable)


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_vendors_are_asked_through_the_proxy_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    with Proxy() as proxy, OpenAIStandIn() as texts, ReplicateStandIn(polls=0) as pictures:
        monkeypatch.setenv(variable, proxy.url)
        with_provider(lambda: openai_at(texts.url, tmp_path, texts.key), lambda p: p.submit(CALLS[Role.TEXT]))
        with_provider(lambda: replicate_at(pictures.url, pictures.key), lambda p: p.submit(PICTURE))
        assert [line.split("/", 3)[2] for line in proxy.asked] == [texts.url[7:], pictures.url[7:]]
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        with_provider(lambda: replicate_at(pictures.url, pictures.key), lambda p: p.find(PICTURE))
        assert len(proxy.asked) == 2


def test_https_goes_through_a_proxy_by_connect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with RawServer(lambda _: [b"HTTP/1.1 407 No\r\n\r\n"]) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        error = failing(lambda: openai_at("https://api.example.org", tmp_path), lambda p: p.submit(CALLS[Role.TEXT]))
    assert (error.kind, error.sent) == (FailureKind.RETRYABLE, False)
    assert [(heard.method, heard.target) for heard in proxy.heard] == [("CONNECT", "api.example.org:443")]
    assert "authorization" not in proxy.heard[0].headers


@pytest.mark.parametrize("proxy", ["socks5://user:secret@127.0.0.1:1", "ftp://x", "http://", "http://x:y", "//"])
def test_a_proxy_that_cannot_be_used_is_named_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(WrongInputError, match="HTTPS_PROXY") as wrong:
        openai.OpenAIProvider(tmp_path, CATALOGUE, KEY)
    assert "secret" not in str(wrong.value)


def test_every_request_is_sent_by_the_vendors_own_package(tmp_path: Path) -> None:
    with RawServer(lambda _: [answer(b"{}", 400)]) as server:
        for call in CALLS.values():
            failing(lambda: openai_at(server.url, tmp_path), buys(call))
        failing(lambda: openai_at(server.url, tmp_path), lambda p: p.find(CALLS[Role.TEXT]))
        failing(lambda: openai_at(server.url, tmp_path), lambda p: p.collect("chatcmpl-1", CALLS[Role.TEXT]))
        of_openai = [heard.headers["user-agent"] for heard in server.heard]
        for work in (lambda p: p.submit(PICTURE), lambda p: p.find(PICTURE), lambda p: p.collect("p1", PICTURE)):
            failing(lambda: replicate_at(server.url), work)
        of_replicate = [heard.headers["user-agent"] for heard in server.heard[len(of_openai) :]]
    assert len(of_openai) >= len(CALLS) + 2
    assert all(agent.startswith("AsyncOpenAI/Python") for agent in of_openai)
    assert len(of_replicate) == 3
    assert all(agent.startswith("replicate-python/") for agent in of_replicate)
