"""SIGTERM and SIGHUP end a command as Ctrl-C does: workers are stopped first, then a sentence says so. Decides nothing else."""

import signal
from contextlib import suppress
from types import FrameType

_ENDINGS = (signal.SIGTERM, signal.SIGHUP)
_received: list[int] = []


def install_handlers() -> None:
    """Set the handlers. A signal that is ignored (as SIGHUP is under nohup) stays so."""
    for number in _ENDINGS:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


def ended_by() -> int:
    """The signal that ended this command: SIGINT where it was none of the others."""
    return _received[0] if _received else signal.SIGINT


def ignore_signals() -> None:
    """Take no more notice: the command ends already, and a second Ctrl-C would only cut short how it ends."""
    with suppress(ValueError):  # not in the main thread: then no handler was set either
        for number in (signal.SIGINT, *_ENDINGS):
            signal.signal(number, signal.SIG_IGN)


def _end(number: int, frame: FrameType | None) -> None:
    _received.append(number)
    ctrl_c = signal.getsignal(signal.SIGINT)
    if callable(ctrl_c):  # asyncio's, which cancels what is under way, or Python's own
        ctrl_c(number, frame)
        return
    raise KeyboardInterrupt
