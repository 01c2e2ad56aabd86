"""The boundary around a vendor's adapter: whatever it raises or answers, what comes out is of its node and of no other.

what it raises ──► ProviderError   AMBIGUOUS where the call may have left, for another try where it has not, or where it stands
what it answers ─► an id and a reply that the ledger can hold; anything else was paid for, and is VALIDATION
a stack ─────────► the log, without what was said: an error's own words may hold a key

It adds no look-ups, no tries and no money: those are the attempt's (`attempt.py`).
"""

import asyncio
import json
import logging
import os
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from lecture_assets.ports import (
    Allowance,
    Call,
    FailureKind,
    MediaFile,
    MediaUrl,
    PreparingProvider,
    Provider,
    ProviderError,
    Reply,
)
from lecture_assets.providers.departure import departing
from lecture_assets.providers.reply_cache import NoRoomError

T = TypeVar("T")
_LOG = logging.getLogger(__name__)
_LONGEST_S = 600.0
"""How long a request may last of an adapter that says nothing of it."""
_LONGEST_ID, _LONGEST_NAME = 500, 60
_FRAMES, _CAUSES = 30, 5
_MOST_USD_MICROS = 10**12
"""A million dollars: a cost from here on is taken for a mistake."""


class FaultError(ProviderError):
    """An adapter failed at something that its vendor said, or by itself: a fault of this software."""


class LateError(ProviderError):
    """So much time went by between the last look and the first byte that the call must not leave any more. Nothing was sent."""

    def __init__(self, provider: str) -> None:
        """Nobody is at fault: the machine slept, or the connection took long."""
        message = "too much time went by before it could be sent; nothing was sent"
        super().__init__(provider, FailureKind.RETRYABLE, "late", message)
        self.counts = False


@dataclass(slots=True)
class Departure:
    """Whether the bytes of a call have left. in_time: asked just before its first byte; left: bytes may be on the line."""

    in_time: Callable[[], bool]
    left: bool = False
    late: bool = False


