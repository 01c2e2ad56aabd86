"""Failures to inject into the simulated vendor, in a small language. This file decides; `vendor.py` raises.

    image:503*2,speech:timeout@3       the first two image calls answer 503; the third speech call times out
    role:fault[*count][@nth]           count calls of the role, starting at the nth; both default to 1

A call is one submit, counted by role within one process; `any` counts them all. If two clauses match, the first one applies.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.kind import Role
from lecture_assets.ports import FailureKind, ProviderError

NAME = "simulated"
REFUSED = ("timeout", "reset", "moderation")
"""Faults besides HTTP codes: the call never enters the journal."""
ACCEPTED = ("lost", "invalid", "failed")
"""Faults of a call that is bought: its id never arrives; what it delivers is not a medium; it fails."""
GRAMMAR = (
    "role:fault[*count][@nth], separated by commas, like image:503*2,speech:timeout@3; "
    f"role: {', '.join(Role)} or any; fault: an HTTP code from 400 to 599, {', '.join((*REFUSED, *ACCEPTED))}; "
    "count and nth: whole numbers from 1"
)
_CLAUSE = re.compile(r"(?P<role>[a-z]+):(?P<fault>[a-z]+|[45]\d\d)(\*(?P<count>[1-9]\d{0,5}))?(@(?P<nth>[1-9]\d{0,5}))?")
_TOO_MANY_REQUESTS, _PAYMENT_REQUIRED, _SERVER_ERROR = 429, 402, 500


@dataclass(frozen=True, slots=True)
class Clause:
    """One failure, and the calls it affects: `count` of them, from the `nth` (from 1) of its role; None for any role."""

    role: Role | None
    fault: str
    count: int
    nth: int


class Faults:
    """The clauses, and how many calls of each role this process has seen."""

    def __init__(self, clauses: Sequence[Clause] = ()) -> None:
        """Without clauses, nothing ever fails."""
        self._clauses = tuple(clauses)
        self._seen: dict[Role | None, int] = {}

    def of_next_call(self, role: Role) -> str | None:
        """Count this call and return its fault; None if it succeeds."""
        for counted in (role, None):
            self._seen[counted] = self._seen.get(counted, 0) + 1
        for clause in self._clauses:
            if clause.role in {role, None} and clause.nth <= self._seen[clause.role] < clause.nth + clause.count:
                return clause.fault
        return None


def parse_faults(text: str, where: str = "LECTURES_SIM_FAULTS") -> tuple[Clause, ...]:
    """Parse a text in the language above. WrongInputError lists each invalid clause, with the grammar."""
    found = [(written, _parse_clause(written.strip())) for written in text.split(",") if written.strip()]
    wrong = [Fault(where, repr(written.strip()), GRAMMAR) for written, clause in found if clause is None]
    if wrong:
        raise WrongInputError(wrong)
    return tuple(clause for _, clause in found if clause is not None)


def refusal(fault: str) -> ProviderError:
    """The error for a call that was not accepted: an HTTP code, or one of REFUSED."""
    match fault:
        case "timeout":
            return _error(FailureKind.RETRYABLE, fault, "the connection timed out before the call was accepted")
        case "reset":
            return _error(FailureKind.RETRYABLE, fault, "the connection was reset before the call was accepted")
        case "moderation":
            return _error(FailureKind.MODERATION, "content_policy", "the content policy refused the prompt; change its words")
    code = int(fault)
    if code == _PAYMENT_REQUIRED:
        return _error(FailureKind.QUOTA, fault, "HTTP 402: the account's quota is used up; add credit, then run it again")
    if code == _TOO_MANY_REQUESTS or code >= _SERVER_ERROR:
        reason = "too many requests" if code == _TOO_MANY_REQUESTS else "the vendor is unavailable for now"
        return _error(FailureKind.RETRYABLE, fault, f"HTTP {code}: {reason}")
    return _error(FailureKind.NOT_RETRYABLE, fault, f"HTTP {code}: the vendor refuses this request; trying again will not help")


def lost_reply() -> ProviderError:
    """The error for a call that is in the journal although its reply was lost."""
    return _error(
        FailureKind.AMBIGUOUS, "lost", "the connection broke after the call was sent; it may have been bought", sent=True
    )


def failed_prediction() -> ProviderError:
    """The error for a call that was accepted and then failed."""
    return _error(FailureKind.RETRYABLE, "failed", "the call was accepted and then failed at the vendor", sent=True)


def _parse_clause(text: str) -> Clause | None:
    match = _CLAUSE.fullmatch(text)
    if not match or match["role"] not in {*Role, "any"}:
        return None
    if not match["fault"].isdigit() and match["fault"] not in {*REFUSED, *ACCEPTED}:
        return None
    role = None if match["role"] == "any" else Role(match["role"])
    return Clause(role, match["fault"], int(match["count"] or 1), int(match["nth"] or 1))


def _error(kind: FailureKind, code: str, message: str, *, sent: bool = False) -> ProviderError:
    return ProviderError(NAME, kind, code, f"{message} (an injected failure)", sent=sent)
