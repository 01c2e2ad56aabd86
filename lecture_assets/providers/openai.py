"""OpenAI, or any server that speaks its API: texts, speech, pictures. `ports.Provider`.

    submit ── one request, answered when the work is done ──► inbox.py, on disk ──► its id
    collect ─ the inbox, for nothing; a text also from the vendor's stored completions
    find ──── the inbox; a text by our attempt id in its metadata; speech and pictures cannot be looked up

Retries, limits and the ledger are the runner's. What is sent fits the vendor's own specification: a test holds it to that.
"""

import asyncio
import base64
import binascii
import json
import math
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import httpx2
import openai
from httpx2 import AsyncHTTPTransport, ConnectError, ConnectTimeout, HTTPError, PoolTimeout, Timeout

from lecture_assets.graph.fingerprint import Json
from lecture_assets.ports import (
    Call,
    FailureKind,
    ImageRequest,
    MediaFile,
    NoLookupError,
    ProviderError,
    Reply,
    SpeechRequest,
    TextRequest,
)
from lecture_assets.providers.allowances import allowances
from lecture_assets.providers.amounts import most_output_tokens, reserved_usd_micros
from lecture_assets.providers.called import called_model
from lecture_assets.providers.catalogue import Catalogue, Model
from lecture_assets.providers.failures import clean, counted, refused, understood, unreachable, wrong_request
from lecture_assets.providers.inbox import LARGEST, Inbox, Letter, TooLargeError
from lecture_assets.providers.tape import NotOnTapeError, Tape, taped

NAME = "openai"
ATTEMPT = "lectures_attempt"
"""The key of a stored completion's metadata that names our attempt."""
TIMEOUT = Timeout(180.0, connect=10.0)
"""Seconds without a byte. A script with much thinking takes a minute or two."""
_NOT_SENT = (ConnectError, ConnectTimeout, PoolTimeout)
_NO_SUCH_PAGE = frozenset({400, 404, 405, 501})
_SIZES = ((1536, 1024), (1024, 1024), (1024, 1536))
"""Width and height of the pictures that there are."""
_UNKNOWN_TO_STRICT = frozenset({"minLength", "maxLength", "title", "default", "description"})
"""Keywords of JSON Schema that the vendor's strict answers do not take; we check them ourselves afterwards."""
_WAV_HEAD = 44


