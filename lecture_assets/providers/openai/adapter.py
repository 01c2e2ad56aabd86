"""OpenAI, or any server with its API: texts, speech, pictures. `ports.Provider`.

    submit ── one request, answered when the work is done ──► reply_cache.py ──► its id
    collect ─ from the reply cache, at no cost; a text also from the vendor's stored completions
    find ──── in the reply cache; a text also by our attempt id in its metadata; speech and pictures cannot be looked up

Retries, rate limits and the ledger are the runner's. A request matches the vendor's specification, which a test checks
(`requests.py`); `server.py` leaves out what another server refuses. The vendor's package sends it (`client.py`). Answers are read
within bounds, whatever their form (`wire.py`, `answers.py`, `replies.py`).
"""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from lecture_assets.graph.errors import LectureError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.ports import (
    Call,
    FailureKind,
    ImageRequest,
    NoLookupError,
    ProviderError,
    Reply,
    ReplyStore,
    SpeechRequest,
    TextRequest,
)
from lecture_assets.providers.amounts import beyond, reply_bytes, used_usd_micros
from lecture_assets.providers.answers import UnreadableAnswerError, at, listed, name_of, text_at
from lecture_assets.providers.called import called_model
from lecture_assets.providers.cassette import Cassette
from lecture_assets.providers.catalogue import Catalogue
from lecture_assets.providers.failures import malformed, no_room, unread, wrong_request
from lecture_assets.providers.model import Model
from lecture_assets.providers.openai.client import OpenAIClient
from lecture_assets.providers.openai.dialect import Dialects
from lecture_assets.providers.openai.replies import NAME, listed_id, medium_reply, text_reply
from lecture_assets.providers.openai.requests import ATTEMPT, image_body, speech_body, text_body
from lecture_assets.providers.openai.server import OpenAIServer
from lecture_assets.providers.opening import Opening
from lecture_assets.providers.reply_cache import CachedReply, ReplyCache
from lecture_assets.providers.wire import LARGEST_JSON, VendorAnswer, Wire

BASE_URL = "https://api.openai.com/v1"
SILENT_S, WHOLE_S = 180.0, 600.0
"""Longest silence in seconds, since a script with much reasoning takes a minute or two; and longest time for a complete answer,
as in the vendor's own package (3.57)."""
LARGEST_PICTURE = 64 * 2**20
"""Bytes of a picture as JSON: ten times an incompressible picture of 1536 × 1024 pixels."""


