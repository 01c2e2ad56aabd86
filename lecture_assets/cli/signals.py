"""Makes SIGTERM and SIGHUP end a command as Ctrl-C does: workers are stopped first, then a message is printed."""

import signal
from contextlib import suppress
from types import FrameType

_ENDINGS = (signal.SIGTERM, signal.SIGHUP)
_received: list[int] = []


def install_handlers() -> None:
    """Install the handlers. An ignored signal (like SIGHUP under nohup) stays ignored."""
    for number in _ENDINGS:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


def ended_by() -> int:
    """The signal that ended this command; SIGINT unless another one was received."""
    return _received[0] if _received else signal.SIGINT


def ignore_signals() -> None:
    """Ignore further signals: the command is already ending, and a second Ctrl-C would only disrupt that."""
    with suppress(ValueError):  # not in the main thread: then no handler was installed either
        for number in (signal.SIGINT, *_ENDINGS):
            signal.signal(number, signal.SIG_IGN)


def _end(number: int, frame: FrameType | None) -> None:
    _received.append(number)
    ctrl_c = signal.getsignal(signal.SIGINT)
    if callable(ctrl_c):  # asyncio's, which cancels what is in progress, or Python's own
        ctrl_c(number, frame)
        return
    raise KeyboardInterrupt
