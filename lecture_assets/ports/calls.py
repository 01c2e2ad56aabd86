"""A paid call to a provider, and the reply to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Role
from lecture_assets.ports.requests import Request


@dataclass(frozen=True, slots=True)
class Allowance:
    """One rate limit as the vendor's answer reports it.

    unit:       `request` or `token`
    per_minute: the limit per minute; None if the limit is per day or per any other period
    left:       how many are left now
    next_s:     seconds until one more is available
    """

    unit: str
    per_minute: int | None
    left: int
    next_s: float


OnRateHeaders: TypeAlias = Callable[[Sequence[Allowance]], None]


def ignore_rate_headers(_allowances: Sequence[Allowance]) -> None:
    """A `Call.on_rate_headers` that ignores the vendor's limits."""


Delayed: TypeAlias = Callable[[float, str], None]


def ignore_delay(_seconds: float, _why: str) -> None:
    """A `Call.delayed` that ignores delays."""


@dataclass(frozen=True, slots=True)
class Call:
    """One paid call.

    key:             calls with equal keys are one purchase; the simulated vendor answers the same key and model identically
    attempt:         our own id for this attempt, passed to the vendor so that the call can be found again
    model:           the provider's own name for it, without `provider:`
    files:           paths of the media that the request names, by SHA-256
    on_rate_headers: called with the rate limits that the vendor reports, whenever it reports them
    delayed:         called with seconds and a reason when something other than the vendor delays the call
    """

    key: str
    attempt: str
    role: Role
    model: str
    request: Request
    files: Mapping[str, Path] = field(default_factory=dict)
    on_rate_headers: OnRateHeaders = ignore_rate_headers
    delayed: Delayed = ignore_delay


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A medium that a vendor made, as a local file. The file belongs to the receiver, which moves it away.

    details: the fields of the kind's content type beside sha256 and media_type (duration_ms, words, width, …); None if the
             file has not been inspected yet
    words:   for a recording that has not been inspected, its words with the vendor's timings, `[{"text", "start_ms",
             "end_ms"}, …]`; None if the vendor gives none
    """

    path: Path
    media_type: str
    details: dict[str, Json] | None = field(default_factory=dict)
    words: Json = None


@dataclass(frozen=True, slots=True)
class MediaUrl:
    """A medium to be downloaded from the vendor.

    hosts:    hosts it may be fetched from; `.example.com` allows every subdomain
    loopback: host and port pairs on this machine that are allowed as well, over plain HTTP: where the vendor's address is set to
    """

    url: str
    hosts: frozenset[str]
    loopback: frozenset[tuple[str, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Reply:
    """A provider's reply and its cost.

    value:           JSON for text; for media, a file or the URL of one
    cost_usd_micros: the cost in micro-dollars; an upper bound if `cost_of` is given
    tokens:          tokens that the vendor counted towards its limits; None if it does not report them
    cost_of:         computes the exact cost in micro-dollars from what was found in the medium (the fields of the kind's
                     content type)
    is_counted:      the cost rests on the vendor's counts or on the medium itself; if false, it is the reserved amount
    """

    value: "Json | MediaFile | MediaUrl"
    cost_usd_micros: int
    tokens: int | None = None
    cost_of: Callable[[Mapping[str, Json]], int] | None = None
    is_counted: bool = True
