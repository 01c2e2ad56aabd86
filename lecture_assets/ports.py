"""The sockets of the house: what a provider is asked and answers, one request type a role; the clock; provider errors.

A paid call is two steps, so that nothing is bought twice whatever crashes between them:

    submit(call)  -> the vendor's own id, written down at once      find(call) -> that id, after a crash, by our attempt id
    collect(id)   -> the reply, as often as one likes, for nothing

A vendor that cannot be asked for a call whose reply was lost says so (NoLookupError); what then is the runner's business.
What an adapter does before a paid request leaves, uploads say, it does in `prepare` (PreparingProvider).
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeAlias, runtime_checkable

from lecture_assets.graph.errors import LectureError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.lecture import Role
from lecture_assets.prose.readable import readable


@dataclass(frozen=True, slots=True)
class TextRequest:
    """Words from a model.

    task:   what is asked: the kind of node it is for, without `llm:` (`script-generation`, `image-prompt`, …)
    system, prompt: what a model reads
    facts:  the values the prompt was written from, by the name of what was read (`user-prompt`, `visual`, …)
    schema: JSON Schema of the answer
    answer_tokens: about how many tokens a plain answer has; what is far longer may be cut off
    """

    task: str
    system: str
    prompt: str
    facts: dict[str, Json]
    schema: dict[str, Any]
    answer_tokens: int = 300


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """Speech of a text. language: a BCP 47 tag; voice: a name the provider knows."""

    text: str
    voice: str
    language: str


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """One picture, width × height in pixels."""

    prompt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class VideoRequest:
    """A clip that starts at a picture (named by its SHA-256, found in `Call.files`) and follows a direction."""

    image: str
    prompt: str
    seconds: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class MusicRequest:
    """Music of a length in seconds."""

    prompt: str
    seconds: int


Request: TypeAlias = TextRequest | SpeechRequest | ImageRequest | VideoRequest | MusicRequest
REQUESTS: Mapping[Role, type[Request]] = {
    Role.TEXT: TextRequest,
    Role.SPEECH: SpeechRequest,
    Role.IMAGE: ImageRequest,
    Role.VIDEO: VideoRequest,
    Role.MUSIC: MusicRequest,
}


def request_to_json(request: Request) -> dict[str, Json]:
    """The document that is written to the ledger before a byte is sent."""
    return asdict(request)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a vendor says of its limits with an answer. unit: `request` or `token`.

    per_minute: how many a minute has; None where the limit is one of a day or of anything else
    left:       how many are left now          next_s: seconds until there is one more
    """

    unit: str
    per_minute: int | None
    left: int
    next_s: float


OnRateHeaders: TypeAlias = Callable[[Sequence[Allowance]], None]


def ignore_rate_headers(_said: Sequence[Allowance]) -> None:
    """Ignore what a vendor says of its limits."""


Delayed: TypeAlias = Callable[[float, str], None]


def untold(_seconds: float, _why: str) -> None:
    """For whom a delay is of no interest."""


@dataclass(frozen=True, slots=True)
class Call:
    """One paid request.

    key:     equal keys are one purchase; the same key and model give the same simulated answer
    attempt: our own id of this try, handed to the vendor so that the call can be found again
    model:   the provider's own name of it, without `provider:`
    files:   paths of the media that the request names, by SHA-256
    delayed: is told when something other than the vendor holds the call up: for how many seconds, and why

    on_rate_headers: is told what the vendor says of its limits, whenever it does
    """

    key: str
    attempt: str
    role: Role
    model: str
    request: Request
    files: Mapping[str, Path] = field(default_factory=dict)
    on_rate_headers: OnRateHeaders = ignore_rate_headers
    delayed: Delayed = untold


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A medium a vendor made: a file that now belongs to the receiver, who moves it away; and what is known of it.

    details: the fields of the kind's content type beside sha256 and media_type (duration_ms, words, width, …); None where
             nobody looked into the file yet
    words:   of a recording that nobody looked into, the words with their times as the vendor tells them, `[{"text", "start_ms",
             "end_ms"}, …]`; None where it tells none
    """

    path: Path
    media_type: str
    details: dict[str, Json] | None = field(default_factory=dict)
    words: Json = None


@dataclass(frozen=True, slots=True)
class MediaUrl:
    """A medium that lies at the vendor's. hosts: where it may be fetched from, `.example.com` for all below it.

    loopback: hosts and ports of this machine that may be asked, in the clear, too: those that the vendor's URL is set to
    """

    url: str
    hosts: frozenset[str]
    loopback: frozenset[tuple[str, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: JSON for text, a file or where to find it for media; and what it cost in micro-dollars.

    cost_usd_micros: at most, where `cost_of` says it more exactly
    is_counted: whether that is by what the vendor counted, or by what was found in the medium; else it is what was reserved
    tokens:  how many the vendor counted towards its limits; None where it does not say
    cost_of: what it cost, in micro-dollars, by what was found in the medium (the fields of the kind's content type)
    """

    value: "Json | MediaFile | MediaUrl"
    cost_usd_micros: int
    tokens: int | None = None
    cost_of: Callable[[Mapping[str, Json]], int] | None = None
    is_counted: bool = True


