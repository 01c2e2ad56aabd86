"""How much of what is paid for a call uses: at least and at most, before it is sent. Pure arithmetic.

The most is a bound, so that a ceiling which it fits under is not passed: a token has at least one byte, and an answer is cut
off at `most_output_tokens`. The least is what a short answer comes to.
"""

from collections.abc import Mapping
from typing import TypeAlias, cast

from lecture_assets.graph.fingerprint import canonical
from lecture_assets.ports import ImageRequest, MusicRequest, Request, SpeechRequest, TextRequest, VideoRequest
from lecture_assets.providers.catalogue import Model
from lecture_assets.providers.catalogue_file import Unit

Range: TypeAlias = tuple[int, int]
Ranges: TypeAlias = Mapping[Unit, Range]

_BYTES_A_TOKEN = 6
"""At most, on average: English has about four characters a token, so fewer tokens than this are not to be had."""
_OVERHEAD_TOKENS = 200
"""What a vendor adds around messages and a schema, and more."""
_BYTES_A_SECOND = (8, 25)
"""Of speech: slow and fast reading, in UTF-8, over the languages that have voices. Our own measurement is 12 to 17."""
_THINKING_TOKENS = 1_500
"""What a model may think of before it answers, at low effort."""


def most_output_tokens(answer_tokens: int) -> int:
    """Where an answer is cut off whose plain form has so many tokens."""
    return _THINKING_TOKENS + 4 * answer_tokens


def of_text(prompt_bytes: Range, answer_tokens: int) -> Ranges:
    """Of a text of which the prompt, the system's words and the schema have so many bytes together."""
    least, most = prompt_bytes
    return {
        "call": (1, 1),
        "input token": (least // _BYTES_A_TOKEN, most + _OVERHEAD_TOKENS),
        "output token": (answer_tokens // 8, most_output_tokens(answer_tokens)),
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
            return of_text((size, size), request.answer_tokens)
        case SpeechRequest():
            size = len(request.text.encode())
            return of_speech((len(request.text), len(request.text)), (size, size))
        case ImageRequest():
            size = len(request.prompt.encode())
            return of_image((size, size))
        case VideoRequest() | MusicRequest():
            return of_seconds(model, request.seconds)


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