class OpenAIProvider:
    """The adapter. Each belongs to one event loop; any number of processes may share a home."""

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
        replies: ReplyStore | None = None,
    ) -> None:
        """Open the connection.

        home:     the folder for replies
        settle_s: how many seconds after it was sent a call may still be in progress, out of sight
        replies:  where other machines find them; None if there are none
        """
        self._home, self._catalogue = home, catalogue
        self.settle_s = settle_s
        self._replies = ReplyCache(home / "inbox", replies)
        address = base_url or BASE_URL
        self._wire = Wire(NAME, key, address, OpenAIClient, silent_s=SILENT_S, whole_s=WHOLE_S, cassette=cassette)
        self._server = OpenAIServer(self._wire, Dialects(home / "dialects", str(self._wire.base)))

    async def prepare(self, call: Call) -> None:
        """Reserve disk space for the reply, which comes only once. ProviderError if there is not enough."""
        size = reply_bytes(call.request)
        try:
            await asyncio.to_thread(self._replies.reserve, call.attempt, size, call.delayed)
        except OSError as error:
            raise no_room(NAME, size, error) from None

    def settled(self, call: Call) -> None:
        """Delete the stored reply."""
        self._replies.forget(call.attempt)

    async def submit(self, call: Call) -> str:
        """Buy the call. Its reply is stored when this returns."""
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
                return await self._buy_text(call, model, text_body(call, model, request))
            case SpeechRequest() as request:
                return await self._buy_speech(call, model, speech_body(model, request))
            case ImageRequest() as request:
                return await self._buy_picture(call, model, image_body(model, request))
        raise wrong_request(NAME, f"{NAME} makes no {call.role} here")

    async def _buy_text(self, call: Call, model: Model, body: dict[str, Any]) -> str:
        answer = await self._server.buy("/chat/completions", body, call, model, LARGEST_JSON)
        try:
            document = self._wire.document(answer)
            why = "" if listed(document, "choices") else "it has no choices"
        except UnreadableAnswerError as error:
            document, why = None, str(error)
        if not why:
            return await self._keep(call, name_of(at(document, "id")), _once(json.dumps(document).encode()))
        with suppress(ProviderError):
            if found := await self.find(call):
                return found  # the vendor has stored it intact
        raise malformed(NAME, model, call, why, self._wire.key, sent=False)

    async def _buy_speech(self, call: Call, model: Model, body: dict[str, Any]) -> str:
        async with self._server.buy_sound("/audio/speech", body, call, model) as (head, sound):
            return await self._keep(call, _request_id(head), sound)

    async def _buy_picture(self, call: Call, model: Model, body: dict[str, Any]) -> str:
        answer = await self._server.buy("/images/generations", body, call, model, LARGEST_PICTURE)
        try:
            document = self._wire.document(answer)
            picture = base64.b64decode(text_at(document, "data", 0, "b64_json").rpartition(",")[2], validate=True)
        except ValueError:
            document, picture = None, b""
        if not picture:
            cost = used_usd_micros(model, call.request, {}, size=body["size"])
            message = (
                "the answer has no picture as `b64_json` (the model's parameter `response_format` may be able to ask for it)"
            )
            raise ProviderError(NAME, FailureKind.VALIDATION, "no-picture", message, cost_usd_micros=cost)
        counts: dict[str, Json] = {name: at(document, "usage", name) for name in ("input_tokens", "total_tokens")}
        return await self._keep(call, _request_id(answer), _once(picture), usage=counts, size=body["size"])

    async def _keep(self, call: Call, named: str | None, parts: AsyncIterator[bytes], **about: Json) -> str:
        """Store a reply on disk under the vendor's id, or under our attempt id if the vendor gave none; return that id."""
        provider_id = named or call.attempt
        await self._replies.keep(call, parts, {"id": provider_id, **about})
        return provider_id

    async def collect(self, provider_id: str, call: Call) -> Reply:
        """Return the reply that came with `submit`. NoLookupError if it is not here and the vendor has not stored it."""
        model, cached = called_model(self._catalogue, NAME, call), await self._kept(call)
        if cached is None:
            cached = await self._stored(provider_id, call)
        match call.request:
            case TextRequest() as request:
                return await asyncio.to_thread(text_reply, cached, call, model, request)
        folder = self._home / "deliveries"
        folder.mkdir(parents=True, exist_ok=True)
        return await asyncio.to_thread(medium_reply, cached, call, model, partial(self._replies.copy, cached, folder))

    async def _kept(self, call: Call) -> CachedReply | None:
        """Find the reply that was kept here or elsewhere. A retryable ProviderError where it cannot be looked for just now."""
        try:
            return await self._replies.find(call)
        except LectureError as error:
            message = f"its reply may be kept where it cannot be read now: {error}"
            raise ProviderError(NAME, FailureKind.RETRYABLE, "artifacts", message) from error

    async def _stored(self, provider_id: str, call: Call) -> CachedReply:
        """Fetch a text that the vendor has stored."""
        if name_of(provider_id) is None:
            raise NoLookupError(NAME, call.role)
        document = await self._server.look_up(f"/chat/completions/{provider_id}", call)
        if not listed(document, "choices"):
            raise unread(NAME, is_purchase=False)
        return await self._replies.keep(call, _once(json.dumps(document).encode()), {"id": provider_id})

    async def find(self, call: Call) -> str | None:
        """Return the id of the call with this attempt id."""
        cached = await self._kept(call)
        if cached is not None:
            return name_of(cached.about.get("id")) or call.attempt
        query = {f"metadata[{ATTEMPT}]": call.attempt, "limit": "1"}
        return listed_id(await self._server.look_up("/chat/completions", call, params=query), call)

    async def cancel(self, provider_id: str) -> bool:  # noqa: ARG002 - the port's
        """Do nothing: a request ends with its answer."""
        return False

    async def close(self) -> None:
        """Close the connections and release the reserved space."""
        self._replies.release_all()
        await self._wire.close()


def _request_id(answer: VendorAnswer) -> str | None:
    return name_of(answer.headers.get("x-request-id"))


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


def open_vendor(opening: Opening) -> OpenAIProvider:
    """Open the adapter with the settings of an environment."""
    return OpenAIProvider(
        opening.folder,
        opening.catalogue,
        opening.key,
        base_url=opening.base_url,
        settle_s=opening.settle_s,
        cassette=opening.cassette,
        replies=opening.replies,
    )