class Provider(Protocol):
    """One vendor. Every method may raise ProviderError."""

    name: str
    settle_s: float
    """Seconds after which a call that was sent, and that `find` still does not know, was never accepted."""

    async def submit(self, call: Call) -> str:
        """Buy the call; the vendor's id of it."""

    async def collect(self, provider_id: str, call: Call) -> Reply:
        """Wait for a bought call and fetch its reply."""

    async def find(self, call: Call) -> str | None:
        """The vendor's id of the call with this attempt id; None where the vendor never accepted it.

        NoLookupError where the vendor cannot be asked.
        """

    async def cancel(self, provider_id: str) -> bool:
        """Stop a bought call that nobody wants any more; whether the vendor can, so that `collect` tells how it ended."""

    async def close(self) -> None:
        """Let go of processes and connections."""


@runtime_checkable
class PreparingProvider(Provider, Protocol):
    """A provider that also says when a paid request leaves (`providers/departure.py`), as all of ours do.

    Of another nobody knows whether a call that `submit` was asked for has left, and it counts as sent.
    """

    longest_s: float
    """Seconds after which `submit` has ended, whatever the vendor does."""

    async def prepare(self, call: Call) -> None:
        """All that takes time or room and buys nothing: uploads, room on the disk for a reply that comes only once.

        It may be done for a call that is never submitted.
        """

    def settled(self, call: Call) -> None:
        """The call and its reply are in the ledger: nothing has to be kept for it any more."""


class FailureKind(StrEnum):
    """What a failure means for what to do next."""

    RETRYABLE = "retryable"
    NOT_RETRYABLE = "not-retryable"
    QUOTA = "quota"
    MODERATION = "moderation"
    VALIDATION = "validation"
    AMBIGUOUS = "ambiguous"


class ProviderError(LectureError):
    """A vendor could not, or would not.

    code:        the vendor's own (`503`, `timeout`, `content_policy`)
    sent:        whether the vendor may have accepted the call
    cost_usd_micros: what it costs all the same
    retry_after: seconds that the vendor asks us to wait
    request_id:  the vendor's name of the request, for its support
    throttled:   whether the vendor refuses it for its limits alone
    reached:     whether the vendor was there to answer; None where the error says nothing of that
    counts:      whether it uses up one of the call's tries: not where the vendor fails for all, as the runner finds out
    tries:       how often the call was tried when it was given up, as the runner counts them
    """

    exit_code = 1

    def __init__(  # noqa: PLR0913 - facts, most of them by name
        self,
        provider: str,
        kind: FailureKind,
        code: str,
        message: str,
        *,
        sent: bool = False,
        cost_usd_micros: int = 0,
        retry_after: float | None = None,
        request_id: str | None = None,
        throttled: bool = False,
        reached: bool | None = None,
    ) -> None:
        """Facts, a vendor's words made readable; the sentence about the node is written by the runner, which knows it."""
        message, code, request_id = readable(message), readable(code), request_id and readable(request_id)
        self.provider, self.kind, self.code, self.sent = provider, kind, code, sent
        self.cost_usd_micros, self.retry_after, self.request_id = cost_usd_micros, retry_after, request_id
        self.throttled, self.reached = throttled, reached
        self.counts, self.tries = True, 1
        super().__init__(f"{message} (request {request_id})" if request_id else message)

    def to_json(self) -> dict[str, Json]:
        """As the ledger keeps it."""
        return {"kind": self.kind, "code": self.code, "message": str(self), "request_id": self.request_id}


class NoLookupError(ProviderError):
    """A call's reply is lost, and the vendor cannot be asked whether it has the call."""

    def __init__(self, provider: str, what: str) -> None:
        """what: the sort of call, `speech`."""
        message = f"the reply of a {what} call was lost, and {provider} cannot be asked for it"
        super().__init__(provider, FailureKind.AMBIGUOUS, "lost", message, sent=True)


@dataclass(frozen=True, slots=True)
class Uptime:
    """How long a machine has run: seconds since it started, times when it slept included. boot: names that start, at random."""

    boot: str
    seconds: float


class Clock(Protocol):
    """Time as a port, so that tests own it."""

    def now(self) -> float:
        """Seconds since 1970 as this process was told them, for people to read. It may be wrong, and jump."""

    def uptime(self) -> Uptime:
        """The same for all processes of a machine, and no change of its clock moves it: for all that is decided by time."""


class SystemClock:
    """The machine's time."""

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def uptime(self) -> Uptime:
        """As the kernel counts it, to 10 ms. Without `/proc` (macOS) it is the clock's time.

        Unlike the system calls, `/proc` says the same in a process that is shown another time (faketime).
        """
        try:
            return Uptime(boot_id(), float(Path("/proc/uptime").read_bytes().split()[0]))
        except OSError:
            return Uptime("", time.time())


@cache
def boot_id() -> str:
    """The kernel's random name for its own start; empty where it has none."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""
