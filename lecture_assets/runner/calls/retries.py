"""How often a request is tried. Decides by counts and by the vendor's word; neither waits nor sends."""

import random
from dataclasses import dataclass

from lecture_assets.ports import FailureKind, ProviderError
from lecture_assets.runner.calls.rate_limiter import VendorDownError

MAX_TRIES = 3
"""Of one call in one regeneration: one that was refused or failed may be sent twice more, and a purchase be looked at twice more.
A failure of the vendor for all calls is not counted."""
_MOST_EXCUSED = 8
"""Failures of one call that are not counted: as many as its vendor's breaker lets through in two minutes."""
_BACKOFF_S = 0.25
_TRY_AGAIN = frozenset({FailureKind.RETRYABLE, FailureKind.AMBIGUOUS})
_ENDED = frozenset({FailureKind.NOT_RETRYABLE, FailureKind.MODERATION, FailureKind.VALIDATION})


def has_ended(error: ProviderError) -> bool:
    """Whether a vendor said that a call came to nothing, and not that it cannot be asked about it just now."""
    return error.kind in _ENDED or (error.kind is FailureKind.RETRYABLE and error.sent)


@dataclass(slots=True)
class Tries:
    """How often one request failed.

    sends:   before its call was at the vendor, or by the call's own end: it is sent again
    looks:   after that, with a purchase that stands: it is looked at again
    excused: because the vendor fails for all calls
    """

    sends: int = 0
    looks: int = 0
    excused: int = 0

    @property
    def is_last_look(self) -> bool:
        """Whether a reply that cannot be read now is not looked at again."""
        return self.looks + 1 >= MAX_TRIES

    def count(self, error: ProviderError, *, stands: bool) -> None:
        """Count a failure, and tell the error how often the request was tried. stands: the purchase does."""
        if not error.counts:
            self.excused += 1
        elif stands:
            self.looks += 1
        else:
            self.sends += 1
        error.tries = max(1, self.sends + self.looks + self.excused)

    def are_over(self, error: ProviderError) -> bool:
        """Whether it makes no sense to try again after this failure."""
        return error.kind not in _TRY_AGAIN or MAX_TRIES in {self.sends, self.looks}

    def require_vendor(self, error: ProviderError) -> None:
        """VendorDownError where the vendor failed for all calls so often that this one does not wait for it any more."""
        if self.excused > _MOST_EXCUSED:
            message = f"{error}; {error.provider} fails for all calls, and is asked again by the next run"
            down = VendorDownError(error.provider, error.kind, error.code, message)
            down.tries = error.tries
            raise down from error

    def pause_s(self, error: ProviderError) -> float:
        """For how long to wait before the next try: longer with each, and as long as the vendor says."""
        pause = _BACKOFF_S * 2.0 ** max(self.sends, self.looks) * random.uniform(0.75, 1.25)  # noqa: S311 - jitter, no secret
        return max(pause, error.retry_after or 0.0)
