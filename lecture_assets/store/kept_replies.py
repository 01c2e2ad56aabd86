"""Where replies are that a vendor gives only once, until their calls are settled: in the calls' rows of the ledger."""

from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, Connection, TextClause, select, text, update

from lecture_assets.graph.fingerprint import Json
from lecture_assets.store.schema import UNSETTLED, calls


@dataclass(frozen=True, slots=True)
class KeptReply:
    """A medium with the bytes of a reply. about: facts about it that are not in its bytes."""

    sha256: str
    about: dict[str, Json]


def keep(connection: Connection, call_key: str, attempt: str, kept: KeptReply) -> None:
    """Record where the reply to an attempt is, whoever has the attempt by now. Ignored once it is settled."""
    connection.execute(update(calls).where(*_unsettled(call_key, attempt)).values(kept_reply=asdict(kept)))


def find(connection: Connection, call_key: str, attempt: str) -> KeptReply | None:
    """Return where the reply to an attempt is; None if there is none, or if the attempt is settled."""
    found = connection.execute(select(calls.c.kept_reply).where(*_unsettled(call_key, attempt))).scalar()
    return KeptReply(**found) if found else None


def _unsettled(call_key: str, attempt: str) -> tuple[TextClause | ColumnElement[bool], ...]:
    """Of whatever workspace, since attempts are random: unsettled calls are few, and have an index."""
    return text(UNSETTLED), calls.c.call_key == call_key, calls.c.attempt == attempt
