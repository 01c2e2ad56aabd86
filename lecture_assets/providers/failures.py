"""What a vendor's answer, or its silence, means: one taxonomy for all vendors. It sends nothing.

    429, 5xx: later    402, quota: money    400 with a policy's name: other words    401, 403: the key    4xx else: never
    no connection: nothing was sent         connection lost after that: nobody knows, the vendor may have the call

No text of a vendor's is passed on whole: it is cut, and what looks like a key is taken out of it.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from fractions import Fraction
from typing import Any

from lecture_assets.ports import Call, FailureKind, ProviderError
from lecture_assets.providers.amounts import reserved_usd_micros
from lecture_assets.providers.catalogue import KEYS, Model
from lecture_assets.providers.tape import NotOnTapeError

_QUOTA_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "payment_required"})
_POLICY_CODES = frozenset({"content_policy_violation", "moderation_blocked", "content_filter", "sensitive_content"})
_POLICY_WORDS = re.compile(r"content.policy|safety system|nsfw|moderation|flagged", re.IGNORECASE)
_SECRET = re.compile(r"\b(sk|r8|rk|pk|key|tok|token|bearer)[-_ ][A-Za-z0-9*_\-.]{6,}|\b[A-Za-z0-9_\-]{40,}\b", re.IGNORECASE)
_LONGEST = 300
_MOST_COUNTED = 10**9
"""Tokens or seconds of one call."""
_LONGEST_WAIT_S = 300.0
"""A vendor that asks for a longer pause than this is asked again after it."""
_TOO_MANY, _PAYMENT, _TIMEOUT, _CONFLICT = 429, 402, 408, 409
_GONE = frozenset({404, 410})
_OF_A_PURCHASE = frozenset({FailureKind.NOT_RETRYABLE, FailureKind.MODERATION})
"""What a vendor says of a call itself; of a look at one that is bought it says nothing about that one."""
_MAYBE_DONE = frozenset({502, 504, 520, 522, 524})
"""A gateway's own answers: what is behind it may have accepted the call."""


def refused(  # noqa: PLR0913 - what an answer is
    provider: str, status: int, code: str | None, message: str, headers: Mapping[str, str], *, is_purchase: bool = True
) -> ProviderError:
    """The error of an answer that is none. is_purchase: whether the request would have bought something."""
    kind, advice = _kind(provider, status, code or "", message)
    maybe_done = is_purchase and status in _MAYBE_DONE
    if not is_purchase and kind in _OF_A_PURCHASE and status not in _GONE:
        kind = FailureKind.RETRYABLE  # the call stands, whatever is wrong with looking at it
    if maybe_done:
        kind, advice = FailureKind.AMBIGUOUS, "the vendor may have accepted the call"
    return ProviderError(
        provider,
        kind,
        code or str(status),
        f"HTTP {status}{f' ({code})' if code else ''}: {clean(message) or 'no reason given'}{f'; {advice}' if advice else ''}",
        sent=maybe_done,
        retry_after=retry_after(headers),
        request_id=headers.get("x-request-id"),
        throttled=status == _TOO_MANY and kind is FailureKind.RETRYABLE,
        reached=status < 500,  # noqa: PLR2004 - the server's own faults
    )


def _kind(provider: str, status: int, code: str, message: str) -> tuple[FailureKind, str]:
    """What it means, and what a person can do about it."""
    if status == _PAYMENT or code in _QUOTA_CODES:
        return (
            FailureKind.QUOTA,
            f"the account at {provider} has no money left or a limit of its own; change that, then run it again",
        )
    if code in _POLICY_CODES or (status < 500 and _POLICY_WORDS.search(message)):  # noqa: PLR2004 - the server's own faults
        return FailureKind.MODERATION, "the vendor's policy refuses these words; change them"
    if status in {_TOO_MANY, _TIMEOUT, _CONFLICT} or status >= 500:  # noqa: PLR2004 - the same
        return FailureKind.RETRYABLE, ""
    if status in {401, 403}:
        return FailureKind.NOT_RETRYABLE, f"look at {KEYS.get(provider, 'the key')}"
    return FailureKind.NOT_RETRYABLE, "trying again cannot help"


def unreachable(provider: str, error: BaseException, *, sent: bool) -> ProviderError:
    """The error of a connection that was not made (nothing was sent), or that broke after that (nobody knows)."""
    if isinstance(error, NotOnTapeError):
        message = f"{error} of LECTURES_REPLAY: record it anew, or make it without the tape"
        return ProviderError(provider, FailureKind.NOT_RETRYABLE, "not-on-tape", message)
    name = type(error).__name__
    if sent:
        message = f"the connection broke before the whole answer was here ({name}); the vendor may have accepted the call"
        return ProviderError(provider, FailureKind.AMBIGUOUS, name, message, sent=True, reached=False)
    return ProviderError(provider, FailureKind.RETRYABLE, name, f"no connection to {provider} ({name})", reached=False)


@contextmanager
def understood(provider: str, model: Model, call: Call) -> Iterator[None]:
    """An answer that is not of the vendor's own form: it was paid for, nobody can read for what."""
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError, ArithmeticError) as error:
        message = f"the answer is not of the form that {provider} documents ({type(error).__name__}: {clean(str(error))})"
        cost = reserved_usd_micros(model, call.request)
        kind = FailureKind.VALIDATION
        raise ProviderError(provider, kind, "malformed", message, sent=True, cost_usd_micros=cost) from error


def counted(value: Any) -> Fraction:
    """How much a vendor says it counted, 0 where it says nothing. ValueError for what is no amount."""
    amount = Fraction(0) if value is None else Fraction(str(value))
    if isinstance(value, bool) or not 0 <= amount <= _MOST_COUNTED:
        message = f"an amount of {value!r}"
        raise ValueError(message)
    return amount


def wrong_request(provider: str, message: str, status: int = 400) -> ProviderError:
    """The error of a call that we do not send, because the vendor would refuse it."""
    return ProviderError(provider, FailureKind.NOT_RETRYABLE, str(status), message)


def no_key(provider: str) -> ProviderError:
    """The error of a call to a vendor whose key is not set."""
    message = f"{KEYS.get(provider, 'its key')} is not set; set it, or choose another model"
    return ProviderError(provider, FailureKind.NOT_RETRYABLE, "no-key", message)


def clean(message: str) -> str:
    """A vendor's words: one line, not long, without anything that looks like a key."""
    line = _SECRET.sub("…", " ".join(message.split()))
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a vendor asks us to wait (`Retry-After` in seconds or as a date, `retry-after-ms`); None where it does not."""
    in_ms, text = headers.get("retry-after-ms", ""), headers.get("retry-after", "").strip()
    try:
        if in_ms:
            seconds = float(in_ms) / 1000
        elif text and text[0].isdigit():
            seconds = float(text)
        elif text:
            seconds = (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
        else:
            return None
    except (ValueError, TypeError):
        return None
    return min(max(seconds, 0.0), _LONGEST_WAIT_S)
