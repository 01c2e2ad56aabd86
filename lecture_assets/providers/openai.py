"""OpenAI, or any server that speaks its API: texts, speech, pictures. `ports.Provider`.

    submit ── one request, answered when the work is done ──► reply_cache.py, on disk ──► its id
    collect ─ the reply cache, for nothing; a text also from the vendor's stored completions
    find ──── the reply cache; a text by our attempt id in its metadata; speech and pictures cannot be looked up

Retries, limits and the ledger are the runner's. What is sent fits the vendor's own specification: a test holds it to that
(`openai_requests.py`); what another server refuses of it is left out (`openai_dialect.py`). The vendor's package sends it
(`openai_client.py`); what comes back is read here, in bounds and of whatever form (`wire.py`, `answers.py`).
"""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from lecture_assets.graph.fingerprint import Json
from lecture_assets.ports import (
    Call,
    FailureKind,
    ImageRequest,
    NoLookupError,
    ProviderError,
    Reply,
    SpeechRequest,
    TextRequest,
)
from lecture_assets.providers.amounts import beyond, reply_bytes, reserved_usd_micros, used_usd_micros
from lecture_assets.providers.answers import UnreadableAnswerError, at, listed, name_of, text_at
from lecture_assets.providers.called import called_model
from lecture_assets.providers.cassette import Cassette
from lecture_assets.providers.catalogue import Catalogue, Model
from lecture_assets.providers.failures import (
    NOT_FOUND,
    malformed,
    no_room,
    refused,
    status_of,
    unread,
    web_page,
    wrong_request,
)
from lecture_assets.providers.openai_client import OpenAIClient
from lecture_assets.providers.openai_dialect import Dialects
from lecture_assets.providers.openai_replies import is_in_words, medium_reply, text_reply
from lecture_assets.providers.openai_requests import ATTEMPT, image_body, speech_body, text_body
from lecture_assets.providers.opening import Opening
from lecture_assets.providers.rate_headers import allowances
from lecture_assets.providers.reply_cache import LARGEST, CachedReply, ReplyCache, TooLargeError
from lecture_assets.providers.wire import LARGEST_ERROR, LARGEST_JSON, VendorAnswer, Wire, gathered

NAME = "openai"
BASE_URL = "https://api.openai.com/v1"
SILENT_S, WHOLE_S = 180.0, 600.0
"""Seconds without a byte: a script with much thinking takes a minute or two; and for all of an answer, as long as the vendor's
own package (3.57) waits."""
LARGEST_PICTURE = 64 * 2**20
"""Bytes of a picture as JSON: ten times what 1536 × 1024 pixels have that cannot be packed."""
_NO_LOOKUP = NOT_FOUND | {422, 501}
_MOST_REFUSALS = 8
"""Fields and forms that a server may refuse one after the other."""


