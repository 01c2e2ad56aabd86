"""What a vendor's answer, or its silence, means: one taxonomy for all vendors. Nothing is sent.

    429, 5xx: try later    402, quota: money    400 naming a policy: change the words    401, 403: the key    other 4xx: never
    no connection: nothing was sent             connection lost later: unknown, the vendor may have accepted the call
    a web page: wrong address                   an `error` in an answer of 200: as if it had the status that its code implies

No vendor's text is passed on unfiltered: `clean` makes it one printable line, shortens it and removes what looks like a key.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isnan

from lecture_assets.graph.fingerprint import Json
from lecture_assets.ports import Call, FailureKind, ProviderError
from lecture_assets.prose.readable import readable
from lecture_assets.prose.refusals import plain_name
from lecture_assets.providers.amounts import reserved_usd_micros
from lecture_assets.providers.answers import at, listed, text_at
from lecture_assets.providers.cassette import NotRecordedError
from lecture_assets.providers.model import Model
from lecture_assets.providers.vendors import vendors

_QUOTA_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "payment_required"})
_POLICY_CODES = frozenset({"content_policy_violation", "moderation_blocked", "content_filter", "sensitive_content"})
_POLICY_WORDS = re.compile(r"content.policy|safety system|nsfw|moderation|flagged", re.IGNORECASE)
_SECRET = re.compile(r"\b(sk|r8|rk|pk|key|tok|token|bearer)[-_ ][A-Za-z0-9*_\-.]{6,}|\b[A-Za-z0-9_\-]{40,}\b", re.IGNORECASE)
_LONGEST, _LONGEST_CODE = 300, 60
_LONGEST_LOOKED_AT = 10_000
"""Characters of a vendor's text that are cleaned before it is shortened."""
_LONGEST_WAIT_S = 300.0
"""Longest pause that we honour; a vendor that asks for more is called again after this."""
_DAY_S = 24 * 3600.0
_TOO_MANY, _PAYMENT, _TIMEOUT, _CONFLICT = 429, 402, 408, 409
_PROXY_PASSWORD = 407
_GONE = frozenset({404, 410})
_OF_A_PURCHASE = frozenset({FailureKind.NOT_RETRYABLE, FailureKind.MODERATION})
"""Failures that are about a call itself. If only looking up a call fails in this way, the call is not affected."""
_MAYBE_DONE = frozenset({502, 504, 520, 522, 524})
"""A gateway's own answers: the server behind it may have accepted the call."""
NOT_FOUND = frozenset({301, 302, 303, 307, 308, 400, 404, 405})
"""How servers answer at an address that is not the API's."""
_ERRORS = range(400, 600)
_STATUS_OF_CODE = {
    **dict.fromkeys(("rate_limit_exceeded", "rate_limit_error", "too_many_requests"), 429),
    **dict.fromkeys(("server_error", "api_error", "internal_error", "internal_server_error"), 500),
    **dict.fromkeys(("overloaded", "overloaded_error", "service_unavailable", "unavailable", "timeout"), 503),
    **dict.fromkeys(("invalid_api_key", "authentication_error", "unauthorized"), 401),
    "permission_error": 403,
    "model_not_found": 404,
}
"""The status that an `error` in an answer of 200 implies. Any other is treated as a refused request (400)."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What an error reports: a code, a sentence, and the fields of the request that it names."""

    code: str = ""
    message: str = ""
    fields: frozenset[str] = frozenset()


def problem_of(document: Json) -> Problem:
    """Parse an error in OpenAI's form (`error`), RFC 7807 (`title`, `detail`), or form errors (a list with `loc` and `msg`)."""
    error = at(document, "error")
    inner = error if isinstance(error, dict) else document
    detail = listed(inner, "detail")
    faults = [text_at(part, "msg") or text_at(part) for part in detail]
    said = text_at(document, "error") or text_at(inner, "message") or text_at(inner, "detail") or "; ".join(filter(None, faults))
    named = {text_at(inner, "param").partition(".")[0], *(text_at(step) for part in detail for step in listed(part, "loc"))}
    codes = (at(inner, "code"), at(inner, "type")) if isinstance(error, dict) else (at(inner, "code"),)
    code = next((str(c) for c in codes if isinstance(c, str | int) and not isinstance(c, bool) and c != ""), "")
    return Problem(code[:_LONGEST_LOOKED_AT], said or text_at(inner, "title"), frozenset(named - {""}))


def is_problem(document: Json) -> bool:
    """Whether a document is an error, whatever its status."""
    error = at(document, "error")
    return (isinstance(error, dict) or (isinstance(error, str) and error != "")) and not listed(document, "choices")


