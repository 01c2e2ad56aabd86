"""HTTP/1.1 for uvicorn, by h11, with an end to its patience: who does not say a whole head in time is disconnected.

h11 refuses heads of more than 64 kB, and what different servers read in different ways. Bodies are the guard's (`guard.py`).
"""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_S = 15.0
"""How long a client may take to say a request's head, from when it connects, or begins to say it."""


class PatientProtocol(H11Protocol):
    """One connection."""

    head_s = HEAD_S
    _until: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Wait for the rest of a head, unless it is there."""
        self._wait()
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._until is None and self.conn.their_state is h11.IDLE:
            self._until = self.loop.call_later(self.head_s, self.transport.close)

    def _stop(self) -> None:
        if self._until is not None:
            self._until.cancel()
            self._until = None
