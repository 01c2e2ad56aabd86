"""What a reply from OpenAI contains and what it cost.

a text, from disk   ─► the one JSON object in it, whatever surrounds it
                    └► an error for a refusal, a filtered or a truncated answer: none is usable, all are billed
a medium, from disk ─► a file for the receiver to inspect
a list of completions ─► the id of ours
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

from lecture_assets.graph.fingerprint import Json
from lecture_assets.ports import Call, FailureKind, MediaFile, NoLookupError, ProviderError, Reply, SpeechRequest, TextRequest
from lecture_assets.providers.amounts import is_counted, reserved_usd_micros, used_by_text, used_usd_micros
from lecture_assets.providers.answers import UnreadableAnswerError, at, listed, name_of, one_object, read_json, text_at
from lecture_assets.providers.catalogue_file import Unit
from lecture_assets.providers.failures import clean, malformed, unread
from lecture_assets.providers.model import Model
from lecture_assets.providers.openai.requests import ATTEMPT
from lecture_assets.providers.reply_cache import CachedReply
from lecture_assets.providers.wire import VendorAnswer

NAME = "openai"
_MOST_TOKENS = 10**6
"""Largest plausible count for one call: more than any model's context window."""


def text_reply(cached: CachedReply, call: Call, model: Model, request: TextRequest) -> Reply:
    """Parse the completed answer and price it. An unusable answer raises ProviderError with its cost: it was billed anyway."""
    try:
        answer = read_json(cached.path.read_bytes())
    except UnreadableAnswerError as error:
        raise malformed(NAME, model, call, str(error)) from None
    if not listed(answer, "choices"):
        raise malformed(NAME, model, call, "it has no choices")
    content = _content(answer)
    usage = _usage(answer)
    cost = used_by_text(model, request, usage, is_empty=not content)

    def unfit(kind: FailureKind, code: str, message: str) -> ProviderError:
        return ProviderError(NAME, kind, code, message, cost_usd_micros=cost, request_id=clean(str(cached.about.get("id"))))

    if refusal := text_at(answer, "choices", 0, "message", "refusal"):
        raise unfit(FailureKind.MODERATION, "refusal", f"the model refuses: {clean(refusal)}; change the words")
    match at(answer, "choices", 0, "finish_reason"):
        case "content_filter":
            raise unfit(FailureKind.MODERATION, "content_filter", "the vendor's filter stopped the answer; change the words")
        case "length":
            raise unfit(FailureKind.VALIDATION, "length", "the answer was longer than allowed and was cut off")
    try:
        value, tokens = one_object(content), _tokens(at(answer, "usage", "total_tokens"))
    except UnreadableAnswerError:
        raise unfit(FailureKind.VALIDATION, "no-json", "the answer is not JSON, although the request asked for it") from None
    counts: dict[Unit, Any] = {"input token": usage["prompt_tokens"], "output token": usage["completion_tokens"]}
    return Reply(value, cost, tokens, is_counted=is_counted(model, request, counts))


def medium_reply(cached: CachedReply, call: Call, model: Model, copied: Callable[[str], Path]) -> Reply:
    """Return the medium as a file for the receiver to inspect, priced by its length or by what the vendor counted.

    copied: writes the reply's bytes to a file with the given suffix, which may be moved away
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


def listed_id(page: Json, call: Call) -> str | None:
    """Return the id of our call from a list of completions that was filtered by its attempt id; None if the list is empty.

    Raises NoLookupError if the list is not one of such completions, which shows that the server ignores the filter.
    """
    kept = at(page, "data")
    if kept == []:
        return None
    first = listed(kept)[:1]
    if not first or (isinstance(first[0], dict) and at(first[0], "metadata", ATTEMPT) != call.attempt):
        raise NoLookupError(NAME, call.role)
    found = name_of(at(first[0], "id"))
    if found is None:
        raise unread(NAME, is_purchase=False)
    return found


def _content(answer: Json) -> str:
    """Return what the model wrote: one text, or the texts of its parts, joined."""
    whole = at(answer, "choices", 0, "message", "content")
    return whole if isinstance(whole, str) else "".join(text_at(part, "text") for part in listed(whole))


def _usage(answer: Json) -> dict[str, Any]:
    return {
        "prompt_tokens": at(answer, "usage", "prompt_tokens"),
        "cached_tokens": at(answer, "usage", "prompt_tokens_details", "cached_tokens"),
        "completion_tokens": at(answer, "usage", "completion_tokens"),
    }


def _tokens(total: Json) -> int | None:
    """The vendor's count of tokens; None if it is missing or implausible."""
    return total if isinstance(total, int) and not isinstance(total, bool) and 0 <= total <= _MOST_TOKENS else None


def is_in_words(head: VendorAnswer, first: bytes) -> bool:
    """Whether an answer is JSON or markup, whatever type it claims: no sound begins with these characters."""
    return head.headers.get("content-type", "").lower().startswith(("application/json", "text/")) or first.lstrip()[:1] in b"{[<"