class OpenAIProvider:
    """One belongs to one event loop; any number of processes may share a home."""

    name = NAME

    def __init__(  # noqa: PLR0913 - each is a setting of its own
        self,
        home: Path,
        catalogue: Catalogue,
        key: str,
        *,
        base_url: str | None = None,
        settle_s: float = 120.0,
        tape: Tape | None = None,
    ) -> None:
        """home: the folder for replies; settle_s: how long after it was sent a call may still be worked on, unseen."""
        self._home, self._catalogue, self._key = home, catalogue, key
        self.settle_s = settle_s
        self._inbox = Inbox(home / "inbox")
        transport = taped(httpx2, AsyncHTTPTransport(), tape)
        web = openai.DefaultAsyncHttpxClient(transport=transport, timeout=TIMEOUT, follow_redirects=False)
        self._client = openai.AsyncOpenAI(api_key=key, base_url=base_url, max_retries=0, timeout=TIMEOUT, http_client=web)

    async def submit(self, call: Call) -> str:
        """Buy the call; its reply is on disk when this returns."""
        model = called_model(self._catalogue, NAME, call)
        async with self._errors(call):
            match call.request:
                case TextRequest() as request:
                    return await self._ask(call, model, request)
                case SpeechRequest() as request:
                    return await self._speak(call, model, request)
                case ImageRequest() as request:
                    return await self._draw(call, model, request)
        raise wrong_request(NAME, f"{NAME} makes no {call.role} here")

    async def collect(self, provider_id: str, call: Call) -> Reply:
        """The reply that came with `submit`; NoLookupError where it is not here, and the vendor keeps none."""
        model, letter = called_model(self._catalogue, NAME, call), self._inbox.find(call.attempt)
        if letter is None:
            letter = await self._stored(provider_id, call)
        with understood(NAME, model, call):
            if isinstance(call.request, TextRequest):
                return await asyncio.to_thread(self._text, letter, model)
            return await asyncio.to_thread(self._medium, letter, call, model)

    async def find(self, call: Call) -> str | None:
        """The id of the call with this attempt id."""
        letter = self._inbox.find(call.attempt)
        if letter is not None:
            return str(letter.about["id"])
        if not isinstance(call.request, TextRequest):
            raise NoLookupError(NAME, call.role)
        async with self._looked_up(call):
            page = await self._client.chat.completions.list(metadata={ATTEMPT: call.attempt}, limit=1)
        mine = [kept for kept in page.data or [] if (getattr(kept, "metadata", None) or {}).get(ATTEMPT) == call.attempt]
        return mine[0].id if mine else None

    async def cancel(self, provider_id: str) -> bool:  # noqa: ARG002 - the port's
        """Nothing: a request ends with its answer."""
        return False

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _ask(self, call: Call, model: Model, request: TextRequest) -> str:
        raw = await self._client.chat.completions.with_raw_response.create(**text_body(call, model, request))
        call.heard(allowances(raw.headers))
        answer = json.loads(raw.content)
        if not isinstance(answer, dict) or not answer.get("id"):
            raise ProviderError(NAME, FailureKind.AMBIGUOUS, "no-id", "the answer has no id", sent=True)
        await self._inbox.keep(call.attempt, _once(raw.content), {"id": str(answer["id"])})
        return str(answer["id"])

    async def _speak(self, call: Call, model: Model, request: SpeechRequest) -> str:
        body = speech_body(model, request)
        async with self._client.audio.speech.with_streaming_response.create(**body) as raw:
            call.heard(allowances(raw.headers))
            known: dict[str, Json] = {"id": raw.headers.get("x-request-id") or call.attempt}
            try:
                await self._inbox.keep(call.attempt, raw.iter_bytes(), known)
            except TooLargeError:
                message, cost = f"a recording of more than {LARGEST:,} bytes", reserved_usd_micros(model, request)
                raise ProviderError(NAME, FailureKind.VALIDATION, "too-large", message, cost_usd_micros=cost) from None
        return str(known["id"])

    async def _draw(self, call: Call, model: Model, request: ImageRequest) -> str:
        body = image_body(model, request)
        raw = await self._client.images.with_raw_response.generate(**body)
        call.heard(allowances(raw.headers))
        answer = json.loads(raw.content)
        try:
            picture = base64.b64decode(answer["data"][0]["b64_json"], validate=True)
        except (KeyError, IndexError, TypeError, binascii.Error):
            message = "the answer holds no picture"
            cost = model.cost_usd_micros({"image": 1})
            raise ProviderError(NAME, FailureKind.VALIDATION, "no-picture", message, cost_usd_micros=cost) from None
        known: dict[str, Json] = {
            "id": raw.headers.get("x-request-id") or call.attempt,
            "usage": answer.get("usage") or {},
            "size": body["size"],
        }
        await self._inbox.keep(call.attempt, _once(picture), known)
        return str(known["id"])

    async def _stored(self, provider_id: str, call: Call) -> Letter:
        """A text that the vendor keeps."""
        if not isinstance(call.request, TextRequest):
            raise NoLookupError(NAME, call.role)
        async with self._looked_up(call):
            raw = await self._client.chat.completions.with_raw_response.retrieve(provider_id)
        return await self._inbox.keep(call.attempt, _once(raw.content), {"id": provider_id})

    def _text(self, letter: Letter, model: Model) -> Reply:
        """The answer, where there is a whole one; what is none was paid for all the same."""
        answer: dict[str, Any] = json.loads(letter.path.read_bytes())
        usage = answer.get("usage") or {}
        cached = counted((usage.get("prompt_tokens_details") or {}).get("cached_tokens"))
        cost = model.cost_usd_micros(
            {
                "input token": max(Fraction(0), counted(usage.get("prompt_tokens")) - cached),
                "cached input token": cached,
                "output token": counted(usage.get("completion_tokens")),
            }
        )

        def unfit(kind: FailureKind, code: str, message: str) -> ProviderError:
            return ProviderError(NAME, kind, code, message, cost_usd_micros=cost, request_id=str(letter.about["id"]))

        choice = (answer.get("choices") or [{}])[0]
        message = choice.get("message") or {}
        if message.get("refusal"):
            raise unfit(FailureKind.MODERATION, "refusal", f"the model refuses: {clean(message['refusal'])}; change the words")
        match choice.get("finish_reason"):
            case "content_filter":
                raise unfit(FailureKind.MODERATION, "content_filter", "the vendor's filter stopped the answer; change the words")
            case "length":
                raise unfit(FailureKind.VALIDATION, "length", "the answer is longer than was allowed, and cut off")
        try:
            return Reply(json.loads(str(message.get("content") or "")), cost, _tokens(usage))
        except ValueError:
            raise unfit(FailureKind.VALIDATION, "no-json", "the answer is no JSON, although the request says so") from None

    def _medium(self, letter: Letter, call: Call, model: Model) -> Reply:
        """The file, for the receiver to look into; what it costs follows from its length, or from what the vendor counted."""
        folder = self._home / "deliveries"
        folder.mkdir(parents=True, exist_ok=True)
        if isinstance(call.request, SpeechRequest):
            amounts = {
                "character": len(call.request.text),
                "input token": len(call.request.text) // 4,
                "second": _seconds_of(letter.path, call.request),
            }
            cost = model.cost_usd_micros(amounts)  # type: ignore[arg-type]
            return Reply(MediaFile(self._inbox.copy(letter, folder, ".wav"), "audio/wav", None), cost)
        usage: Any = letter.about.get("usage") or {}
        cost = model.cost_usd_micros(
            {"image": 1, "input token": counted(usage.get("input_tokens"))}, size=letter.about.get("size")
        )
        return Reply(MediaFile(self._inbox.copy(letter, folder, ".png"), "image/png", None), cost, _tokens(usage))

    @asynccontextmanager
    async def _looked_up(self, call: Call) -> AsyncIterator[None]:
        """NoLookupError where there is no such page, as at servers that only resemble the vendor's."""
        async with self._errors(call, is_purchase=False):
            try:
                yield
            except openai.APIStatusError as error:
                if error.status_code in _NO_SUCH_PAGE:
                    raise NoLookupError(NAME, call.role) from None
                raise

    @asynccontextmanager
    async def _errors(self, call: Call, *, is_purchase: bool = True) -> AsyncIterator[None]:
        """The package's errors, and those of the connection, as ours."""
        try:
            yield
        except openai.APIStatusError as error:
            call.heard(allowances(error.response.headers) if is_purchase else ())
            message = str((error.body or {}).get("message") or "") if isinstance(error.body, dict) else ""
            message = message.replace(self._key, "…")
            raise refused(NAME, error.status_code, error.code, message, error.response.headers, is_purchase=is_purchase) from None
        except openai.APIConnectionError as error:
            raise unreachable(
                NAME, error.__cause__ or error, sent=is_purchase and not isinstance(error.__cause__, _NOT_SENT)
            ) from None
        except (HTTPError, openai.OpenAIError, NotOnTapeError, ValueError) as error:
            raise unreachable(NAME, error, sent=is_purchase) from None


