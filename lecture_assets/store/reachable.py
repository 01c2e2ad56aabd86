"""Which bytes somebody may still want, and which are missing. Reads; removes nothing."""

from collections.abc import Iterator
from itertools import chain

from sqlalchemy import Connection, select

from lecture_assets.graph.fingerprint import Json
from lecture_assets.store.schema import calls, records, revisions, takes


def reachable(connection: Connection) -> set[str]:
    """SHA-256 of all bytes that a take, a call or a revision names: takes are kept, replies are bought, edits are undone."""
    found = {str(artifact) for artifact in connection.execute(select(takes.c.artifact).distinct()).scalars() if artifact}
    documents = chain(
        connection.execute(select(calls.c.reply)).scalars(),
        connection.execute(select(calls.c.request)).scalars(),
        connection.execute(select(revisions.c.settings)).scalars(),
    )
    return found | {digest for document in documents for digest in _digests(document)}


def _digests(document: Json) -> Iterator[str]:
    """Every string in a document that may name bytes: of 64 characters, whatever its key."""
    if isinstance(document, str):
        if len(document) == _SHA256:
            yield document
    elif isinstance(document, list):
        yield from chain.from_iterable(map(_digests, document))
    elif isinstance(document, dict):
        yield from chain.from_iterable(map(_digests, document.values()))


_SHA256 = 64


def counting_media(connection: Connection) -> list[tuple[str, str, str]]:
    """Lecture, node and SHA-256 of every record that holds bytes."""
    same = (records.c.lecture == takes.c.lecture) & (records.c.node == takes.c.node) & (records.c.take == takes.c.number)
    found = select(takes.c.lecture, takes.c.node, takes.c.artifact).select_from(records.join(takes, same))
    rows = connection.execute(found.where(takes.c.artifact.is_not(None)).order_by(takes.c.lecture, takes.c.node))
    return [(row.lecture, row.node, row.artifact) for row in rows]
