"""Replies that a vendor gives only once, kept where every machine finds them."""

from pathlib import Path
from typing import Protocol

from lecture_assets.graph.fingerprint import Json
from lecture_assets.ports.calls import Call


class ReplyStore(Protocol):
    """Keeps the reply to a call until the call is settled. Both methods wait for the network, and may raise LectureError."""

    def keep(self, call: Call, content: Path, about: dict[str, Json]) -> None:
        """Keep a copy of the bytes, and facts that are not in them."""

    def find(self, call: Call, target: Path) -> dict[str, Json] | None:
        """Write the bytes of the reply to a new file, and return the facts; None if there is no reply to this attempt."""
