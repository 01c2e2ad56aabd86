"""Replicate: pictures, clips and music by its predictions. `ports.Provider`.

    submit ── POST a prediction ──► its id, at once
    collect ─ GET it until it has ended ──► where its output lies; the runner fetches that
    find ──── the newest predictions, for the one whose webhook ends with our attempt id

The vendor has no idempotency and keeps no metadata, but a prediction shows its webhook. Ours names a host that cannot exist
(`.invalid`, RFC 2606) where none is configured: nobody is ever told anything by it. The package's client is used for its
connection alone: its `run` loses slow predictions, its types stumble over the status `aborted`, its retries would be a second
ladder under the runner's.
"""

import asyncio
import base64
import mimetypes
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from math import gcd
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import httpx
from replicate.client import Client
from replicate.exceptions import ReplicateException

from lecture_assets.graph.fingerprint import Json
from lecture_assets.ports import (
    Call,
    FailureKind,
    Heard,
    ImageRequest,
    MediaUrl,
    MusicRequest,
    ProviderError,
    Reply,
    VideoRequest,
    unheard,
)
from lecture_assets.providers.allowances import allowances
from lecture_assets.providers.amounts import of_request
from lecture_assets.providers.called import called_model
from lecture_assets.providers.catalogue import Amounts, Catalogue, Model
from lecture_assets.providers.failures import clean, counted, refused, understood, unreachable, wrong_request
from lecture_assets.providers.tape import NotOnTapeError, Tape, taped

NAME = "replicate"
HOSTS = frozenset({"replicate.delivery", ".replicate.delivery"})
"""Where outputs lie (https://replicate.com/docs/topics/predictions/output-files)."""
WEBHOOK = "https://lecture-assets.invalid/attempt/"
TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_LARGEST_INLINE = 256 * 1024
"""Bytes of a file that may lie in a request itself (the vendor's advice in the reference of `predictions.create`)."""
_FIRST_POLL_S, _LONGEST_POLL_S, _GROWTH = 0.5, 5.0, 1.3
_LONGEST_PREDICTION_S = 1_800.0
"""A prediction that has not ended by then is asked about again by a later run; it is not bought again."""
_PAGES = 20
"""Of 100 predictions each that are looked through for one of ours."""
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_ASPECTS = ("21:9", "16:9", "3:2", "4:3", "5:4", "1:1", "4:5", "3:4", "2:3", "9:16", "9:21")


class _NoAnswerError(Exception):
    """An answer that is an error, with its headers, past the package's own retries."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        super().__init__(str(response.status_code))


class _Plain(httpx.AsyncBaseTransport):
    """A connection that tells of errors at once."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer; _NoAnswerError where it is one of refusal."""
        response = await self._inner.handle_async_request(request)
        if response.status_code >= httpx.codes.BAD_REQUEST:
            await response.aread()
            raise _NoAnswerError(response)
        return response

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


