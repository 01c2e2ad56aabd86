"""How a call fails: what kind of failure it is, what it cost and whether the vendor may have accepted it."""

from enum import StrEnum

from lecture_assets.graph.errors import LectureError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.prose.readable import readable


class FailureKind(StrEnum):
    """The kind of a failure, which decides what happens next."""

    RETRYABLE = "retryable"
    NOT_RETRYABLE = "not-retryable"
    QUOTA = "quota"
    MODERATION = "moderation"
    VALIDATION = "validation"
    AMBIGUOUS = "ambiguous"


class ProviderError(LectureError):
    """A vendor could not or would not do what it was asked.

    code:            the vendor's own code (`503`, `timeout`, `content_policy`)
    sent:            the vendor may have accepted the call
    cost_usd_micros: what the call costs even though it failed
    retry_after:     seconds that the vendor asks us to wait
    request_id:      the vendor's id for the request, for its support
    throttled:       the vendor refused the call only because of its rate limits
    reached:         the vendor was there to answer; None if the error does not show it
    counts:          the failure uses up one of the call's tries; the runner clears it during an outage that affects every call
    tries:           how often the runner had tried the call when it gave up
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
        """Store the facts, with the vendor's words made readable; the runner, which knows the node, adds it to the message."""
        message, code, request_id = readable(message), readable(code), request_id and readable(request_id)
        self.provider, self.kind, self.code, self.sent = provider, kind, code, sent
        self.cost_usd_micros, self.retry_after, self.request_id = cost_usd_micros, retry_after, request_id
        self.throttled, self.reached = throttled, reached
        self.counts, self.tries = True, 1
        super().__init__(f"{message} (request {request_id})" if request_id else message)

    def to_json(self) -> dict[str, Json]:
        """Return the document that the ledger stores."""
        return {"kind": self.kind, "code": self.code, "message": str(self), "request_id": self.request_id}


class NoLookupError(ProviderError):
    """The reply to a call is lost, and the vendor offers no way to look the call up."""

    def __init__(self, provider: str, what: str) -> None:
        """what: the role of the call, such as `speech`."""
        message = f"the reply to a {what} call was lost, and {provider} has no way to look it up"
        super().__init__(provider, FailureKind.AMBIGUOUS, "lost", message, sent=True)
