"""Replies that come only once, kept until their calls are settled: the bytes among the media, the facts in the ledger."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from lecture_assets.graph.fingerprint import Json
from lecture_assets.ports import Call
from lecture_assets.store import kept_replies
from lecture_assets.store.artifacts import Artifacts
from lecture_assets.store.database import Database
from lecture_assets.store.kept_replies import KeptReply


@dataclass(frozen=True, slots=True)
class KeptReplies:
    """The replies of all workspaces. `ports.ReplyStore`."""

    database: Database
    artifacts: Artifacts

    def keep(self, call: Call, content: Path, about: dict[str, Json]) -> None:
        """Keep a copy of the bytes, and facts that are not in them."""
        folder = self.artifacts.workspace()
        try:
            copy = Path(shutil.copyfile(content, folder / "reply"))
            with self.artifacts.shared():
                kept = KeptReply(self.artifacts.adopt(copy), about)
                self.database.writing(lambda connection: kept_replies.keep(connection, call.key, call.attempt, kept))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def find(self, call: Call, target: Path) -> dict[str, Json] | None:
        """Write the bytes of the reply to a new file, and return the facts; None if there is no reply to this attempt."""
        kept = self.database.reading(lambda connection: kept_replies.find(connection, call.key, call.attempt))
        if kept is None:
            return None
        with self.artifacts.local() as local:
            if not (content := local(kept.sha256)).exists():
                return None
            shutil.copyfile(content, target)
        return kept.about
