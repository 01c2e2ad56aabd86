"""Ctrl-Z waits for the end of a transaction: whoever is stopped within one keeps every other process from writing.

SIGTSTP goes to the process, not to a thread, so that no thread's mask holds it back. A handler does: it stops the process at
once where no transaction is open; else the end of the last one does. SIGSTOP cannot be held back.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType


@dataclass
class _Gate:
    """lock: held while somebody begins, ends or stops, so that nobody begins while the process stops."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    transactions: int = 0
    is_stop_wanted: bool = False


_gate = _Gate()


@contextmanager
def unstopped() -> Iterator[None]:
    """A transaction, in any thread."""
    with _gate.lock:
        _gate.transactions += 1
    try:
        yield
    finally:
        with _gate.lock:
            _gate.transactions -= 1
            if _gate.is_stop_wanted and not _gate.transactions:
                _stop()


def stop_between_transactions() -> None:
    """Set the handler, from the main thread. Where the signal is ignored or handled, it stays so."""
    if signal.getsignal(signal.SIGTSTP) is signal.SIG_DFL:
        signal.signal(signal.SIGTSTP, _on_ctrl_z)


def _on_ctrl_z(_number: int, _frame: FrameType | None) -> None:
    with _gate.lock:
        if _gate.transactions:
            _gate.is_stop_wanted = True
        else:
            _stop()


def _stop() -> None:
    """To this thread, so that it is stopped when the call returns, and the others with it."""
    _gate.is_stop_wanted = False
    signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)
