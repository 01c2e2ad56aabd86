"""What the runner asks of the world outside: providers of models, and the clock. Protocols and data only, no I/O but the clock's.

    requests.py    one request type per provider role
    calls.py       a paid call and its reply
    errors.py      how a call fails
    replies.py     where replies that come only once are kept for other machines
    provider.py    START HERE to write an adapter: submit, collect, find, cancel, close
    clock.py       wall-clock time and uptime
    rendering.py   what is rendered on this machine

Import from the package itself: `from lecture_assets.ports import Call, Provider`.
"""

from lecture_assets.ports.calls import (
    Allowance,
    Call,
    Delayed,
    MediaFile,
    MediaUrl,
    OnRateHeaders,
    Reply,
    ignore_delay,
    ignore_rate_headers,
)
from lecture_assets.ports.clock import Clock, SystemClock, Uptime, boot_id
from lecture_assets.ports.errors import FailureKind, NoLookupError, ProviderError
from lecture_assets.ports.provider import PreparingProvider, Provider
from lecture_assets.ports.rendering import RenderedMedium, RenderForm, RenderRequest
from lecture_assets.ports.replies import ReplyStore
from lecture_assets.ports.requests import (
    REQUESTS,
    ImageRequest,
    MusicRequest,
    Request,
    SpeechRequest,
    TextRequest,
    VideoRequest,
    request_to_json,
)

__all__ = [
    "REQUESTS",
    "Allowance",
    "Call",
    "Clock",
    "Delayed",
    "FailureKind",
    "ImageRequest",
    "MediaFile",
    "MediaUrl",
    "MusicRequest",
    "NoLookupError",
    "OnRateHeaders",
    "PreparingProvider",
    "Provider",
    "ProviderError",
    "RenderForm",
    "RenderRequest",
    "RenderedMedium",
    "Reply",
    "ReplyStore",
    "Request",
    "SpeechRequest",
    "SystemClock",
    "TextRequest",
    "Uptime",
    "VideoRequest",
    "boot_id",
    "ignore_delay",
    "ignore_rate_headers",
    "request_to_json",
]
