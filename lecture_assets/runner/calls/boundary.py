"""The boundary around a vendor's adapter: whatever the adapter raises or returns can only fail its own node.

    exception ──► ProviderError: AMBIGUOUS if the call may have been sent, RETRYABLE if not, or if it is already purchased
    answer ─────► an id and a reply that the ledger can store; anything else is VALIDATION, and was paid for
    traceback ──► the log, without the exception's message, which may contain a key

Lookups, retries and money are handled by the attempt (`attempt.py`).
"""

import asyncio
import json
import logging
import os
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
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
_MAX_SUBMIT_S = 600.0
"""How long `submit` may take in an adapter that declares no limit."""
_MAX_ID_LENGTH, _MAX_NAME_LENGTH = 500, 60
_MAX_FRAMES, _MAX_CAUSES = 30, 5
_IMPLAUSIBLE_USD_MICROS = 10**12
"""A million dollars: a cost this high or higher is treated as a mistake."""


class FaultError(ProviderError):
    """An adapter failed, on its own or on a vendor's answer: a fault in this software."""


class LateError(ProviderError):
    """Too much time passed between the last check and the first byte, so the call must not be sent. Nothing was sent."""

    def __init__(self, provider: str) -> None:
        """Not counted as a try: the machine slept, or connecting was slow."""
        message = "it took too long to start sending; nothing was sent"
        super().__init__(provider, FailureKind.RETRYABLE, "late", message)
        self.counts = False


@dataclass(slots=True)
class Departure:
    """Whether the bytes of a call have left.

    in_time: checked just before the first byte
    left:    bytes may have been sent
    late:    the check failed, so nothing was sent
    """

    in_time: Callable[[], bool]
    left: bool = False
    late: bool = False


class Boundary:
    """One vendor's adapter, wrapped for one call with a maximum cost."""

    def __init__(self, adapter: Provider, most_usd_micros: int) -> None:
        """Wrap an adapter. The caller closes it."""
        self._adapter, self._most = adapter, most_usd_micros
        self.name = adapter.name

    @property
    def settle_s(self) -> float:
        """Seconds after sending, after which a call that `find` does not know was never accepted."""
        return self._adapter.settle_s

    @property
    def longest_s(self) -> float:
        """The most seconds that `submit` takes."""
        return self._adapter.longest_s if isinstance(self._adapter, PreparingProvider) else _MAX_SUBMIT_S

    async def prepare(self, call: Call) -> None:
        """Do what takes time or disk space before the call is sent. ProviderError means that nothing was sent."""
        if isinstance(self._adapter, PreparingProvider):
            with self.failing("while the call was being prepared; nothing was sent"):
                await self._adapter.prepare(_safe(call))

    async def submit(self, call: Call, departure: Departure) -> str:
        """Send the call and return the vendor's id for it. LateError, or ProviderError with `sent` if it may have been sent."""
        departure.left = not isinstance(self._adapter, PreparingProvider)
        try:
            self._depart(departure)
            with departing(lambda: self._leave(departure)), self.failing("while the call was being sent"):
                found = await self._adapter.submit(_safe(call))
        except NoRoomError as error:
            message = f"the reply was paid for, but is lost: {error}"
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
            message = "the vendor's answer contains no usable id; the vendor may have accepted the call"
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
        """Return the vendor's id for the call, or None if it was never accepted. NoLookupError if the vendor cannot be asked."""
        with self.failing("while asking the vendor whether it has the call"):
            found = await self._adapter.find(_safe(call))
            if found is not None and (found := _id(found)) is None:
                message = "no id"
                raise TypeError(message)
            return found

    async def collect(self, provider_id: str, call: Call) -> Reply:
        """Return the reply in a form that the ledger can store. FaultError if it could not be read: the call stays purchased."""
        with self.failing("while the reply was being read"):
            reply = await self._adapter.collect(provider_id, _safe(call))
            return self._checked(reply)

    def _checked(self, reply: Reply) -> Reply:
        is_count = _is_count(reply.cost_usd_micros)
        cost = reply.cost_usd_micros if is_count else self._most
        value = reply.value
        if isinstance(value, MediaFile):
            value = replace(value, path=Path(value.path))  # an adapter's own kind of path may do anything when it is used
        elif not isinstance(value, MediaUrl):
            json.dumps(value, allow_nan=False)
        tokens = reply.tokens if _is_count(reply.tokens) else None
        return replace(reply, value=value, cost_usd_micros=cost, tokens=tokens, is_counted=is_count and reply.is_counted)

    async def cancel(self, provider_id: str) -> bool:
        """Stop a purchased call. Return whether the vendor can."""
        with self.failing("while the call was being canceled"):
            return bool(await self._adapter.cancel(provider_id))

    def settled(self, call: Call) -> None:
        """Notify the adapter that the call and its reply are in the ledger."""
        if isinstance(self._adapter, PreparingProvider):
            with suppress(ProviderError), self.failing("while its stored reply was being discarded"):
                self._adapter.settled(call)

    def unread(self, fault: ProviderError, cost_usd_micros: int | None = None) -> ProviderError:
        """Return the final error of a call whose reply has arrived but cannot be read: it was paid for."""
        cost = self._most if cost_usd_micros is None else cost_usd_micros
        kind = FailureKind.VALIDATION
        return ProviderError(self.name, kind, fault.code, str(fault), sent=True, cost_usd_micros=cost)

    @contextmanager
    def failing(self, when: str) -> Iterator[None]:
        """Turn any exception within, except ProviderError, into a retryable FaultError."""
        try:
            yield
        except (ProviderError, NoRoomError):
            raise
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            fault: BaseException = error
        except Exception as error:  # noqa: BLE001 - an adapter may raise anything
            fault = error
        else:
            return
        raise self._fault(fault, when) from None

    def _fault(self, error: BaseException, when: str) -> FaultError:
        name = "".join(c for c in type(error).__name__ if c.isprintable())[:_MAX_NAME_LENGTH]
        _LOG.error("%s failed %s\n%s", self.name, when, _stack(error))
        os_error = f" ({os.strerror(error.errno)})" if isinstance(error, OSError) and error.errno else ""
        why = f"{name}{os_error or ', a bug in lectures'}"
        message = f"it failed {when}: {why}; the log has the details"
        return FaultError(self.name, FailureKind.RETRYABLE, name, message)


