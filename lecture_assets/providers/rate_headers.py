"""Parse the rate limits in the headers of a vendor's answer. `runner/calls/rate_limiter.py` applies them.

    x-ratelimit-limit-requests: 500    x-ratelimit-remaining-requests: 499    x-ratelimit-reset-requests: 120ms    (and -tokens)
    ratelimit-limit: 600               ratelimit-remaining: 3                 ratelimit-reset: 30    (period not stated)

Sources: https://platform.openai.com/docs/guides/rate-limits (Rate limits in headers), draft-ietf-httpapi-ratelimit-headers-03.
A limit of -1 or 0 means that it is unknown; it is ignored.
"""

import re
from collections.abc import Iterator, Mapping

from lecture_assets.ports import Allowance

_SPELLINGS = {"x-ratelimit-{}-requests": "request", "x-ratelimit-{}-tokens": "token", "ratelimit-{}": "request"}
_OF_A_WINDOW = "ratelimit-{}"
"""This one gives nothing back until its window ends; the others refill steadily."""
_TIME = re.compile(r"(?:(\d{1,9})h)?(?:(\d{1,9})m(?!s))?(?:(\d{1,9}(?:\.\d{1,9})?)s)?(?:(\d{1,9}(?:\.\d{1,9})?)ms)?")
_SHORTEST_MINUTE_S, _LONGEST_MINUTE_S = 30.0, 90.0
"""A limit that refills in a time outside this range is not per minute. For a full one, the refill time is unknown."""
_LONGEST_WAIT_S = 300.0


def allowances(headers: Mapping[str, str]) -> tuple[Allowance, ...]:
    """Return every limit that the headers state completely and plausibly."""
    return tuple(_named(headers))


def _named(headers: Mapping[str, str]) -> Iterator[Allowance]:
    for spelling, unit in _SPELLINGS.items():
        limit, left = (_number(headers.get(spelling.format(part))) for part in ("limit", "remaining"))
        resets_s = _seconds(headers.get(spelling.format("reset"), ""))
        if not limit or left is None or left > limit or resets_s is None:
            continue
        next_s = resets_s if spelling == _OF_A_WINDOW else resets_s / max(1, limit - left)
        fills_s = next_s * limit if left < limit and spelling != _OF_A_WINDOW else 0.0
        is_of_a_minute = _SHORTEST_MINUTE_S <= fills_s <= _LONGEST_MINUTE_S
        yield Allowance(unit, limit if is_of_a_minute else None, left, min(next_s, _LONGEST_WAIT_S))


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and re.fullmatch(r"\d{1,12}", text.strip()) else None


def _seconds(text: str) -> float | None:
    """Parse `6m0s`, `120ms`, `1.5s` or plain seconds."""
    text = text.strip()
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text):
        return float(text)
    found = _TIME.fullmatch(text)
    if not text or not found:
        return None
    hours, minutes, seconds, milliseconds = (float(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds + milliseconds / 1000
