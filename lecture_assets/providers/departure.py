"""The moment at which a paid request leaves. Whoever sends it hears of the moment, and may still stop it; knows no vendor.

    runner ─ departing(gate) ─► adapter.submit ─► transport: connected, no byte is sent ─► gate() ─► the first byte

Between a last look at the ledger and that byte lie the adapter's own work, a name's look-up and a connection: seconds, or an
hour where the process was stopped meanwhile.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import ModuleType
from typing import Any

_GATE: ContextVar[Callable[[], None] | None] = ContextVar("gate", default=None)


@contextmanager
def departing(gate: Callable[[], None]) -> Iterator[None]:
    """What is sent within passes this gate, which raises where it must not leave any more."""
    token = _GATE.set(gate)
    try:
        yield
    finally:
        _GATE.reset(token)


def depart() -> None:
    """A paid request leaves with the next statement. Raises what the gate raises; then nothing is to be sent."""
    gate = _GATE.get()
    if gate is not None:
        gate()


def gated(web: ModuleType, inner: Any) -> Any:
    """A transport of `httpx` or `httpx2` whose POST requests pass the gate once they are connected (the `trace` extension)."""

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