class ReplicateProvider:
    """One belongs to one event loop; it writes nothing."""

    name = NAME
    settle_s = 15.0
    """A prediction is in the list at once; this is for a request that is still on its way."""

    def __init__(
        self,
        catalogue: Catalogue,
        token: str,
        *,
        base_url: str | None = None,
        webhook: str = WEBHOOK,
        tape: Tape | None = None,
    ) -> None:
        """webhook: where the vendor tells of the end of a prediction; it is followed by our attempt id."""
        self._catalogue, self._webhook, self._token = catalogue, webhook, token
        self._loopback = _loopback(base_url)
        plain = _Plain(taped(httpx, httpx.AsyncHTTPTransport(), tape))
        self._client = Client(token, base_url=base_url, timeout=TIMEOUT, transport=plain)

    async def submit(self, call: Call) -> str:
        """Buy the call."""
        model = called_model(self._catalogue, NAME, call)
        body: dict[str, Any] = {
            "input": {**model.parameters, **await self._input(call, model)},
            "webhook": f"{self._webhook}{call.attempt}",
            "webhook_events_filter": ["completed"],
        }
        path = f"/v1/models/{model.vendor_name}/predictions"
        if model.version:
            path, body["version"] = "/v1/predictions", model.version
        async with self._errors(is_purchase=True, heard=call.heard):
            return str((await self._json("POST", path, heard=call.heard, json=body))["id"])

    async def collect(self, provider_id: str, call: Call) -> Reply:
        """Wait for a prediction to end, and say where its output lies."""
        model, waited, pause = called_model(self._catalogue, NAME, call), 0.0, _FIRST_POLL_S
        while True:
            async with self._errors(is_purchase=False):
                prediction = await self._json("GET", f"/v1/predictions/{provider_id}")
            match prediction.get("status"):
                case "succeeded":
                    with understood(NAME, model, call):
                        return self._reply(prediction, call, model)
                case "failed" | "canceled" | "aborted":
                    with understood(NAME, model, call):
                        raise self._failed(prediction, call, model)
            if waited > _LONGEST_PREDICTION_S:
                message = f"prediction {provider_id} has not ended after {waited:.0f} s; it is asked about again by the next run"
                raise ProviderError(NAME, FailureKind.RETRYABLE, "slow", message, request_id=provider_id)
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311 - jitter, no secret
            waited, pause = waited + pause, min(pause * _GROWTH, _LONGEST_POLL_S)

    async def find(self, call: Call) -> str | None:
        """The prediction whose webhook names this attempt."""
        page: str | None = "/v1/predictions"
        for _ in range(_PAGES):
            async with self._errors(is_purchase=False):
                listed = await self._json("GET", cast("str", page))
            for prediction in listed.get("results", []):
                if str(prediction.get("webhook") or "").endswith(f"/{call.attempt}"):
                    return str(prediction["id"])
            page = listed.get("next")
            if not page:
                return None
        return None

    async def cancel(self, provider_id: str) -> bool:
        """Stop a prediction; one that has ended stays as it is."""
        async with self._errors(is_purchase=False):
            await self._json("POST", f"/v1/predictions/{provider_id}/cancel")
        return True

    async def close(self) -> None:
        """Close the connections."""
        await self._client._async_client.aclose()  # noqa: SLF001 - the package has no other way

    async def _json(self, method: str, path: str, heard: Heard = unheard, **more: Any) -> dict[str, Any]:
        """One request; private in the package (1.0), whose public calls drop the webhook and know no `aborted`."""
        response = await self._client._async_request(method, path, **more)  # noqa: SLF001 - said above
        heard(allowances(response.headers))
        document = response.json()
        if not isinstance(document, dict):
            message = "an answer that is no object"
            raise ValueError(message)  # noqa: TRY004 - as of any other answer that is no JSON
        return document

    async def _input(self, call: Call, model: Model) -> dict[str, Json]:
        """The parts of the request, by the names that the model has for them."""
        parts = await self._parts(call, model)
        return {name: parts[part] for part, name in model.input.items() if part in parts}

    async def _parts(self, call: Call, model: Model) -> dict[str, Json]:
        match call.request:
            case ImageRequest(prompt, width, height):
                return {"prompt": prompt, "width": width, "height": height, "aspect_ratio": _aspect(width, height)}
            case VideoRequest(image, prompt, seconds, width, height):
                rate = cast("int", model.parameters.get("frames_per_second", 16))
                picture = call.files.get(image)
                if picture is None:
                    raise wrong_request(NAME, f"the starting image {image} was not sent with the call")
                wanted: dict[str, Json] = {"image": await self._sent_file(picture)} if "image" in model.input else {}
                return wanted | {
                    "prompt": prompt,
                    "seconds": model.fitted("seconds", seconds),
                    "frames": model.fitted("frames", seconds * rate),
                    "aspect_ratio": _aspect(width, height),
                }
            case MusicRequest(prompt, seconds):
                return {"prompt": prompt, "seconds": model.fitted("seconds", seconds)}
        raise wrong_request(NAME, f"{NAME} makes no {call.role} here")

    async def _sent_file(self, path: Path) -> str:
        """A file as a part of the request, or where it lies at the vendor's: uploading it costs nothing."""
        content = await asyncio.to_thread(path.read_bytes)
        media_type = _media_type(content)
        if len(content) <= _LARGEST_INLINE:
            return f"data:{media_type};base64,{base64.b64encode(content).decode()}"
        name = f"picture{mimetypes.guess_extension(media_type) or ''}"
        async with self._errors(is_purchase=False):
            stored = await self._json("POST", "/v1/files", files={"content": (name, content, media_type)})
            return str(stored["urls"]["get"])

    def _reply(self, prediction: Mapping[str, Any], call: Call, model: Model) -> Reply:
        output = prediction.get("output")
        first = output[0] if isinstance(output, list) and output else output
        cost = model.cost_usd_micros(self._used(prediction, call, model))
        if not isinstance(first, str) or not first:
            message = "the prediction succeeded and has no output"
            raise self._ended(prediction, FailureKind.VALIDATION, "no-output", message, cost)
        return Reply(MediaUrl(first, HOSTS, self._loopback), cost)

    def _failed(self, prediction: Mapping[str, Any], call: Call, model: Model) -> ProviderError:
        """A prediction that came to nothing; the time that it took of a machine is charged, where it took any."""
        status, said = str(prediction["status"]), clean(str(prediction.get("error") or "")) or "no reason given"
        has_run = (prediction.get("metrics") or {}).get("predict_time") is not None
        machine = self._used(prediction, call, model)["compute second"] if has_run else 0
        cost = model.cost_usd_micros({"compute second": machine})
        if any(word in said.lower() for word in ("nsfw", "sensitive", "safety", "policy")):
            return self._ended(prediction, FailureKind.MODERATION, status, f"{said}; change the words", cost)
        return self._ended(prediction, FailureKind.RETRYABLE, status, f"the prediction {status}: {said}", cost)

    def _ended(self, prediction: Mapping[str, Any], kind: FailureKind, code: str, message: str, cost: int) -> ProviderError:
        return ProviderError(NAME, kind, code, message, sent=True, cost_usd_micros=cost, request_id=str(prediction.get("id")))

    def _used(self, prediction: Mapping[str, Any], call: Call, model: Model) -> Amounts:
        """What the vendor counted; what it does not say is what was asked for."""
        asked: dict[Any, Any] = {unit: least for unit, (least, _) in of_request(model, call.request).items()}
        seconds = (prediction.get("metrics") or {}).get("predict_time")
        machine = model.expected.get("compute second", (0, 0))[1]
        asked["compute second"] = machine if seconds is None else counted(seconds)
        return asked

    @asynccontextmanager
    async def _errors(self, *, is_purchase: bool, heard: Heard = unheard) -> AsyncIterator[None]:
        """The package's errors, and those of the connection, as ours."""
        try:
            yield
        except _NoAnswerError as error:
            title, said = _problem(error.response)
            said = said.replace(self._token, "…")
            status, headers = error.response.status_code, error.response.headers
            heard(allowances(headers))
            raise refused(NAME, status, title, said, headers, is_purchase=is_purchase) from None
        except httpx.TransportError as error:
            raise unreachable(NAME, error, sent=is_purchase and not isinstance(error, _NOT_SENT)) from None
        except (ReplicateException, httpx.HTTPError, NotOnTapeError, ValueError, KeyError, TypeError) as error:
            raise unreachable(NAME, error, sent=is_purchase) from None