def status_of(code: str) -> int:
    """The status implied by an error that came with an answer of 200."""
    if code.isdecimal() and len(code) <= 3 and int(code) in _ERRORS:  # noqa: PLR2004 - digits of a status
        return int(code)
    return _STATUS_OF_CODE.get(code, 400)


def refused(  # noqa: PLR0913 - the parts of an answer
    provider: str,
    status: int,
    problem: Problem,
    headers: Mapping[str, str],
    *,
    is_purchase: bool = True,
    secret: str = "",
    inside: int | None = None,
) -> ProviderError:
    """The error for an answer that is a refusal. inside: the status of success that it came with, if any."""
    code, said = clean_code(problem.code, secret), clean(problem.message, secret)
    kind, advice = _kind(provider, status, code, said)
    maybe_done = is_purchase and status in _MAYBE_DONE
    came = f"HTTP {status}" if inside is None else f"HTTP {inside} with an error"
    if not is_purchase and kind in _OF_A_PURCHASE and status not in _GONE:
        kind, advice = FailureKind.RETRYABLE, "the call stands and is looked up again"
    if maybe_done:
        kind, advice = FailureKind.AMBIGUOUS, "the vendor may have accepted the call"
    asked_s = _asked_s(headers) or 0.0
    if kind is FailureKind.RETRYABLE and asked_s > _LONGEST_WAIT_S:
        how_long = "a day or longer" if asked_s >= _DAY_S else f"{asked_s / 60:.0f} minutes"
        advice = f"it asks not to be called for {how_long}; it will be called again after {_LONGEST_WAIT_S / 60:.0f} minutes"
    return ProviderError(
        provider,
        kind,
        code or str(status),
        f"{came}{f' ({code})' if code else ''}: {said or 'no reason given'}{f'; {advice}' if advice else ''}",
        sent=maybe_done,
        retry_after=retry_after(headers),
        request_id=clean_code(headers.get("x-request-id", ""), secret) or None,
        throttled=status == _TOO_MANY and kind is FailureKind.RETRYABLE,
        reached=inside is not None or status < 500,  # noqa: PLR2004 - the server's own faults
    )


def _kind(provider: str, status: int, code: str, message: str) -> tuple[FailureKind, str]:
    """Classify a failure, with advice on what to do about it."""
    if status == _PAYMENT or code in _QUOTA_CODES:
        return (
            FailureKind.QUOTA,
            f"the account at {provider} has run out of money or reached a limit of its own; change that, then run it again",
        )
    if code in _POLICY_CODES or (status < 500 and _POLICY_WORDS.search(message)):  # noqa: PLR2004 - the server's own faults
        return FailureKind.MODERATION, "the vendor's policy refuses these words; change them"
    if status in {_TOO_MANY, _TIMEOUT, _CONFLICT} or status >= 500:  # noqa: PLR2004 - the same
        return FailureKind.RETRYABLE, ""
    return FailureKind.NOT_RETRYABLE, _advice(provider, status, code)


def _advice(provider: str, status: int, code: str) -> str:
    if code == "model_not_found":
        return "choose a model that it offers: `lectures edit ID 'model NODE=PROVIDER:NAME'`"
    if status in {401, 403}:
        return f"check {vendors()[provider].key if provider in vendors() else 'the key'}"
    if status == _PROXY_PASSWORD:
        return "the proxy in HTTP_PROXY or HTTPS_PROXY requires a user name and a password"
    if status < 400:  # noqa: PLR2004 - a redirect
        return f"the key is not sent on to another address; {check_address(provider)}"
    return "trying again will not help"


def check_address(provider: str) -> str:
    """Advice for when something other than the vendor answers."""
    vendor = vendors().get(provider)
    return f"is {vendor.address} right? {vendor.usual}".rstrip() if vendor else "is its address right?"


def unreachable(provider: str, error: BaseException, *, sent: bool) -> ProviderError:
    """The error for a connection that failed (nothing was sent) or broke later (it is unknown whether the call was accepted)."""
    if isinstance(error, NotRecordedError):
        message = f"{error} named by LECTURES_REPLAY: record it again, or run without LECTURES_REPLAY"
        return ProviderError(provider, FailureKind.NOT_RETRYABLE, "not-on-tape", message)
    name, why = type(error).__name__, plain_name(error)
    if sent:
        message = f"the connection broke before the answer was complete ({why}); the vendor may have accepted the call"
        return ProviderError(provider, FailureKind.AMBIGUOUS, name, message, sent=True, reached=False)
    return ProviderError(provider, FailureKind.RETRYABLE, name, f"no connection to {provider} ({why})", reached=False)


