"""A server with OpenAI's API: it gets each request in the dialect it accepts, and each of its refusals becomes a ProviderError.

buy, buy_sound ── dialect.py ──► wire.py ──► the answer
      ▲                                        │
      └─ without what was refused ◄── a refusal that names what can be left out
look_up ── stored completions only; NoLookupError from a server that stores none
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from lecture_assets.graph.fingerprint import Json
from lecture_assets.ports import Call, NoLookupError, TextRequest
from lecture_assets.providers.answers import UnreadableAnswerError
from lecture_assets.providers.failures import NOT_FOUND, malformed, refused, status_of, too_large, unread, web_page
from lecture_assets.providers.model import Model
from lecture_assets.providers.openai.dialect import Dialect, Dialects
from lecture_assets.providers.openai.replies import NAME, is_in_words
from lecture_assets.providers.rate_headers import allowances
from lecture_assets.providers.reply_cache import LARGEST, TooLargeError
from lecture_assets.providers.wire import LARGEST_ERROR, VendorAnswer, Wire, gathered

_NO_LOOKUP = NOT_FOUND | {422, 501}
_MOST_REFUSALS = 8
"""Fields and formats that a server may refuse one after another."""


class OpenAIServer:
    """One server, on one event loop."""

    def __init__(self, wire: Wire, dialects: Dialects) -> None:
        """wire: the connection, which the adapter opens and closes."""
        self._wire, self._dialects = wire, dialects

    async def buy(self, path: str, body: Mapping[str, Any], call: Call, model: Model, largest: int) -> VendorAnswer:
        """Send a purchase and return its complete answer. ProviderError if that is longer than `largest` bytes."""
        for _ in range(_MOST_REFUSALS):
            sent = self._dialect(call).translate(body)
            try:
                answer = await self._wire.ask("POST", path, body=sent, is_purchase=True, largest=largest)
            except TooLargeError:
                raise too_large(NAME, model, call, largest) from None
            call.on_rate_headers(allowances(answer.headers))
            if not self._learn(call, sent, answer):
                break
        self._check(answer)
        return answer

    @asynccontextmanager
    async def buy_sound(
        self, path: str, body: Mapping[str, Any], call: Call, model: Model
    ) -> AsyncIterator[tuple[VendorAnswer, AsyncIterator[bytes]]]:
        """Send a purchase and yield the head of its answer with the sound as it arrives. ProviderError if no sound comes.

        The sound may raise TooLargeError, as may whoever stores it; both become a ProviderError here.
        """
        for _ in range(_MOST_REFUSALS):
            sent = self._dialect(call).translate(body)
            try:
                async with self._wire.stream("POST", path, body=sent, is_purchase=True) as (head, parts):
                    call.on_rate_headers(allowances(head.headers))
                    first = await anext(parts, b"")
                    whole = _chained(first, parts)
                    if not head.is_error and not is_in_words(head, first):
                        yield head, whole
                        return
                    answer = replace(head, content=await gathered(whole, LARGEST_ERROR))
            except TooLargeError:
                raise too_large(NAME, model, call, LARGEST) from None
            if not self._learn(call, sent, answer):
                break
        self._check(answer)
        raise malformed(NAME, model, call, "it is not sound", self._wire.key, sent=False)

    async def look_up(self, path: str, call: Call, **more: Any) -> Json:
        """Fetch what the vendor stored. NoLookupError if it stores nothing, as with servers that only resemble OpenAI's."""
        if not isinstance(call.request, TextRequest) or not self._dialect(call).stores:
            raise NoLookupError(NAME, call.role)
        try:
            answer = await self._wire.ask("GET", path, is_purchase=False, **more)
            if answer.status in _NO_LOOKUP or (answer.is_page and not answer.is_error):
                raise NoLookupError(NAME, call.role)
            self._check(answer, is_purchase=False)
            return self._wire.document(answer)
        except (UnreadableAnswerError, TooLargeError):
            raise unread(NAME, is_purchase=False) from None

    def _dialect(self, call: Call) -> Dialect:
        return self._dialects.of(_model_name(call))

    def _learn(self, call: Call, sent: Mapping[str, Any], answer: VendorAnswer) -> bool:
        """Remember what an answer refuses, if it can be left out. True if the request should be sent again without it."""
        chosen = frozenset(parameter for parameter, _ in parse_qsl(call.model.partition("?")[2]))
        learned = self._dialect(call).after(answer.status, self._wire.problem(answer), sent, chosen)
        if learned is None:
            return False
        self._dialects.learn(_model_name(call), learned)
        return True

    def _check(self, answer: VendorAnswer, *, is_purchase: bool = True) -> None:
        """Raise ProviderError for a refusal, for a web page, and for an error inside an answer with a status of success."""
        if answer.is_page and (not answer.is_error or answer.status in NOT_FOUND):
            raise web_page(NAME, answer.status, is_purchase=is_purchase)
        problem, secret = self._wire.problem(answer), self._wire.key
        if answer.is_error:
            raise refused(NAME, answer.status, problem, answer.headers, is_purchase=is_purchase, secret=secret)
        if self._wire.is_problem(answer):
            status = status_of(problem.code)
            raise refused(NAME, status, problem, answer.headers, is_purchase=is_purchase, secret=secret, inside=answer.status)


def _model_name(call: Call) -> str:
    """The vendor's own name of the call's model."""
    return call.model.partition("?")[0]


async def _chained(first: bytes, parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for part in parts:
        yield part