class OpenAIProvider:
    """One belongs to one event loop; any number of processes may share a home."""

    name = NAME
    longest_s = WHOLE_S

    def __init__(  # noqa: PLR0913 - each is a setting of its own
        self,
        home: Path,
        catalogue: Catalogue,
        key: str,
        *,
        base_url: str | None = None,
        settle_s: float = 120.0,
        cassette: Cassette | None = None,
    ) -> None:
        """home: the folder for replies; settle_s: how long after it was sent a call may still be worked on, unseen."""
        self._home, self._catalogue = home, catalogue
        self.settle_s = settle_s
        self._replies = ReplyCache(home / "inbox")
        address = base_url or BASE_URL
        self._wire = Wire(NAME, key, address, OpenAIClient, silent_s=SILENT_S, whole_s=WHOLE_S, cassette=cassette)
        self._dialects = Dialects(home / "dialects", str(self._wire.base))

    async def prepare(self, call: Call) -> None:
        """Room on the disk for the reply, which comes once. ProviderError where there is none."""
        size = reply_bytes(call.request)
        try:
            await asyncio.to_thread(self._replies.reserve, call.attempt, size, call.delayed)
        except OSError as error:
            raise no_room(NAME, size, error) from None

    def settled(self, call: Call) -> None:
        """The reply is forgotten."""
        self._replies.forget(call.attempt)

    async def submit(self, call: Call) -> str:
        """Buy the call; its reply is on disk when this returns."""
        try:
            return await self._submit(call)
        finally:
            self._replies.release(call.attempt)

    async def _submit(self, call: Call) -> str:
        model = called_model(self._catalogue, NAME, call)
        if why := beyond(model, call.request):
            raise wrong_request(NAME, why)
        match call.request:
            case TextRequest() as request:
                return await self._ask(call, model, text_body(call, model, request))
            case SpeechRequest() as request:
                return await self._speak(call, model, speech_body(model, request))
            case ImageRequest() as request:
                return await self._draw(call, model, image_body(model, request))
        raise wrong_request(NAME, f"{NAME} makes no {call.role} here")

    async def collect(self, provider_id: str, call: Call) -> Reply:
        """The reply that came with `submit`; NoLookupError where it is not here, and the vendor keeps none."""
        model, cached = called_model(self._catalogue, NAME, call), self._replies.find(call.attempt)
        if cached is None:
            cached = await self._stored(provider_id, call)
        match call.request:
            case TextRequest() as request:
                return await asyncio.to_thread(text_reply, cached, call, model, request)
        folder = self._home / "deliveries"
        folder.mkdir(parents=True, exist_ok=True)
        return await asyncio.to_thread(medium_reply, cached, call, model, partial(self._replies.copy, cached, folder))

    async def find(self, call: Call) -> str | None:
        """The id of the call with this attempt id."""
        cached = self._replies.find(call.attempt)
        if cached is not None:
            return name_of(cached.about.get("id")) or call.attempt
        query = {f"metadata[{ATTEMPT}]": call.attempt, "limit": "1"}
        document = await self._looked_up("/chat/completions", call, params=query)
        kept = at(document, "data")
        if kept == []:
            return None
        first = listed(kept)[:1]
        if not first or (isinstance(first[0], dict) and at(first[0], "metadata", ATTEMPT) != call.attempt):
            raise NoLookupError(NAME, call.role)  # no list of such calls, or one of other calls
        found = name_of(at(first[0], "id"))
        if found is None:
            raise unread(NAME, is_purchase=False)
        return found

    async def cancel(self, provider_id: str) -> bool:  # noqa: ARG002 - the port's
        """Nothing: a request ends with its answer."""
        return False

    async def close(self) -> None:
        """Close the connections, and give back what was reserved."""
        self._replies.release_all()
        await self._wire.close()

    async def _ask(self, call: Call, model: Model, body: dict[str, Any]) -> str:
        answer = await self._bought(call, model, "/chat/completions", body, LARGEST_JSON)
        try:
            document = self._wire.document(answer)
            why = "" if listed(document, "choices") else "it has no choices"
        except UnreadableAnswerError as error:
            document, why = None, str(error)
        if not why:
            return await self._keep(call, name_of(at(document, "id")), json.dumps(document).encode(), {})
        with suppress(ProviderError):
            if found := await self.find(call):
                return found  # the vendor keeps it whole
        raise malformed(NAME, model, call, why, self._wire.key, sent=False)

    async def _draw(self, call: Call, model: Model, body: dict[str, Any]) -> str:
        answer = await self._bought(call, model, "/images/generations", body, LARGEST_PICTURE)
        try:
            document = self._wire.document(answer)
            picture = base64.b64decode(text_at(document, "data", 0, "b64_json").rpartition(",")[2], validate=True)
        except ValueError:
            document, picture = None, b""
        if not picture:
            cost = used_usd_micros(model, call.request, {}, size=body["size"])
            message = "the answer holds no picture as `b64_json` (a parameter `response_format` of the model may ask for that)"
            raise ProviderError(NAME, FailureKind.VALIDATION, "no-picture", message, cost_usd_micros=cost)
        counts: dict[str, Json] = {name: at(document, "usage", name) for name in ("input_tokens", "total_tokens")}
        return await self._keep(call, _request_id(answer), picture, {"usage": counts, "size": body["size"]})

    async def _bought(self, call: Call, model: Model, path: str, body: dict[str, Any], largest: int) -> VendorAnswer:
        """The whole answer to a purchase, which is none of refusal."""
        for _ in range(_MOST_REFUSALS):
            said = self._dialects.of(_name(call)).spoken(body)
            try:
                answer = await self._wire.ask("POST", path, body=said, is_purchase=True, largest=largest)
            except TooLargeError:
                raise _too_large(call, model, largest) from None
            call.on_rate_headers(allowances(answer.headers))
            if not self._learns(call, said, answer):
                break
        self._check(answer)
        return answer

    async def _speak(self, call: Call, model: Model, body: dict[str, Any]) -> str:
        """A recording goes to the disk as it comes; what is said in words is looked at."""
        for _ in range(_MOST_REFUSALS):
            said = self._dialects.of(_name(call)).spoken(body)
            async with self._wire.stream("POST", "/audio/speech", body=said, is_purchase=True) as (head, parts):
                call.on_rate_headers(allowances(head.headers))
                first = await anext(parts, b"")
                whole = _chained(first, parts)
                try:
                    if not head.is_error and not is_in_words(head, first):
                        return await self._keep_parts(call, _request_id(head), whole, {})
                    answer = replace(head, content=await gathered(whole, LARGEST_ERROR))
                except TooLargeError:
                    raise _too_large(call, model, LARGEST) from None
            if not self._learns(call, said, answer):
                break
        self._check(answer)
        raise malformed(NAME, model, call, "it is no sound", self._wire.key, sent=False)

    def _learns(self, call: Call, said: Mapping[str, Any], answer: VendorAnswer) -> bool:
        """Whether an answer refuses what can be left out: then it is, from now on."""
        chosen = frozenset(parameter for parameter, _ in parse_qsl(call.model.partition("?")[2]))
        dialect = self._dialects.of(_name(call))
        other = dialect.after(answer.status, self._wire.problem(answer), said, chosen)
        if other is None:
            return False
        self._dialects.learn(_name(call), other)
        return True

    def _check(self, answer: VendorAnswer, *, is_purchase: bool = True) -> None:
        """ProviderError for a refusal, for a page, and for an error inside of what says that it is none."""
        if answer.is_page and (not answer.is_error or answer.status in NOT_FOUND):
            raise web_page(NAME, answer.status, is_purchase=is_purchase)
        problem, secret = self._wire.problem(answer), self._wire.key
        if answer.is_error:
            raise refused(NAME, answer.status, problem, answer.headers, is_purchase=is_purchase, secret=secret)
        if self._wire.is_problem(answer):
            status = status_of(problem.code)
            raise refused(NAME, status, problem, answer.headers, is_purchase=is_purchase, secret=secret, inside=answer.status)

    async def _keep(self, call: Call, named: str | None, content: bytes, about: dict[str, Json]) -> str:
        return await self._keep_parts(call, named, _once(content), about)

    async def _keep_parts(self, call: Call, named: str | None, parts: AsyncIterator[bytes], about: dict[str, Json]) -> str:
        known = {"id": named or call.attempt, **about}
        await self._replies.keep(call.attempt, parts, known)
        return str(known["id"])

    async def _stored(self, provider_id: str, call: Call) -> CachedReply:
        """A text that the vendor keeps."""
        if name_of(provider_id) is None:
            raise NoLookupError(NAME, call.role)
        document = await self._looked_up(f"/chat/completions/{provider_id}", call)
        if not listed(document, "choices"):
            raise unread(NAME, is_purchase=False)
        return await self._replies.keep(call.attempt, _once(json.dumps(document).encode()), {"id": provider_id})

    async def _looked_up(self, path: str, call: Call, **more: Any) -> Json:
        """What the vendor keeps. NoLookupError where it does not, as servers that only resemble it."""
        if not isinstance(call.request, TextRequest) or not self._dialects.of(_name(call)).stores:
            raise NoLookupError(NAME, call.role)
        try:
            answer = await self._wire.ask("GET", path, is_purchase=False, **more)
            if answer.status in _NO_LOOKUP or (answer.is_page and not answer.is_error):
                raise NoLookupError(NAME, call.role)
            self._check(answer, is_purchase=False)
            return self._wire.document(answer)
        except (UnreadableAnswerError, TooLargeError):
            raise unread(NAME, is_purchase=False) from None


def _name(call: Call) -> str:
    """The vendor's own name of a model."""
    return call.model.partition("?")[0]


def _request_id(answer: VendorAnswer) -> str | None:
    return name_of(answer.headers.get("x-request-id"))


def _too_large(call: Call, model: Model, largest: int) -> ProviderError:
    message, cost = f"an answer of more than {largest:,} bytes", reserved_usd_micros(model, call.request)
    return ProviderError(NAME, FailureKind.VALIDATION, "too-large", message, cost_usd_micros=cost)


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def _chained(first: bytes, parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for part in parts:
        yield part


def open_vendor(opening: Opening) -> OpenAIProvider:
    """The provider of an environment."""
    return OpenAIProvider(
        opening.folder,
        opening.catalogue,
        opening.key,
        base_url=opening.base_url,
        settle_s=opening.settle_s,
        cassette=opening.cassette,
    )
