"""Which bytes may still be needed, and what refers to each medium. Read-only."""

from collections.abc import Iterator
from itertools import chain

from sqlalchemy import ColumnElement, Connection, or_, select, text

from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.lecture import KINDS
from lecture_assets.store.legacy_tables import WAITING_ITEM
from lecture_assets.store.schema import UNSETTLED, calls, import_items, lectures, records, revisions, takes


def reachable(connection: Connection) -> set[str]:
    """Return the SHA-256 of all bytes that a take, call, revision or waiting import refers to.

    Takes are kept, replies paid for, edits undone. Of what is rendered on demand only the takes that count are wanted: others are
    large, free to make again, and soon outdated. So they stay as long as garbage does, in which an undo finds them.
    """
    found = {str(artifact) for artifact in connection.execute(select(takes.c.artifact).where(_IS_KEPT).distinct()).scalars()}
    wanted = or_(calls.c.lecture.not_in(select(lectures.c.id).where(lectures.c.deleted_at.is_not(None))), text(UNSETTLED))
    documents = chain(
        connection.execute(select(calls.c.reply).where(wanted)).scalars(),
        connection.execute(select(calls.c.request).where(wanted)).scalars(),
        connection.execute(select(calls.c.kept_reply).where(calls.c.kept_reply.is_not(None))).scalars(),
        connection.execute(select(revisions.c.settings)).scalars(),
        connection.execute(select(import_items.c.given).where(text(WAITING_ITEM))).scalars(),
    )
    return found | {digest for document in documents for digest in _digests(document)}


def _is_kept() -> ColumnElement[bool]:
    """Whether a take has bytes that are wanted."""
    rendered = [kind.name for kind in KINDS.values() if kind.on_demand]
    names = [or_(takes.c.node == name, takes.c.node.startswith(f"{name}:", autoescape=True)) for name in rendered]
    same = (records.c.lecture == takes.c.lecture) & (records.c.node == takes.c.node) & (records.c.take == takes.c.number)
    return takes.c.artifact.is_not(None) & (~or_(*names) | select(1).where(same).exists())


_IS_KEPT = _is_kept()


def _digests(document: Json) -> Iterator[str]:
    """Yield every string in a document that may be a SHA-256: 64 characters, whatever its key."""
    if isinstance(document, str):
        digest = document.removeprefix(UPLOAD)
        if len(digest) == _SHA256:
            yield digest
    elif isinstance(document, list):
        yield from chain.from_iterable(map(_digests, document))
    elif isinstance(document, dict):
        yield from chain.from_iterable(map(_digests, document.values()))


_SHA256 = 64
UPLOAD = "sha256:"
"""What stands before the digest of an upload in a waiting import."""


def named_media(connection: Connection) -> dict[str, list[str]]:
    """Return what refers to each medium, by SHA-256: `LECTURE NODE` for current media, else the take, reply or version.

    Covers everything that a run, an edit or a copy may read: earlier takes, replies that other lectures reuse, old versions.
    """
    named: dict[str, list[str]] = {}
    counting = {(lecture, node, sha256) for lecture, node, sha256 in counting_media(connection)}
    for row in connection.execute(select(*_TAKE).where(_IS_KEPT).order_by(*_TAKE)):
        counts = (row.lecture, row.node, row.artifact) in counting
        named.setdefault(row.artifact, []).append(f"{row.lecture} {row.node}{'' if counts else f', take {row.number}'}")
    for call in connection.execute(select(calls.c.lecture, calls.c.node, calls.c.reply).where(calls.c.reply.is_not(None))):
        for digest in _media(call.reply):
            named.setdefault(digest, [f"{call.lecture} {call.node}, a paid reply"])
    for revision in connection.execute(select(revisions.c.lecture, revisions.c.version, revisions.c.settings)):
        for digest in _media(revision.settings):
            named.setdefault(digest, [f"{revision.lecture}, version {revision.version}"])
    return named


_TAKE = (takes.c.lecture, takes.c.node, takes.c.number, takes.c.artifact)


def _media(document: Json) -> Iterator[str]:
    """Yield the media in a document: objects with a SHA-256 and a media type, at any depth."""
    if isinstance(document, dict):
        if isinstance(document.get("sha256"), str) and "media_type" in document:
            yield str(document["sha256"])
        yield from chain.from_iterable(map(_media, document.values()))
    elif isinstance(document, list):
        yield from chain.from_iterable(map(_media, document))


def counting_media(connection: Connection) -> list[tuple[str, str, str]]:
    """Return lecture, node and SHA-256 of every record with bytes."""
    same = (records.c.lecture == takes.c.lecture) & (records.c.node == takes.c.node) & (records.c.take == takes.c.number)
    found = select(takes.c.lecture, takes.c.node, takes.c.artifact).select_from(records.join(takes, same))
    rows = connection.execute(found.where(takes.c.artifact.is_not(None)).order_by(takes.c.lecture, takes.c.node))
    return [(row.lecture, row.node, row.artifact) for row in rows]
