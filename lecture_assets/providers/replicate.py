"""Replicate: pictures, clips and music by its predictions. `ports.Provider`.

    submit ── POST a prediction ──► its id, at once
    collect ─ GET it until it has ended ──► where its output lies; the runner fetches that
    find ──── the newest predictions, for the one whose webhook ends with our attempt id

The vendor has no idempotency and keeps no metadata, but a prediction shows its webhook. Ours names a host that cannot exist
(`.invalid`, RFC 2606) where none is configured: nobody is ever told anything by it. The vendor's package sends the requests
(`replicate_client.py`); what comes back is read here, in bounds and of whatever form (`wire.py`, `answers.py`).
"""

import asyncio
import base64
import mimetypes
import random
from collections.abc import Mapping
from math import gcd
from pathlib import Path
from typing import Any, cast

from lecture_assets.graph.fingerprint import Json
from lecture_assets.ports import (
    Call,
    FailureKind,
    ImageRequest,
    MediaUrl,
    MusicRequest,
    ProviderError,
    Reply,
    VideoRequest,
)
from lecture_assets.providers.amounts import believed, is_counted, used_usd_micros
from lecture_assets.providers.answers import UnreadableAnswerError, at, name_of, text_at
from lecture_assets.providers.called import called_model
from lecture_assets.providers.cassette import Cassette
from lecture_assets.providers.catalogue import Catalogue, Model
from lecture_assets.providers.catalogue_file import Unit
from lecture_assets.providers.failures import NOT_FOUND, clean, clean_code, refused, unread, web_page, wrong_request
from lecture_assets.providers.opening import Opening
from lecture_assets.providers.rate_headers import allowances
from lecture_assets.providers.replicate_client import ReplicateClient
from lecture_assets.providers.reply_cache import TooLargeError
from lecture_assets.providers.wire import VendorAnswer, Wire

NAME = "replicate"
BASE_URL = "https://api.replicate.com"
HOSTS = frozenset({"replicate.delivery", ".replicate.delivery"})
"""Where outputs lie (https://replicate.com/docs/topics/predictions/output-files)."""
WEBHOOK = "https://lecture-assets.invalid/attempt/"
SILENT_S, WHOLE_S = 30.0, 120.0
"""Seconds without a byte, as the vendor's own package (1.0) waits; and for all of an answer, of which most have a few kB."""
_LARGEST_INLINE = 256 * 1024
"""Bytes of a file that may lie in a request itself (the vendor's advice in the reference of `predictions.create`)."""
_FIRST_POLL_S, _LONGEST_POLL_S, _GROWTH = 0.5, 5.0, 1.3
_LONGEST_PREDICTION_S = 1_800.0
"""A prediction that has not ended by then is asked about again by a later run; it is not bought again."""
_PAGES = 20
"""Of 100 predictions each that are looked through for one of ours."""
_ASPECTS = ("21:9", "16:9", "3:2", "4:3", "5:4", "1:1", "4:5", "3:4", "2:3", "9:16", "9:21")
_LONGEST_CURSOR = 2_000
_LONGEST_URL = 8_000


