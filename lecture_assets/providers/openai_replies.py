"""What a completion of OpenAI's form says, and what it costs. Pure; the file was read before.

Answer whole ─► a refusal, a filter, an answer that is cut off: paid for, and none
             └► the one JSON object in it, whatever stands around it
"""

from typing import Any

from lecture_assets.graph.fingerprint import Json
from lecture_assets.ports import Call, FailureKind, ProviderError, Reply, TextRequest
from lecture_assets.providers.amounts import used_by_text
from lecture_assets.providers.answers import UnreadableError, at, listed, one_object, read_json, text_at
from lecture_assets.providers.catalogue import Model
from lecture_assets.providers.failures import clean, malformed
from lecture_assets.providers.inbox import Letter

_NAME = "openai"
_MOST_TOKENS = 10**6
"""Of one call: more than any model's window."""


def text_reply(letter: Letter, call: Call, model: Model, request: TextRequest) -> Reply:
    """The answer, where there is a whole one; what is none was paid for all the same."""
    try:
        answer = read_json(letter.path.read_bytes())
    except UnreadableError as error:
        raise malformed(_NAME, model, call, str(error)) from None
    if not listed(answer, "choices"):
        raise malformed(_NAME, model, call, "it has no choices")
    content = _content(answer)
    cost = used_by_text(model, request, _counts(answer), is_empty=not content)

    def unfit(kind: FailureKind, code: str, message: str) -> ProviderError:
        return ProviderError(_NAME, kind, code, message, cost_usd_micros=cost, request_id=clean(str(letter.about.get("id"))))

    if refusal := text_at(answer, "choices", 0, "message", "refusal"):
        raise unfit(FailureKind.MODERATION, "refusal", f"the model refuses: {clean(refusal)}; change the words")
    match at(answer, "choices", 0, "finish_reason"):
        case "content_filter":
            raise unfit(FailureKind.MODERATION, "content_filter", "the vendor's filter stopped the answer; change the words")
        case "length":
            raise unfit(FailureKind.VALIDATION, "length", "the answer is longer than was allowed, and cut off")
    try:
        return Reply(one_object(content), cost, tokens_of(at(answer, "usage", "total_tokens")))
    except UnreadableError:
        raise unfit(FailureKind.VALIDATION, "no-json", "the answer is no JSON, although the request says so") from None


def _content(answer: Json) -> str:
    """What the model wrote: one text, or the texts of its parts."""
    whole = at(answer, "choices", 0, "message", "content")
    return whole if isinstance(whole, str) else "".join(text_at(part, "text") for part in listed(whole))


def _counts(answer: Json) -> dict[str, Any]:
    return {
        "prompt_tokens": at(answer, "usage", "prompt_tokens"),
        "cached_tokens": at(answer, "usage", "prompt_tokens_details", "cached_tokens"),
        "completion_tokens": at(answer, "usage", "completion_tokens"),
    }


def tokens_of(total: Json) -> int | None:
    """How many the vendor counted, where it says so."""
    return total if isinstance(total, int) and not isinstance(total, bool) and 0 <= total <= _MOST_TOKENS else None
