"""How often a request is tried: sends and checks are counted apart, outages of the vendor not at all."""

import pytest

from lecture_assets.ports import FailureKind, ProviderError
from lecture_assets.runner.calls.rate_limiter import VendorDownError
from lecture_assets.runner.calls.retries import MAX_TRIES, Tries, has_ended


def failure(kind: FailureKind = FailureKind.RETRYABLE, *, sent: bool = False, counts: bool = True) -> ProviderError:
    error = ProviderError("vendor", kind, "503", "HTTP 503", sent=sent)
    error.counts = counts
    return error


@pytest.mark.parametrize("is_purchased", [False, True])
def test_a_call_is_sent_and_a_purchase_checked_at_most_three_times(*, is_purchased: bool) -> None:
    tries, error = Tries(), failure()
    for number in range(1, MAX_TRIES + 1):
        assert not tries.are_over(error)
        assert tries.is_last_check == (is_purchased and number == MAX_TRIES)
        tries.count(error, is_purchased=is_purchased)
        assert error.tries == number
    assert tries.are_over(error)


def test_checks_do_not_use_up_sends() -> None:
    tries, error = Tries(), failure()
    for is_purchased in (False, True, False, True):
        tries.count(error, is_purchased=is_purchased)
    assert (tries.sends, tries.checks, error.tries) == (2, 2, 4)
    assert not tries.are_over(error)


@pytest.mark.parametrize("kind", ["not-retryable", "quota", "moderation", "validation"])
def test_what_another_try_cannot_change_is_not_tried_again(kind: str) -> None:
    assert Tries().are_over(failure(FailureKind(kind)))


def test_a_request_waits_a_while_for_a_vendor_that_fails_for_every_call() -> None:
    tries, error = Tries(), failure(counts=False)
    for _ in range(8):
        tries.count(error, is_purchased=False)
        tries.require_vendor(error)
    assert not tries.are_over(error)
    tries.count(error, is_purchased=False)
    with pytest.raises(VendorDownError, match="HTTP 503; vendor is failing for every call") as raised:
        tries.require_vendor(error)
    assert raised.value.tries == 9


def test_pauses_grow_and_are_at_least_as_long_as_the_vendor_asks() -> None:
    tries, error = Tries(), failure()
    pauses = []
    for _ in range(MAX_TRIES):
        tries.count(error, is_purchased=False)
        pauses.append(tries.pause_s(error))
    assert 0.375 <= pauses[0] <= 0.625
    assert pauses == sorted(pauses)
    error.retry_after = 9.0
    assert tries.pause_s(error) == 9.0


@pytest.mark.parametrize(
    ("kind", "sent", "ended"),
    [
        (FailureKind.MODERATION, False, True),
        (FailureKind.VALIDATION, False, True),
        (FailureKind.NOT_RETRYABLE, False, True),
        (FailureKind.RETRYABLE, True, True),
        (FailureKind.RETRYABLE, False, False),
        (FailureKind.AMBIGUOUS, True, False),
    ],
)
def test_a_call_has_ended_if_its_vendor_says_so(kind: FailureKind, *, sent: bool, ended: bool) -> None:
    assert has_ended(failure(kind, sent=sent)) == ended