async def in_thread(work: Callable[..., T], *arguments: Any) -> T:
    """Run work in a thread. A StopIteration, as from `next` at the end of a film, would never leave it before Python 3.12."""

    def run() -> T:
        try:
            return work(*arguments)
        except StopIteration as error:
            message = "it ended too soon"
            raise RuntimeError(message) from error

    return await asyncio.to_thread(run)


async def close_all(adapters: Mapping[str, Provider]) -> None:
    """Close every adapter's processes and connections, ignoring failures."""
    for adapter in adapters.values():
        with suppress(ProviderError), Boundary(adapter, 0).failing("while its connections were being closed"):
            await adapter.close()


def _as_sent(fault: FaultError, departure: Departure) -> FaultError:
    """Return the fault, marked ambiguous if the call may have been sent."""
    if not departure.left:
        return fault
    message = f"{fault}; the vendor may have accepted the call"
    return FaultError(fault.provider, FailureKind.AMBIGUOUS, fault.code, message, sent=True)


def _safe(call: Call) -> Call:
    """Return the call with a callback that cannot fail, whatever headers the adapter passes to it."""

    def on_rate_headers(allowances: Any) -> None:
        with suppress(Exception):
            call.on_rate_headers([one for one in allowances if isinstance(one, Allowance)])

    return replace(call, on_rate_headers=on_rate_headers)


def _id(found: Any) -> str | None:
    """Return the id in a form that any store can hold: printable and of limited length. None if it is not an id."""
    if not isinstance(found, str) or not found.strip():
        return None
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in found[:_MAX_ID_LENGTH])


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _IMPLAUSIBLE_USD_MICROS


def _stack(error: BaseException | None) -> str:
    """Format the traceback without the exceptions' messages."""
    parts: list[str] = []
    while error is not None and len(parts) < _MAX_CAUSES:
        frames = traceback.extract_tb(error.__traceback__)[-_MAX_FRAMES:]
        parts.append(f"{type(error).__name__}\n{''.join(traceback.format_list(frames))}")
        error = error.__cause__ or error.__context__
    return "because of ".join(parts)
