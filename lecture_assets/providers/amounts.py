"""How much of each billed unit a call uses, at least and at most, before it is sent. Pure arithmetic.

The upper limit is a true bound, so that a call that fits under a ceiling cannot exceed it: a token has at least one byte, and an
answer is cut off at `most_output_tokens`. The lower limit is a short answer. Afterwards the vendor's own count applies if it is
plausible (`used_usd_micros`); where it is missing or implausible, the reserved amount applies.
"""

from collections.abc import Mapping
from fractions import Fraction
from math import isfinite
from typing import Any, TypeAlias, cast

from lecture_assets.graph.fingerprint import Json, canonical
from lecture_assets.ports import ImageRequest, MusicRequest, Request, SpeechRequest, TextRequest, VideoRequest
from lecture_assets.providers.catalogue_file import Unit
from lecture_assets.providers.model import Model

Range: TypeAlias = tuple[int, int]
Ranges: TypeAlias = Mapping[Unit, Range]

_BYTES_A_TOKEN = 6
"""An upper limit on the average. English has about four characters per token, so no text has fewer tokens than this gives."""
_OVERHEAD_TOKENS = 200
"""A generous allowance for what a vendor adds around messages and a schema."""
_BYTES_A_SECOND = (8, 25)
"""Bytes of UTF-8 per second of speech, slow and fast, over all languages with voices. We measured 12 to 17."""
_WAV_BYTES_A_SECOND = 48_000
"""A recording has 24,000 samples of two bytes per second."""
_THINKING_TOKENS = 1_500
"""Reasoning tokens that a model may use before it answers, at low effort."""
_MOST_OVER = 2
"""A vendor may count up to this multiple of the reserved amount, which is a bound already, since some count differently."""
_TIMES_FASTER, _TIMES_SLOWER = 3, 20
"""A recording faster or slower than any reading by these factors is not of the text. Voices can be set from a quarter to four
times their speed; `_BYTES_A_SECOND` is for normal speed."""
OUTPUT, CHARACTERS = "output tokens", "characters"
"""The parts of a text and of a recording whose size a model limits (`within` in models.toml)."""


def most_output_tokens(model: Model, answer_tokens: int) -> int:
    """The limit on an answer whose normal length is `answer_tokens`; no higher than the model's own."""
    return model.fitted(OUTPUT, _THINKING_TOKENS + 4 * answer_tokens)


def beyond(model: Model, request: Request) -> str | None:
    """Explain why a call exceeds what its model can do, and what to change; None if it does not."""
    match request:
        case TextRequest():
            return beyond_output(model, request.answer_tokens)
        case SpeechRequest():
            return beyond_input(model, len(request.text))
        case _:
            return None


def beyond_output(model: Model, answer_tokens: int) -> str | None:
    """Explain why a text whose normal length is `answer_tokens` exceeds the model's limit; None if it does not."""
    needed = _THINKING_TOKENS + answer_tokens
    if needed <= (most := model.fitted(OUTPUT, needed)):
        return None
    return f"it needs an answer of about {needed:,} tokens, but {model.name} gives at most {most:,}: {_FEWER}"


def beyond_input(model: Model, characters: int) -> str | None:
    """Explain why a recording of a text this long exceeds the model's limit; None if it does not."""
    if characters <= (most := model.fitted(CHARACTERS, characters)):
        return None
    return f"the text has {characters:,} characters, but {model.name} speaks at most {most:,}: {_SHORTER}"


_FEWER = "ask for fewer segments, or choose another text model"
_SHORTER = "shorten it, move part of it to another segment (`segments add`), or choose another speech model"