def web_page(provider: str, status: int, *, is_purchase: bool, sent: bool = False) -> ProviderError:
    """The error for a web page: another server answered, or another part of it, and nothing was bought.

    sent: the vendor is asked for the call anyway, since it has a lookup
    """
    message = f"HTTP {status}: a web page instead of an answer; {check_address(provider)}"
    kind = FailureKind.NOT_RETRYABLE if is_purchase else FailureKind.RETRYABLE
    return ProviderError(provider, kind, "web-page", message, sent=sent)


def unread(provider: str, *, is_purchase: bool) -> ProviderError:
    """The error for an answer that cannot be parsed, from a vendor that can be asked again. A purchase may have succeeded."""
    if is_purchase:
        message = "the answer cannot be read; the vendor may have accepted the call"
        return ProviderError(provider, FailureKind.AMBIGUOUS, "unread", message, sent=True)
    return ProviderError(provider, FailureKind.RETRYABLE, "unread", "the answer cannot be read; it will be requested again")


def malformed(  # noqa: PLR0913 - facts
    provider: str, model: Model, call: Call, why: str, secret: str = "", *, sent: bool = True
) -> ProviderError:
    """The error for an answer in a form that the vendor does not document: it was billed, but cannot be used.

    sent: the vendor may be asked for it again
    """
    message = f"the answer does not have the form that {provider} documents ({clean(why, secret)})"
    cost = reserved_usd_micros(model, call.request)
    return ProviderError(provider, FailureKind.VALIDATION, "malformed", message, sent=sent, cost_usd_micros=cost)


def too_large(provider: str, model: Model, call: Call, largest: int) -> ProviderError:
    """The error for an answer longer than `largest` bytes. It was billed, so it costs what was reserved."""
    message, cost = f"an answer of more than {largest:,} bytes", reserved_usd_micros(model, call.request)
    return ProviderError(provider, FailureKind.VALIDATION, "too-large", message, cost_usd_micros=cost)


def wrong_request(provider: str, message: str, status: int = 400) -> ProviderError:
    """The error for a call that we do not send because the vendor would refuse it."""
    return ProviderError(provider, FailureKind.NOT_RETRYABLE, str(status), message)


def no_key(provider: str) -> ProviderError:
    """The error for a call to a vendor whose key is not set."""
    key = vendors()[provider].key if provider in vendors() else "its key"
    message = f"{key} is not set; set it, or choose another model"
    return ProviderError(provider, FailureKind.NOT_RETRYABLE, "no-key", message)


def no_room(provider: str, size: int, error: OSError) -> ProviderError:
    """The error for a call that is not sent because there is no disk space for its reply."""
    message = (
        f"there is not enough disk space for its reply of up to {size:,} bytes ({error.strerror}); nothing was sent: free space"
    )
    return ProviderError(provider, FailureKind.NOT_RETRYABLE, "no-room", message)


def clean(message: str, secret: str = "") -> str:
    """Clean a vendor's text: one short printable line without `secret` and without anything that looks like a key."""
    words = readable(message[:_LONGEST_LOOKED_AT])
    words = words.replace(secret, "…").replace("*" * len(secret), "…") if secret else words
    line = _SECRET.sub("…", " ".join(words.split()))
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def clean_code(code: str, secret: str = "") -> str:
    """Clean a vendor's code or id in the same way, and shorten it further."""
    return clean(code, secret)[:_LONGEST_CODE]


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a vendor asks us to wait, at most five minutes; None if it does not ask."""
    asked_s = _asked_s(headers)
    return None if asked_s is None else min(asked_s, _LONGEST_WAIT_S)


def _asked_s(headers: Mapping[str, str]) -> float | None:
    """Parse `retry-after-ms` or `Retry-After`, in seconds or as a date; a date is relative to the vendor's clock if sent."""
    in_ms, text = headers.get("retry-after-ms", ""), headers.get("retry-after", "").strip()
    try:
        if in_ms:
            seconds = float(in_ms) / 1000
        elif text and text[0].isdigit():
            seconds = float(text)
        elif text:
            there = parsedate_to_datetime(headers["date"]) if headers.get("date") else datetime.now(UTC)
            seconds = (parsedate_to_datetime(text) - there).total_seconds()
        else:
            return None
    except (ValueError, TypeError, OverflowError, LookupError):
        return None
    return None if isnan(seconds) else max(seconds, 0.0)
