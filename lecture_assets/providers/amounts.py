"""How much of what is paid for a call uses: at least and at most, before it is sent. Pure arithmetic.

The most is a bound, so that a ceiling which it fits under is not passed: a token has at least one byte, and an answer is cut
off at `most_output_tokens`. The least is what a short answer comes to. Afterwards a vendor's own count is taken where it can
be one (`used_usd_micros`); what it does not count, or not so, costs what was reserved.
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
"""At most, on average: English has about four characters a token, so fewer tokens than this are not to be had."""
_OVERHEAD_TOKENS = 200
"""What a vendor adds around messages and a schema, and more."""
_BYTES_A_SECOND = (8, 25)
"""Of speech: slow and fast reading, in UTF-8, over the languages that have voices. Our own measurement is 12 to 17."""
_WAV_BYTES_A_SECOND = 48_000
"""Of a recording: 24,000 samples of two bytes."""
_THINKING_TOKENS = 1_500
"""What a model may think of before it answers, at low effort."""
_MOST_OVER = 2
"""So many times what was reserved a vendor may count: that is a bound as it stands, and some count in another way."""
_TIMES_FASTER, _TIMES_SLOWER = 3, 20
"""Than any reading: a recording beyond is not one of the text. Voices are set from a quarter of their speed to four times it, and
`_BYTES_A_SECOND` holds reading at one."""
OUTPUT, CHARACTERS = "output tokens", "characters"
"""The parts of a text and of a recording that a model takes so many of (`within` of models.toml)."""


def most_output_tokens(model: Model, answer_tokens: int) -> int:
    """Where an answer is cut off whose plain form has so many tokens: no later than the model itself ends it."""
    return model.fitted(OUTPUT, _THINKING_TOKENS + 4 * answer_tokens)


def beyond(model: Model, request: Request) -> str | None:
    """Why a call is more than its model can do, with what to change; None where it is not."""
    match request:
        case TextRequest():
            return beyond_output(model, request.answer_tokens)
        case SpeechRequest():
            return beyond_input(model, len(request.text))
        case _:
            return None


def beyond_output(model: Model, answer_tokens: int) -> str | None:
    """The same of a text whose plain answer has so many tokens."""
    needed = _THINKING_TOKENS + answer_tokens
    if needed <= (most := model.fitted(OUTPUT, needed)):
        return None
    return f"it takes an answer of about {needed:,} tokens, and {model.name} gives {most:,} at most: {_FEWER}"


def beyond_input(model: Model, characters: int) -> str | None:
    """The same of a recording of so many characters."""
    if characters <= (most := model.fitted(CHARACTERS, characters)):
        return None
    return f"the text has {characters:,} characters, and {model.name} speaks {most:,} at most: {_SHORTER}"


_FEWER = "ask for fewer segments, or choose another text model"
_SHORTER = "shorten it, move a part of it to another segment (`segments add`), or choose another speech model"


def of_text(model: Model, prompt_bytes: Range, answer_tokens: int) -> Ranges:
    """Of a text of which the prompt, the system's words and the schema have so many bytes together."""
    least, most = prompt_bytes
    return {
        "call": (1, 1),
        "input token": (least // _BYTES_A_TOKEN, most + _OVERHEAD_TOKENS),
        "output token": (answer_tokens // 8, most_output_tokens(model, answer_tokens)),
    }


def of_speech(characters: Range, text_bytes: Range) -> Ranges:
    """Of a recording of a text."""
    slow, fast = _BYTES_A_SECOND
    least, most = text_bytes
    return {
        "call": (1, 1),
        "character": characters,
        "input token": (least // _BYTES_A_TOKEN, most + _OVERHEAD_TOKENS),
        "second": (least // fast, most // slow + 2),
    }


def of_image(prompt_bytes: Range) -> Ranges:
    """Of one picture."""
    least, most = prompt_bytes
    return {"call": (1, 1), "image": (1, 1), "input token": (least // _BYTES_A_TOKEN, most + _OVERHEAD_TOKENS)}


def of_seconds(model: Model, seconds: int) -> Ranges:
    """Of a clip or of music: as long as was asked for, or as the model can."""
    if "frames" in model.within:
        rate = cast("int", model.parameters.get("frames_per_second", 16))
        seconds = -(-model.fitted("frames", seconds * rate) // rate)
    seconds = model.fitted("seconds", seconds)
    return {"call": (1, 1), "second": (seconds, seconds)}


def of_request(model: Model, request: Request) -> Ranges:
    """Of a call whose request is known."""
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
    """How large a reply may be that comes only once, generously; no bound."""
    match request:
        case SpeechRequest():
            return len(request.text.encode()) // _BYTES_A_SECOND[0] * _WAV_BYTES_A_SECOND * 3 // 2
        case ImageRequest():
            return request.width * request.height * 4
        case _:
            return 2**20


def likely_tokens(request: Request) -> int:
    """About how many tokens a call takes, in and out, as vendors count them towards a minute's limit."""
    match request:
        case TextRequest():
            size = len(f"{request.system}{request.prompt}".encode()) + len(canonical(request.schema))
            return size // 4 + request.answer_tokens
        case SpeechRequest():
            return len(request.text.encode()) // 4 + 1
        case _:
            return len(request.prompt.encode()) // 4 + 1


def price_range_usd_micros(model: Model, ranges: Ranges) -> Range:
    """Micro-dollars, from and to, rounded up."""
    both: Ranges = {**ranges, **model.expected}
    least = model.cost_usd_micros({unit: low for unit, (low, _) in both.items()})
    return least, max(least, model.cost_usd_micros({unit: high for unit, (_, high) in both.items()}))


def reserved_usd_micros(model: Model, request: Request) -> int:
    """What a call may cost at most."""
    return price_range_usd_micros(model, of_request(model, request))[1]


def used_usd_micros(model: Model, request: Request, counts: Mapping[Unit, Any], **known: Json) -> int:
    """What a call cost, by what was counted of each unit; by what was reserved where that says nothing, or cannot be.

    known: what decides the price beside the model's parameters (`size`)
    """
    most = {unit: high for unit, (_, high) in {**of_request(model, request), **model.expected}.items()}
    return model.cost_usd_micros({unit: believed(counts.get(unit), high) for unit, high in most.items()}, **known)


def is_counted(model: Model, request: Request, counts: Mapping[Unit, Any]) -> bool:
    """Whether what a call cost is known: each unit with a price was counted believably, or there is one amount that it can be."""
    ranges = {**of_request(model, request), **model.expected}
    priced = {unit: ranges[unit] for unit in {line.unit for line in model.prices} & ranges.keys()}
    return all(low == high or _is_believed(counts.get(unit), high) for unit, (low, high) in priced.items())


def used_by_text(model: Model, request: TextRequest, usage: Mapping[str, Any], *, is_empty: bool = False) -> int:
    """The same of a text. usage: `prompt_tokens`, of these `cached_tokens`, `completion_tokens`, each as the vendor has it.

    is_empty: whether nothing was written; what has words has tokens
    """
    most = of_request(model, request)
    prompt = believed(usage.get("prompt_tokens"), most["input token"][1], least=1)
    is_cheaper = any(line.unit == "cached input token" for line in model.prices)
    cached: Any = usage.get("cached_tokens")
    saved = Fraction(cached) if is_cheaper and _is_number(cached) and 0 <= cached <= prompt else Fraction(0)
    written = believed(usage.get("completion_tokens"), most["output token"][1], least=0 if is_empty else 1)
    return model.cost_usd_micros({"call": 1, "input token": prompt - saved, "cached input token": saved, "output token": written})


def believed(value: Any, most: int, least: int = 0) -> Fraction:
    """How much a vendor counted; `most`, which was reserved, where that is no number, less than `least` or out of proportion."""
    return Fraction(value if _is_believed(value, most, least) else most)


def _is_believed(value: Any, most: int, least: int = 0) -> bool:
    return _is_number(value) and least <= value <= _MOST_OVER * most


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and (isinstance(value, int) or isfinite(value))


def plausible_speech_ms(text: str) -> Range:
    """How long a recording of a text may be, from and to."""
    slow, fast = _BYTES_A_SECOND
    size = len(text.encode("utf-8", "replace"))
    return size * 1000 // (fast * _TIMES_FASTER), (size * 1000 // slow + 2000) * _TIMES_SLOWER