def _problem(response: httpx.Response) -> tuple[str | None, str]:
    """What an error answer says: nothing that is worth a code of its own, and a sentence (RFC 7807, or a form's faults)."""
    try:
        document = response.json()
    except ValueError:
        return None, ""
    said = document.get("detail") or document.get("title") or "" if isinstance(document, dict) else ""
    return None, said if isinstance(said, str) else "; ".join(
        str(part.get("msg", part)) for part in said if isinstance(part, dict)
    )


def _aspect(width: int, height: int) -> str:
    """The form of a picture as models name it: exactly, or the nearest of the usual ones."""
    divisor = gcd(width, height)
    exact = f"{width // divisor}:{height // divisor}"
    if exact in _ASPECTS:
        return exact

    def ratio(name: str) -> float:
        across, down = name.split(":")
        return int(across) / int(down)

    return min(_ASPECTS, key=lambda name: abs(ratio(name) - width / height))


def _media_type(content: bytes) -> str:
    return "image/png" if content[:4] == b"\x89PNG" else "image/webp" if content[8:12] == b"WEBP" else "image/jpeg"


def _loopback(base_url: str | None) -> frozenset[tuple[str, int]]:
    """The configured server, where it is this machine: it may hand out its own files."""
    parts = urlsplit(base_url or "")
    here = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    return frozenset({(str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80))}) if here else frozenset()
