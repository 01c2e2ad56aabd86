"""How often a request is tried. Decides from counts and the vendor's errors; waiting and sending are elsewhere."""

import random
from dataclasses import dataclass

from lecture_assets.ports import FailureKind, ProviderError
from lecture_assets.runner.calls.rate_limiter import VendorDownError

MAX_TRIES = 3
"""Per call and regeneration: a refused or failed call may be sent twice more, and a purchased one checked twice more.
An outage of the vendor is not counted."""
_MAX_EXCUSED = 8
"""Failures per call that are not counted: as many as the vendor's circuit breaker lets through in two minutes."""
_BACKOFF_S = 0.25
_TRY_AGAIN = frozenset({FailureKind.RETRYABLE, FailureKind.AMBIGUOUS})
_ENDED = frozenset({FailureKind.NOT_RETRYABLE, FailureKind.MODERATION, FailureKind.VALIDATION})


def has_ended(error: ProviderError) -> bool:
    """Whether the error means that the call itself failed, rather than that the vendor could not be asked just now."""
    return error.kind in _ENDED or (error.kind is FailureKind.RETRYABLE and error.sent)


@dataclass(slots=True)
class Tries:
    """How often one request failed.

    sends:   failures before the vendor accepted the call, or of the call itself: it is sent again
    checks:  failures after it was purchased: the purchase is checked again
    excused: failures because the vendor fails for every call
    """

    sends: int = 0
    checks: int = 0
    excused: int = 0

    @property
    def is_last_check(self) -> bool:
        """Whether a reply that cannot be read now will not be checked again."""
        return self.checks + 1 >= MAX_TRIES

    def count(self, error: ProviderError, *, is_purchased: bool) -> None:
        """Count a failure and set the number of tries on the error. is_purchased: the call remains purchased."""
        if not error.counts:
            self.excused += 1
        elif is_purchased:
            self.checks += 1
        else:
            self.sends += 1
        error.tries = max(1, self.sends + self.checks + self.excused)

    def are_over(self, error: ProviderError) -> bool:
        """Whether another try after this failure is pointless."""
        return error.kind not in _TRY_AGAIN or MAX_TRIES in {self.sends, self.checks}

    def require_vendor(self, error: ProviderError) -> None:
        """Raise VendorDownError if the vendor has failed so often that this request no longer waits for it."""
        if self.excused > _MAX_EXCUSED:
            message = f"{error}; {error.provider} is failing for every call; the next run will try again"
            down = VendorDownError(error.provider, error.kind, error.code, message)
            down.tries = error.tries
            raise down from error

    def pause_s(self, error: ProviderError) -> float:
        """Return how long to wait before the next try: longer each time, and at least as long as the vendor asks."""
        pause = _BACKOFF_S * 2.0 ** max(self.sends, self.checks) * random.uniform(0.75, 1.25)  # noqa: S311 - jitter, no secret
        return max(pause, error.retry_after or 0.0)
