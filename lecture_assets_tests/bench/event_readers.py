"""Many readers of server-sent events in one process: PORT PATH NUMBER AHEAD_S.

Prints their number once all of them are answered, then how late events were.

They do as little as possible, since the run that they watch is on the same machine: what all of them receive is looked at once.
AHEAD_S is the store's time less this machine's `time.monotonic()`.
"""

import json
import re
import selectors
import socket
import sys
import time

_AT = re.compile(rb'"at":([0-9.]+)')
_WHOLE, _LAST = b"\n\n\r\n", b"event: run-ended"
"""How a chunk with whole events ends; what the last one is."""
_MOST = 1_000_000


def read_all(port: int, path: str, number: int, ahead_s: float) -> list[float]:
    """Read until the run has ended for all; by how many seconds each event was late at each."""
    selector, kept, late = selectors.DefaultSelector(), dict[bytes, list[float]](), list[float]()
    answered = set[socket.socket]()
    for _ in range(number):
        one = socket.create_connection(("127.0.0.1", port))
        one.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n".encode())
        one.settimeout(0)
        selector.register(one, selectors.EVENT_READ, bytearray())
    while selector.get_map():
        for key, _ in selector.select():
            reader, begun = key.fileobj, key.data
            assert isinstance(reader, socket.socket)
            begun += reader.recv(_MOST)
            if not begun.endswith(_WHOLE):
                continue
            data = bytes(begun)
            begun.clear()
            if reader not in answered:
                answered.add(reader)
                if len(answered) == number:
                    print(number, flush=True)  # noqa: T201 - the run may begin
            if data not in kept:
                kept[data] = [float(at) for at in _AT.findall(data)]
            now = time.monotonic() + ahead_s
            late += [now - at for at in kept[data]]
            if _LAST in data:
                selector.unregister(reader)
                reader.close()
    return late


def lateness(late: list[float]) -> dict[str, float]:
    """The figures of one run, in seconds."""
    ordered, places = sorted(late), {"median": 0.5, "99 of 100": 0.99, "at most": 1.0}
    return {name: ordered[min(len(ordered) - 1, int(len(ordered) * place))] for name, place in places.items()}


def main() -> None:
    """Print the figures as JSON."""
    port, path, number, ahead_s = sys.argv[1:]
    print(json.dumps(lateness(read_all(int(port), path, int(number), float(ahead_s)))))  # noqa: T201 - for the bench


if __name__ == "__main__":
    main()
