"""Who sends a request over plain HTTP: by its access token, or by the signature of its URL. Reads wait in threads."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import Request

from lecture_assets.api.access import Access, Principal
from lecture_assets.api.budget import ThrottledError
from lecture_assets.api.guard import SIGNATURE
from lecture_assets.api.http_problems import ProblemError, bad_request, no_token, of_cause, throttled, wrong_signature
from lecture_assets.api.request import current_request, serving_request
from lecture_assets.api.signed_urls import is_valid, signed_of
from lecture_assets.runner.lectures import Lectures
from lecture_assets.store.tokens import AccessRole

T = TypeVar("T")
_THREADS = 8


class HttpSenders:
    """Finds out who sends requests, and does in threads what waits for the database."""

    def __init__(self, lectures: Lectures, access: Access) -> None:
        """lectures: of any workspace of the database; access: knows who has a token."""
        self._lectures, self._access = lectures, access
        self._limiter: CapacityLimiter | None = None

    async def run(self, work: Callable[[], T]) -> T:
        """Return what the work returns, which is done in a thread. ProblemError for whatever goes wrong in it."""
        if self._limiter is None:
            self._limiter = CapacityLimiter(_THREADS)
        try:
            return await run_sync(work, limiter=self._limiter)
        except ProblemError:
            raise
        except ThrottledError as error:
            raise throttled(error) from None
        except Exception as error:
            raise of_cause(error) from error

    def of_token(self, request: Request) -> Principal:
        """Return who sends a request, by its token, and count it. ProblemError if nobody with access. Waits for the database.

        ThrottledError if the sender has to wait.
        """
        sender = self._access.of(request.headers.get("authorization"))
        if sender is None:
            raise no_token()
        self._access.budgets.take_request(sender.sender)
        return sender

    def take_cost(self, sender: Principal, cost: int) -> None:
        """Count what an operation costs. ThrottledError if its sender has to wait."""
        self._access.budgets.take_cost(sender.sender, cost)

    def of_url(self, request: Request, purpose: str, name: str) -> Principal:
        """The same for what a signed URL may name: with a signature, it alone counts."""
        if SIGNATURE not in request.query_params:
            return self.of_token(request)
        found = signed_of(purpose, name, request.query_params)
        if found is None:
            raise wrong_signature()
        signed, signature = found
        with serving_request(self._lectures):
            if not is_valid(current_request(), signed, signature):
                raise wrong_signature()
        context = replace(self._lectures.context, workspace=signed.workspace)
        return Principal(Lectures(context), AccessRole.READ)


def storable(text: str) -> str:
    """Return a text of a path or a query. ProblemError for one that no database stores."""
    if "\0" in text or not text.isprintable():
        message = "allowed are printable characters"
        raise bad_request(message)
    return text
