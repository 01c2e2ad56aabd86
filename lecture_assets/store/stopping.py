"""Delay Ctrl-Z until open transactions end: a process stopped within one keeps every other process from writing.

SIGTSTP is sent to the process, so masking it in one thread does not delay it. A handler does: it stops the process immediately if
no transaction is open, and otherwise lets the end of the last one stop it. SIGSTOP cannot be delayed.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType


@dataclass
class _OpenTransactions:
    """The open transactions, and whether to stop after them. `lock` makes beginning, ending and stopping exclude each other."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    transactions: int = 0
    is_stop_wanted: bool = False


_open = _OpenTransactions()


@contextmanager
def unstopped() -> Iterator[None]:
    """Hold during a transaction, in any thread."""
    with _open.lock:
        _open.transactions += 1
    try:
        yield
    finally:
        with _open.lock:
            _open.transactions -= 1
            if _open.is_stop_wanted and not _open.transactions:
                _stop()


def stop_between_transactions() -> None:
    """Install the handler, from the main thread, unless the signal is already ignored or handled."""
    if signal.getsignal(signal.SIGTSTP) is signal.SIG_DFL:
        signal.signal(signal.SIGTSTP, _on_ctrl_z)


def _on_ctrl_z(_number: int, _frame: FrameType | None) -> None:
    with _open.lock:
        if _open.transactions:
            _open.is_stop_wanted = True
        else:
            _stop()


def _stop() -> None:
    """Stop the process by signalling this thread, so that it has stopped by the time the call returns."""
    _open.is_stop_wanted = False
    signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)