class Boundary:
    """One vendor's adapter, for one call that may cost so much at most."""

    def __init__(self, adapter: Provider, most_usd_micros: int) -> None:
        """The adapter stays open: whoever opened it closes it."""
        self._adapter, self._most = adapter, most_usd_micros
        self.name = adapter.name

    @property
    def settle_s(self) -> float:
        """Seconds after which a call that was sent, and that `find` still does not know, was never accepted."""
        return self._adapter.settle_s

    @property
    def longest_s(self) -> float:
        """Seconds after which `submit` has ended."""
        return self._adapter.longest_s if isinstance(self._adapter, PreparingProvider) else _LONGEST_S

    async def prepare(self, call: Call) -> None:
        """What takes time or room before the call may leave. ProviderError; then nothing was sent."""
        if isinstance(self._adapter, PreparingProvider):
            with self.failing("while the call was prepared; nothing was sent"):
                await self._adapter.prepare(_safe(call))

    async def submit(self, call: Call, departure: Departure) -> str:
        """The vendor's id of a call that it accepted. ProviderError with `sent` where the call may have left; LateError."""
        departure.left = not isinstance(self._adapter, PreparingProvider)
        try:
            self._depart(departure)
            with departing(lambda: self._leave(departure)), self.failing("while the call was sent"):
                found = await self._adapter.submit(_safe(call))
        except NoRoomError as error:
            message = f"it was paid for and is lost: {error}"
            kind = FailureKind.VALIDATION
            raise ProviderError(self.name, kind, "no-room", message, cost_usd_micros=self._most) from None
        except ProviderError as error:
            if departure.late:
                raise LateError(self.name) from None
            if isinstance(error, FaultError):
                raise _as_sent(error, departure) from None
            raise
        departure.left = True
        if (name := _id(found)) is None:
            message = "the vendor's answer has no id that can be kept; it may have accepted the call"
            raise ProviderError(self.name, FailureKind.AMBIGUOUS, "no-id", message, sent=True)
        return name

    def _depart(self, departure: Departure) -> None:
        if not departure.in_time():
            departure.late = True
            raise LateError(self.name)

    def _leave(self, departure: Departure) -> None:
        self._depart(departure)
        departure.left = True

    async def find(self, call: Call) -> str | None:
        """The vendor's id of the call; None where the vendor never accepted it. NoLookupError where it cannot be asked."""
        with self.failing("while the vendor was asked whether it has the call"):
            found = await self._adapter.find(_safe(call))
            if found is not None and (found := _id(found)) is None:
                message = "no id"
                raise TypeError(message)
            return found

    async def collect(self, provider_id: str, call: Call) -> Reply:
        """The reply, as the ledger can hold it. FaultError where it could not be read this time: the purchase stands."""
        with self.failing("while the reply was read"):
            reply = await self._adapter.collect(provider_id, _safe(call))
            return self._checked(reply)

    def _checked(self, reply: Reply) -> Reply:
        is_count = _is_count(reply.cost_usd_micros)
        cost = reply.cost_usd_micros if is_count else self._most
        if not isinstance(reply.value, MediaFile | MediaUrl):
            json.dumps(reply.value, allow_nan=False)
        tokens = reply.tokens if _is_count(reply.tokens) else None
        return replace(reply, cost_usd_micros=cost, tokens=tokens, is_counted=is_count and reply.is_counted)

    async def cancel(self, provider_id: str) -> bool:
        """Stop a bought call; whether the vendor can."""
        with self.failing("while the call was canceled"):
            return bool(await self._adapter.cancel(provider_id))

    def settled(self, call: Call) -> None:
        """The call and its reply are in the ledger."""
        if isinstance(self._adapter, PreparingProvider):
            with suppress(ProviderError), self.failing("while its reply was put away"):
                self._adapter.settled(call)

    def unread(self, fault: ProviderError, cost_usd_micros: int | None = None) -> ProviderError:
        """The end of a call whose reply is here and cannot be read, however often it is tried: it was paid for."""
        cost = self._most if cost_usd_micros is None else cost_usd_micros
        kind = FailureKind.VALIDATION
        return ProviderError(self.name, kind, fault.code, str(fault), sent=True, cost_usd_micros=cost)

    @contextmanager
    def failing(self, when: str) -> Iterator[None]:
        """FaultError, for another try, in the place of whatever is raised within that is no ProviderError."""
        try:
            yield
        except (ProviderError, NoRoomError):
            raise
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            fault: BaseException = error
        except Exception as error:  # noqa: BLE001 - that is what this line is for
            fault = error
        else:
            return
        raise self._fault(fault, when) from None

    def _fault(self, error: BaseException, when: str) -> FaultError:
        name = "".join(c for c in type(error).__name__ if c.isprintable())[:_LONGEST_NAME]
        _LOG.error("%s failed %s\n%s", self.name, when, _stack(error))
        of_the_machine = f" ({os.strerror(error.errno)})" if isinstance(error, OSError) and error.errno else ""
        why = f"{name}{of_the_machine or ', a fault of lectures itself'}"
        message = f"it failed {when}: {why}; the log has the details"
        return FaultError(self.name, FailureKind.RETRYABLE, name, message)


async def in_thread(work: Callable[..., T], *arguments: Any) -> T:
    """Do work in a thread. A StopIteration, as `next` raises at the end of a film, would never come out of one (until 3.12)."""

    def run() -> T:
        try:
            return work(*arguments)
        except StopIteration as error:
            message = "it ended too soon"
            raise RuntimeError(message) from error

    return await asyncio.to_thread(run)


async def close_all(adapters: Mapping[str, Provider]) -> None:
    """Let go of processes and connections, whatever an adapter makes of that."""
    for adapter in adapters.values():
        with suppress(ProviderError), Boundary(adapter, 0).failing("while its connections were closed"):
            await adapter.close()


def _as_sent(fault: FaultError, departure: Departure) -> FaultError:
    """The same of a call that may have left."""
    if not departure.left:
        return fault
    message = f"{fault}; the vendor may have accepted the call"
    return FaultError(fault.provider, FailureKind.AMBIGUOUS, fault.code, message, sent=True)


def _safe(call: Call) -> Call:
    """The call, whose listeners cannot fail in an adapter's hands: what they are told is the vendor's."""

    def on_rate_headers(said: Any) -> None:
        with suppress(Exception):
            call.on_rate_headers([one for one in said if isinstance(one, Allowance)])

    return replace(call, on_rate_headers=on_rate_headers)


def _id(found: Any) -> str | None:
    """An id that every store can hold: printable, and not without end. None where it is no id."""
    if not isinstance(found, str) or not found.strip():
        return None
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in found[:_LONGEST_ID])


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST_USD_MICROS


def _stack(error: BaseException | None) -> str:
    """Where it was raised, and by what; not what it says."""
    parts: list[str] = []
    while error is not None and len(parts) < _CAUSES:
        frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        parts.append(f"{type(error).__name__}\n{''.join(traceback.format_list(frames))}")
        error = error.__cause__ or error.__context__
    return "because of ".join(parts)