def text_body(call: Call, model: Model, request: TextRequest) -> dict[str, Any]:
    """The request for a text: an answer of the schema, kept at the vendor's under our attempt id."""
    schema = {"name": request.task.replace("-", "_"), "schema": strict(request.schema), "strict": True}
    return {
        "model": model.vendor_name,
        "messages": [{"role": "system", "content": request.system}, {"role": "user", "content": request.prompt}],
        "response_format": {"type": "json_schema", "json_schema": schema},
        "max_completion_tokens": most_output_tokens(request.answer_tokens),
        "store": True,
        "metadata": {ATTEMPT: call.attempt},
        **model.parameters,
    }


def speech_body(model: Model, request: SpeechRequest) -> dict[str, Any]:
    """The request for a recording, by the voice that stands for ours."""
    voice = model.voices.get(request.voice, request.voice)
    return {"model": model.vendor_name, "input": request.text, "response_format": "wav", "voice": voice, **model.parameters}


def image_body(model: Model, request: ImageRequest) -> dict[str, Any]:
    """The request for one picture, of the size that is nearest to the wanted one in its form."""
    wanted = math.log(request.width / request.height)
    width, height = min(_SIZES, key=lambda size: abs(math.log(size[0] / size[1]) - wanted))
    size = {"size": f"{width}x{height}"}
    return {"model": model.vendor_name, "prompt": request.prompt, "n": 1, **size, **model.parameters}


def strict(schema: Any) -> Any:
    """A JSON Schema as the vendor's strict answers take it: closed objects, every field required, no lengths."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    named = {"properties", "$defs"}
    kept = {
        key: {name: strict(part) for name, part in value.items()} if key in named else strict(value)
        for key, value in schema.items()
        if key not in _UNKNOWN_TO_STRICT
    }
    if "properties" in kept:
        kept |= {"required": list(kept["properties"]), "additionalProperties": False}
    return kept


def _tokens(usage: Mapping[str, Any]) -> int | None:
    """How many the vendor counted, where it says so."""
    total = usage.get("total_tokens")
    return total if isinstance(total, int) and not isinstance(total, bool) and total >= 0 else None


def _seconds_of(path: Path, request: SpeechRequest) -> int:
    """How long a WAV is, by its rate and its bytes: a streamed one does not know its own length."""
    with path.open("rb") as file:
        head = file.read(_WAV_HEAD)
    rate = int.from_bytes(head[28:32], "little") if head[:4] == b"RIFF" else 0
    return -(-(path.stat().st_size - _WAV_HEAD) // rate) if rate else len(request.text.encode()) // 8 + 2


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