def of_text(model: Model, prompt_bytes: Range, answer_tokens: int) -> Ranges:
    """Units that a text uses. prompt_bytes: size of the prompt, the system message and the schema together."""
    least, most = prompt_bytes
    return {
        "call": (1, 1),
        "input token": (least // _BYTES_A_TOKEN, most + _OVERHEAD_TOKENS),
        "output token": (answer_tokens // 8, most_output_tokens(model, answer_tokens)),
    }


def of_speech(characters: Range, text_bytes: Range) -> Ranges:
    """Units that a recording of a text uses."""
    slow, fast = _BYTES_A_SECOND
    least, most = text_bytes
    return {
        "call": (1, 1),
        "character": characters,
        "input token": (least // _BYTES_A_TOKEN, most + _OVERHEAD_TOKENS),
        "second": (least // fast, most // slow + 2),
    }


def of_image(prompt_bytes: Range) -> Ranges:
    """Units that one picture uses."""
    least, most = prompt_bytes
    return {"call": (1, 1), "image": (1, 1), "input token": (least // _BYTES_A_TOKEN, most + _OVERHEAD_TOKENS)}


def of_seconds(model: Model, seconds: int) -> Ranges:
    """Units that a clip or a piece of music uses: its length as requested, or as close as the model can get."""
    if "frames" in model.within:
        rate = cast("int", model.parameters.get("frames_per_second", 16))
        seconds = -(-model.fitted("frames", seconds * rate) // rate)
    seconds = model.fitted("seconds", seconds)
    return {"call": (1, 1), "second": (seconds, seconds)}


def of_request(model: Model, request: Request) -> Ranges:
    """Units that a call uses whose request is known."""
    match request:
        case TextRequest():
            size = len(f"{request.system}{request.prompt}".encode()) + len(canonical(request.schema))
            return of_text(model, (size, size), request.answer_tokens)
        case SpeechRequest():
            size = len(request.text.encode())
            return of_speech((len(request.text), len(request.text)), (size, size))
        case ImageRequest():
            size = len(request.prompt.encode())
            return of_image((size, size))
        case VideoRequest() | MusicRequest():
            return of_seconds(model, request.seconds)


def reply_bytes(request: Request) -> int:
    """A generous estimate, not a bound, of the size of a reply that comes only once."""
    match request:
        case SpeechRequest():
            return len(request.text.encode()) // _BYTES_A_SECOND[0] * _WAV_BYTES_A_SECOND * 3 // 2
        case ImageRequest():
            return request.width * request.height * 4
        case _:
            return 2**20


def likely_tokens(request: Request) -> int:
    """Roughly how many tokens a call counts towards a vendor's limits per minute, input and output together."""
    match request:
        case TextRequest():
            size = len(f"{request.system}{request.prompt}".encode()) + len(canonical(request.schema))
            return size // 4 + request.answer_tokens
        case SpeechRequest():
            return len(request.text.encode()) // 4 + 1
        case _:
            return len(request.prompt.encode()) // 4 + 1


def price_range_usd_micros(model: Model, ranges: Ranges) -> Range:
    """Return the price range in micro-dollars, rounded up."""
    both: Ranges = {**ranges, **model.expected}
    least = model.cost_usd_micros({unit: low for unit, (low, _) in both.items()})
    return least, max(least, model.cost_usd_micros({unit: high for unit, (_, high) in both.items()}))


def reserved_usd_micros(model: Model, request: Request) -> int:
    """Return the most that a call may cost, in micro-dollars."""
    return price_range_usd_micros(model, of_request(model, request))[1]


def used_usd_micros(model: Model, request: Request, counts: Mapping[Unit, Any], **known: Json) -> int:
    """Return what a call cost, by the counts of each unit. A missing or implausible count is replaced by the reserved amount.

    known: facts other than the model's parameters that the price depends on (`size`)
    """
    most = {unit: high for unit, (_, high) in {**of_request(model, request), **model.expected}.items()}
    return model.cost_usd_micros({unit: believed(counts.get(unit), high) for unit, high in most.items()}, **known)


def is_counted(model: Model, request: Request, counts: Mapping[Unit, Any]) -> bool:
    """Whether a call's cost is known: each billed unit has a plausible count, or only one amount is possible."""
    ranges = {**of_request(model, request), **model.expected}
    priced = {unit: ranges[unit] for unit in {line.unit for line in model.prices} & ranges.keys()}
    return all(low == high or _is_believed(counts.get(unit), high) for unit, (low, high) in priced.items())


def used_by_text(model: Model, request: TextRequest, usage: Mapping[str, Any], *, is_empty: bool = False) -> int:
    """Return what a text cost.

    usage:    `prompt_tokens`, `cached_tokens` among those, and `completion_tokens`, each as the vendor reports it
    is_empty: nothing was written; a text with words cannot have zero tokens
    """
    most = of_request(model, request)
    prompt = believed(usage.get("prompt_tokens"), most["input token"][1], least=1)
    is_cheaper = any(line.unit == "cached input token" for line in model.prices)
    cached: Any = usage.get("cached_tokens")
    saved = Fraction(cached) if is_cheaper and _is_number(cached) and 0 <= cached <= prompt else Fraction(0)
    written = believed(usage.get("completion_tokens"), most["output token"][1], least=0 if is_empty else 1)
    return model.cost_usd_micros({"call": 1, "input token": prompt - saved, "cached input token": saved, "output token": written})


def believed(value: Any, most: int, least: int = 0) -> Fraction:
    """Return a vendor's count if it is plausible; otherwise `most`, the reserved amount."""
    return Fraction(value if _is_believed(value, most, least) else most)


def _is_believed(value: Any, most: int, least: int = 0) -> bool:
    return _is_number(value) and least <= value <= _MOST_OVER * most


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and (isinstance(value, int) or isfinite(value))


def plausible_speech_ms(text: str) -> Range:
    """The range of plausible lengths of a recording of this text, in milliseconds."""
    slow, fast = _BYTES_A_SECOND
    size = len(text.encode("utf-8", "replace"))
    return size * 1000 // (fast * _TIMES_FASTER), (size * 1000 // slow + 2000) * _TIMES_SLOWER
