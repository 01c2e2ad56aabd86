"""Where replies are that a vendor gives only once, until their calls are settled: in the calls' rows of the ledger."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update

from lecture_assets.graph.fingerprint import Json
from lecture_assets.store.ledger import UNSETTLED
from lecture_assets.store.schema import calls


@dataclass(frozen=True, slots=True)
class KeptReply:
    """A medium with the bytes of a reply. about: facts about it that are not in its bytes."""

    sha256: str
    about: dict[str, Json]


def keep(connection: Connection, workspace: str, call_key: str, attempt: str, kept: KeptReply) -> None:
    """Record where the reply to an attempt is, whoever has the attempt by now. Ignored once it is settled."""
    unsettled = _attempt(workspace, call_key, attempt) & calls.c.state.in_(UNSETTLED)
    connection.execute(update(calls).where(unsettled).values(kept_reply={"sha256": kept.sha256, "about": kept.about}))


def find(connection: Connection, workspace: str, call_key: str, attempt: str) -> KeptReply | None:
    """Return where the reply to an attempt is; None if there is none, or if the attempt is settled."""
    found = connection.execute(select(calls.c.kept_reply).where(_attempt(workspace, call_key, attempt))).scalar()
    return KeptReply(**found) if found else None


def _attempt(workspace: str, call_key: str, attempt: str) -> Any:
    return (calls.c.workspace == workspace) & (calls.c.call_key == call_key) & (calls.c.attempt == attempt)