class ReplicateProvider:
    """One belongs to one event loop; it writes nothing."""

    name = NAME
    longest_s = WHOLE_S
    settle_s = 15.0
    """A prediction is in the list at once; this is for a request that is still on its way."""

    def __init__(
        self,
        catalogue: Catalogue,
        token: str,
        *,
        base_url: str | None = None,
        webhook: str = WEBHOOK,
        cassette: Cassette | None = None,
    ) -> None:
        """webhook: where the vendor tells of the end of a prediction; it is followed by our attempt id."""
        self._catalogue, self._webhook = catalogue, webhook
        self._uploaded: dict[str, str] = {}
        self._wire = Wire(
            NAME, token, base_url or BASE_URL, ReplicateClient, silent_s=SILENT_S, whole_s=WHOLE_S, cassette=cassette
        )
        self._loopback = self._wire.on_loopback

    async def prepare(self, call: Call) -> None:
        """Upload the picture that a clip starts with."""
        if isinstance(call.request, VideoRequest) and "image" in called_model(self._catalogue, NAME, call).input:
            self._uploaded[call.attempt] = await self._picture(call, call.request.image)

    def settled(self, call: Call) -> None:
        """Nothing: what the vendor keeps, it deletes by itself."""

    async def submit(self, call: Call) -> str:
        """Buy the call."""
        model = called_model(self._catalogue, NAME, call)
        body: dict[str, Json] = {
            "input": {**model.parameters, **await self._input(call, model)},
            "webhook": f"{self._webhook}{call.attempt}",
            "webhook_events_filter": ["completed"],
        }
        path = f"/v1/models/{model.vendor_name}/predictions"
        if model.version:
            path, body["version"] = "/v1/predictions", model.version
        document = await self._asked("POST", path, call=call, body=body)
        named = name_of(at(document, "id"))
        if named is None:
            raise unread(NAME, is_purchase=True)
        return named

    async def collect(self, provider_id: str, call: Call) -> Reply:
        """Wait for a prediction to end, and say where its output lies."""
        model, waited, pause = called_model(self._catalogue, NAME, call), 0.0, _FIRST_POLL_S
        if name_of(provider_id) is None:
            raise wrong_request(NAME, "the prediction has an id that is none", 404)
        while True:
            prediction = await self._asked("GET", f"/v1/predictions/{provider_id}")
            match at(prediction, "status"):
                case "succeeded":
                    return self._reply(prediction, call, model)
                case "failed" | "canceled" | "aborted":
                    raise self._failed(prediction, model)
                case str() as status if status:
                    pass  # it is on its way
                case _:
                    raise unread(NAME, is_purchase=False)
            if waited > _LONGEST_PREDICTION_S:
                message = f"prediction {provider_id} has not ended after {waited:.0f} s; it is asked about again by the next run"
                raise ProviderError(NAME, FailureKind.RETRYABLE, "slow", message, request_id=provider_id)
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311 - jitter, no secret
            waited, pause = waited + pause, min(pause * _GROWTH, _LONGEST_POLL_S)

    async def find(self, call: Call) -> str | None:
        """The prediction whose webhook names this attempt."""
        cursor = ""
        for _ in range(_PAGES):
            page = await self._asked("GET", f"/v1/predictions{cursor}")
            predictions = at(page, "results")
            if not isinstance(predictions, list):
                raise unread(NAME, is_purchase=False)
            mine = [one for one in predictions if text_at(one, "webhook").endswith(f"/{call.attempt}")]
            found = name_of(at(mine[0], "id")) if mine else None
            if found is None and not all(isinstance(one, dict) and name_of(one.get("id")) for one in predictions):
                raise unread(NAME, is_purchase=False)  # ours may be the one that cannot be read
            cursor = _cursor(text_at(page, "next"))
            if found or not cursor:
                return found
        return None

    async def cancel(self, provider_id: str) -> bool:
        """Stop a prediction; one that has ended stays as it is."""
        await self._asked("POST", f"/v1/predictions/{name_of(provider_id)}/cancel")
        return True

    async def close(self) -> None:
        """Close the connections."""
        await self._wire.close()

    async def _asked(
        self, method: str, path: str, *, call: Call | None = None, body: Mapping[str, Json] | None = None, **more: Any
    ) -> dict[str, Json]:
        """The object that answers. call: the one that this request buys; nothing is bought by any other."""
        is_purchase = call is not None
        try:
            answer = await self._wire.ask(method, path, body=body, is_purchase=is_purchase, **more)
            if call is not None:
                call.on_rate_headers(allowances(answer.headers))
            self._check(answer, is_purchase=is_purchase)
            document = self._wire.document(answer)
        except (UnreadableAnswerError, TooLargeError):
            raise unread(NAME, is_purchase=is_purchase) from None
        if not isinstance(document, dict):
            raise unread(NAME, is_purchase=is_purchase)
        return document

    def _check(self, answer: VendorAnswer, *, is_purchase: bool) -> None:
        """ProviderError for a refusal and for a page."""
        if answer.is_page and (not answer.is_error or answer.status in NOT_FOUND):
            raise web_page(NAME, answer.status, is_purchase=is_purchase, sent=is_purchase and not answer.is_error)
        if answer.is_error:
            problem, secret = self._wire.problem(answer), self._wire.key
            raise refused(NAME, answer.status, problem, answer.headers, is_purchase=is_purchase, secret=secret)

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
                wanted: dict[str, Json] = {}
                if "image" in model.input:
                    wanted["image"] = self._uploaded.pop(call.attempt, None) or await self._picture(call, image)
                return wanted | {
                    "prompt": prompt,
                    "seconds": model.fitted("seconds", seconds),
                    "frames": model.fitted("frames", seconds * rate),
                    "aspect_ratio": _aspect(width, height),
                }
            case MusicRequest(prompt, seconds):
                return {"prompt": prompt, "seconds": model.fitted("seconds", seconds)}
        raise wrong_request(NAME, f"{NAME} makes no {call.role} here")

    async def _picture(self, call: Call, image: str) -> str:
        path = call.files.get(image)
        if path is None:
            raise wrong_request(NAME, f"the starting image {image} was not sent with the call")
        return await self._sent_file(path)

    async def _sent_file(self, path: Path) -> str:
        """A file as a part of the request, or where it lies at the vendor's: uploading it costs nothing."""
        content = await asyncio.to_thread(path.read_bytes)
        media_type = _media_type(content)
        if len(content) <= _LARGEST_INLINE:
            return f"data:{media_type};base64,{base64.b64encode(content).decode()}"
        name = f"picture{mimetypes.guess_extension(media_type) or ''}"
        stored = await self._asked("POST", "/v1/files", files={"content": (name, content, media_type)})
        place = text_at(stored, "urls", "get")
        if not place.startswith(("https://", "http://")) or len(place) > _LONGEST_URL:
            raise unread(NAME, is_purchase=False)
        return place

    def _reply(self, prediction: Mapping[str, Json], call: Call, model: Model) -> Reply:
        output = prediction.get("output")
        first = output[0] if isinstance(output, list) and output else output
        counts: dict[Unit, Any] = {"compute second": _machine_s(prediction)}
        cost = used_usd_micros(model, call.request, counts)
        if not isinstance(first, str) or not first or len(first) > _LONGEST_URL:
            message = "the prediction succeeded and has no output that is an address"
            raise _ended(prediction, FailureKind.VALIDATION, "no-output", message, cost)
        return Reply(MediaUrl(first, HOSTS, self._loopback), cost, is_counted=is_counted(model, call.request, counts))

    def _failed(self, prediction: Mapping[str, Json], model: Model) -> ProviderError:
        """A prediction that came to nothing; the time that it took of a machine is charged, where it took any."""
        status, said = text_at(dict(prediction), "status"), clean(text_at(dict(prediction), "error"), self._wire.key)
        said = said or "no reason given"
        spent, most = _machine_s(prediction), model.expected.get("compute second", (0, 0))[1]
        cost = 0 if spent is None else model.cost_usd_micros({"compute second": believed(spent, most)})
        if any(word in said.lower() for word in ("nsfw", "sensitive", "safety", "policy")):
            return _ended(prediction, FailureKind.MODERATION, status, f"{said}; change the words", cost)
        return _ended(prediction, FailureKind.RETRYABLE, status, f"the prediction {status}: {said}", cost)


def _machine_s(prediction: Mapping[str, Json]) -> Json:
    return at(dict(prediction), "metrics", "predict_time")


def _ended(prediction: Mapping[str, Json], kind: FailureKind, code: str, message: str, cost: int) -> ProviderError:
    named = clean_code(text_at(dict(prediction), "id")) or None
    return ProviderError(NAME, kind, code, message, sent=True, cost_usd_micros=cost, request_id=named)


def _cursor(following: str) -> str:
    """Where a list goes on, at our own address whatever another one says."""
    query = following.partition("?")[2].partition("#")[0]
    return f"?{query}" if query and len(query) <= _LONGEST_CURSOR else ""


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


def open_vendor(opening: Opening) -> ReplicateProvider:
    """The provider of an environment."""
    return ReplicateProvider(opening.catalogue, opening.key, base_url=opening.base_url, cassette=opening.cassette)
