"""Is a store as it was written, and whole? The database, the media that anything names, letters, leftovers. Knows no Dagster.

database   pages, rows, documents                            repaired: rows that are made again are dropped, indexes written anew
media      there, and what their names say                   repaired: damaged bytes are dropped, so that they are made again
folder     marked as this database's                         repaired: a folder without a mark is taken, where it may be
letters    replies that can be read                          repaired: dropped, so that the vendor is asked
leftovers  what killed commands left                         repaired: removed
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from typing_extensions import TypedDict

from lecture_assets.graph.errors import LectureError
from lecture_assets.runner.change.garbage import GRACE_S, newer_media, remove_leftovers
from lecture_assets.runner.change.leftovers import leftovers, remove, size_of, unreadable_letters
from lecture_assets.runner.reading.draft import remedy
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import lectures, ledger
from lecture_assets.store.belonging import take_over
from lecture_assets.store.reachable import counting_media, named_media
from lecture_assets.store.soundness import damage, mend
from lecture_assets.store.troubles import DatabaseTroubleError

Progress = Callable[[str], None]


class StoreCheckDocument(TypedDict):
    """What is wrong with a store, a line each. by_hand: what no run makes again; newer: media that the database does not know."""

    database: list[str]
    mendable: bool
    media_folder: str | None
    missing: list[str]
    damaged: list[str]
    by_hand: list[str]
    newer: list[str]
    letters: list[str]
    leftovers: int
    leftover_bytes: int


class DisagreementDocument(TypedDict):
    """A node of which Dagster says something else. newer: Dagster has a version that this store never told it."""

    lecture: str
    node: str
    core: str
    dagster: str
    newer: bool


class DoctorDocument(StoreCheckDocument):
    """What `doctor` prints, of the store and (`defs/doctor.py`) of Dagster. ok: nothing was wrong; mended: nothing is any more.

    dagster: null where there is no instance; unsettled: calls whose end the next run finds out;
    settled: those of which a repair found it out
    """

    lectures: int
    unsettled: list[str]
    settled: list[str]
    dagster: list[DisagreementDocument] | None
    dagster_only: list[str]
    repaired: bool
    mended: bool
    ok: bool


@dataclass
class Examination:
    """What was found.

    database: what is damaged in it, in words      remains: whether it still is     mendable: whether a repair has a way
    by_hand:  what no run makes again, with what a person can do
    newer:    media that a database which was put back from a backup does not know
    """

    database: list[str] = field(default_factory=list)
    folder: str | None = None
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)
    newer: list[str] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    leftovers: int = 0
    leftover_bytes: int = 0
    remains: bool = False
    mendable: bool = True

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong; leftovers are in nobody's way."""
        return not (self.database or self.folder or self.missing or self.damaged or self.newer or self.letters)

    def to_json(self) -> StoreCheckDocument:
        """As `doctor --json` has it."""
        return {
            "database": list(self.database),
            "mendable": self.mendable,
            "media_folder": self.folder,
            "missing": list(self.missing),
            "damaged": list(self.damaged),
            "by_hand": list(self.by_hand),
            "newer": list(self.newer),
            "letters": list(self.letters),
            "leftovers": self.leftovers,
            "leftover_bytes": self.leftover_bytes,
        }


def examine_store(context: Context, progress: Progress, *, repairs: bool) -> Examination:
    """Look at everything that can be damaged; mend it where asked. A database that cannot be read is told, and nothing more."""
    found = Examination()
    progress("database")
    wrong = damage(context.database)
    found.database = [one.words for one in wrong]
    found.mendable = all(one.can_be_mended for one in wrong)
    if repairs:
        wrong = mend(context.database, wrong)
    found.remains = bool(wrong)
    try:
        _look_at_folder(context, found, repairs=repairs)
        _look_at_media(context, found, progress, repairs=repairs)
        found.newer = [path.name for path in newer_media(context)]
        _look_at_rest(context, found, repairs=repairs)
    except DatabaseTroubleError as error:
        found.database = found.database or [str(error)]
        found.remains, found.mendable = True, False
    return found


def _look_at_folder(context: Context, found: Examination, *, repairs: bool) -> None:
    if context.foreign is not None:
        found.folder = str(context.foreign)
        if repairs:
            take_over(context.database, context.artifacts)


def _look_at_media(context: Context, found: Examination, progress: Progress, *, repairs: bool) -> None:
    with context.database.read() as connection:
        named, counting = named_media(connection), counting_media(connection)
    progress(f"{len(named)} media")
    damaged = {sha256 for sha256 in named if context.artifacts.is_damaged(sha256)}
    missing = {sha256 for sha256 in named if sha256 not in damaged and not context.artifacts.path(sha256).exists()}
    found.damaged = [name for sha256, names in named.items() if sha256 in damaged for name in names]
    found.missing = [name for sha256, names in named.items() if sha256 in missing for name in names]
    gone = damaged | missing
    found.by_hand = _by_hand(context, {(lecture, node) for lecture, node, sha256 in counting if sha256 in gone})
    if repairs and context.foreign is None:
        for sha256 in damaged:
            context.artifacts.drop_if_damaged(sha256)
        if gone:
            with context.database.write() as connection:
                ledger.forget_replies(connection, gone)


def _by_hand(context: Context, nodes: set[tuple[str, str]]) -> list[str]:
    """What a person can do about media that nobody makes again: given, or chosen."""
    found = []
    for lecture, node in sorted(nodes):
        with suppress(LectureError, KeyError, TypeError), context.database.read() as connection:
            settings = lectures.head(connection, lecture).settings.of_node(node)
            if settings.pinned is not None:
                found.append(f"{lecture} {node}: {remedy(node, settings)}")
    return found


def _look_at_rest(context: Context, found: Examination, *, repairs: bool) -> None:
    letters = unreadable_letters(context)
    found.letters = [str(path) for path in letters]
    if not repairs:
        left = list(leftovers(context, context.clock.now() - GRACE_S))
        found.leftovers, found.leftover_bytes = len(left), sum(map(size_of, left))
        return
    for path in letters:
        remove(path)
        remove(path.with_suffix(""))
    found.leftovers, found.leftover_bytes = remove_leftovers(context)
