"""The moment at which a paid request is sent. A caller is notified of it and can still stop the request; no vendor is known here.

    runner ─ departing(gate) ─► adapter.submit ─► transport: connected, no byte sent yet ─► gate() ─► the first byte

Between the last check of the ledger and that byte come the adapter's own work, a DNS lookup and a connection: seconds, or an
hour if the process was suspended in between.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import ModuleType
from typing import Any

_GATE: ContextVar[Callable[[], None] | None] = ContextVar("gate", default=None)


@contextmanager
def departing(gate: Callable[[], None]) -> Iterator[None]:
    """Send requests within this block through a gate, which raises if they must not be sent any more."""
    token = _GATE.set(gate)
    try:
        yield
    finally:
        _GATE.reset(token)


def depart() -> None:
    """Pass the gate; a paid request is sent by the next statement. If the gate raises, nothing may be sent."""
    gate = _GATE.get()
    if gate is not None:
        gate()


def gated(web: ModuleType, inner: Any) -> Any:
    """Wrap a transport of `httpx` or `httpx2`: POST requests pass the gate once they are connected (the `trace` extension)."""

    class Gated(web.AsyncBaseTransport):  # type: ignore[name-defined, misc]
        async def handle_async_request(self, request: Any) -> Any:
            if request.method == "POST" and _GATE.get() is not None:
                request.extensions["trace"] = _at_the_first_byte
            return await inner.handle_async_request(request)

        async def aclose(self) -> None:
            await inner.aclose()

    return Gated()


async def _at_the_first_byte(event: str, _about: dict[str, Any]) -> None:
    if event.endswith("send_request_headers.started"):
        depart()
