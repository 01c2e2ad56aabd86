"""What a reply of OpenAI's form is, and what it costs; the reply is on disk.

a text ─► a refusal, a filter, an answer that is cut off: paid for, and none
       └► the one JSON object in it, whatever stands around it
a medium ─► a file for the receiver to look into
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

from lecture_assets.graph.fingerprint import Json
from lecture_assets.ports import Call, FailureKind, MediaFile, ProviderError, Reply, SpeechRequest, TextRequest
from lecture_assets.providers.amounts import is_counted, reserved_usd_micros, used_by_text, used_usd_micros
from lecture_assets.providers.answers import UnreadableAnswerError, at, listed, one_object, read_json, text_at
from lecture_assets.providers.catalogue import Model
from lecture_assets.providers.catalogue_file import Unit
from lecture_assets.providers.failures import clean, malformed
from lecture_assets.providers.reply_cache import CachedReply
from lecture_assets.providers.wire import VendorAnswer

_NAME = "openai"
_MOST_TOKENS = 10**6
"""Of one call: more than any model's window."""


def text_reply(cached: CachedReply, call: Call, model: Model, request: TextRequest) -> Reply:
    """The answer, where there is a whole one; what is none was paid for all the same."""
    try:
        answer = read_json(cached.path.read_bytes())
    except UnreadableAnswerError as error:
        raise malformed(_NAME, model, call, str(error)) from None
    if not listed(answer, "choices"):
        raise malformed(_NAME, model, call, "it has no choices")
    content = _content(answer)
    usage = _usage(answer)
    cost = used_by_text(model, request, usage, is_empty=not content)

    def unfit(kind: FailureKind, code: str, message: str) -> ProviderError:
        return ProviderError(_NAME, kind, code, message, cost_usd_micros=cost, request_id=clean(str(cached.about.get("id"))))

    if refusal := text_at(answer, "choices", 0, "message", "refusal"):
        raise unfit(FailureKind.MODERATION, "refusal", f"the model refuses: {clean(refusal)}; change the words")
    match at(answer, "choices", 0, "finish_reason"):
        case "content_filter":
            raise unfit(FailureKind.MODERATION, "content_filter", "the vendor's filter stopped the answer; change the words")
        case "length":
            raise unfit(FailureKind.VALIDATION, "length", "the answer is longer than was allowed, and cut off")
    try:
        value, tokens = one_object(content), _tokens(at(answer, "usage", "total_tokens"))
    except UnreadableAnswerError:
        raise unfit(FailureKind.VALIDATION, "no-json", "the answer is no JSON, although the request says so") from None
    counts: dict[Unit, Any] = {"input token": usage["prompt_tokens"], "output token": usage["completion_tokens"]}
    return Reply(value, cost, tokens, is_counted=is_counted(model, request, counts))


def medium_reply(cached: CachedReply, call: Call, model: Model, copied: Callable[[str], Path]) -> Reply:
    """The file, for the receiver to look into; what it costs follows from its length, or from what the vendor counted.

    copied: makes a file of the reply's bytes, with this suffix, that may be moved away
    """
    if isinstance(call.request, SpeechRequest):

        def cost_of(facts: Mapping[str, Json]) -> int:
            return used_usd_micros(model, call.request, {"second": -(-cast("int", facts["duration_ms"]) // 1000)})

        return Reply(MediaFile(copied(".wav"), "audio/wav", None), reserved_usd_micros(model, call.request), cost_of=cost_of)
    counts: dict[Unit, Any] = {"input token": at(cached.about, "usage", "input_tokens")}
    cost = used_usd_micros(model, call.request, counts, size=cached.about.get("size"))
    tokens = _tokens(at(cached.about, "usage", "total_tokens"))
    picture = MediaFile(copied(".png"), "image/png", None)
    return Reply(picture, cost, tokens, is_counted=is_counted(model, call.request, counts))


def _content(answer: Json) -> str:
    """What the model wrote: one text, or the texts of its parts."""
    whole = at(answer, "choices", 0, "message", "content")
    return whole if isinstance(whole, str) else "".join(text_at(part, "text") for part in listed(whole))


def _usage(answer: Json) -> dict[str, Any]:
    return {
        "prompt_tokens": at(answer, "usage", "prompt_tokens"),
        "cached_tokens": at(answer, "usage", "prompt_tokens_details", "cached_tokens"),
        "completion_tokens": at(answer, "usage", "completion_tokens"),
    }


def _tokens(total: Json) -> int | None:
    """How many the vendor counted, where it says so."""
    return total if isinstance(total, int) and not isinstance(total, bool) and 0 <= total <= _MOST_TOKENS else None


def is_in_words(head: VendorAnswer, first: bytes) -> bool:
    """Whether an answer is JSON or markup, whatever it calls itself: no sound begins like these."""
    return head.headers.get("content-type", "").lower().startswith(("application/json", "text/")) or first.lstrip()[:1] in b"{[<"
