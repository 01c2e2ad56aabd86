"""Check that a store is complete and undamaged: database, referenced media, cached replies, leftovers. Knows no Dagster.

part       sound if                                     repaired by
database   pages, rows and documents can be read        dropping rows that can be made again, rewriting indexes
media      present, with the bytes their names promise  storing them again from a copy on this machine, else dropping damaged
                                                        bytes, so that they are made again
folder     marked as this database's                    adopting a folder without a mark, if the previous one is lost
replies    readable                                     dropping them, so that the vendor is asked
leftovers  killed commands left nothing                 removing them
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from typing_extensions import TypedDict

from lecture_assets.graph.errors import LectureError
from lecture_assets.runner.change.garbage import GRACE_S, newer_media, remove_leftovers
from lecture_assets.runner.change.leftovers import leftovers, remove, size_of, unreadable_replies
from lecture_assets.runner.reading.draft import remedy
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import lectures, ledger
from lecture_assets.store.artifacts import Condition
from lecture_assets.store.belonging import ForeignMediaError, take_over
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
    """A node of which Dagster says something else; `settings:NODE` are its settings.

    newer: Dagster has a version that this store never published
    """

    lecture: str
    node: str
    core: str
    dagster: str
    newer: bool


class DoctorDocument(StoreCheckDocument):
    """What `doctor` prints, of the store and (`defs/doctor.py`) of Dagster. ok: nothing was wrong; mended: nothing is any more.

    unsettled:     calls whose end the next run finds out
    settled:       those of which a repair found it out
    dagster:       what Dagster has wrong; null where there is no instance
    dagster_only:  lectures that Dagster has and the store lacks
    dagster_lacks: lectures that the store has and Dagster lacks
    dagster_home:  the folder of the instance that was asked; null where there is none
    """

    lectures: int
    unsettled: list[str]
    settled: list[str]
    dagster: list[DisagreementDocument] | None
    dagster_only: list[str]
    dagster_lacks: list[str]
    dagster_home: str | None
    repaired: bool
    mended: bool
    ok: bool


@dataclass
class Examination:
    """The findings.

    database: descriptions of the damage in it
    folder:   why the media folder is not this database's
    by_hand:  what no run makes again, with what a person can do
    newer:    media that a database restored from a backup does not know
    remains:  the database is still damaged
    is_foreign: a repair left the media folder as it was
    mendable: a repair can fix the database
    """

    database: list[str] = field(default_factory=list)
    folder: str | None = None
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)
    newer: list[str] = field(default_factory=list)
    unreadable_replies: list[str] = field(default_factory=list)
    leftovers: int = 0
    leftover_bytes: int = 0
    remains: bool = False
    is_foreign: bool = False
    mendable: bool = True

    @property
    def is_mended(self) -> bool:
        """Whether a repair left nothing that a person has to do."""
        return not (self.remains or self.is_foreign or self.by_hand)

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong; leftovers are harmless."""
        return not (self.database or self.folder or self.missing or self.damaged or self.newer or self.unreadable_replies)

    def to_json(self) -> StoreCheckDocument:
        """Return the document of `doctor --json`."""
        return {
            "database": list(self.database),
            "mendable": self.mendable,
            "media_folder": self.folder,
            "missing": list(self.missing),
            "damaged": list(self.damaged),
            "by_hand": list(self.by_hand),
            "newer": list(self.newer),
            "letters": list(self.unreadable_replies),
            "leftovers": self.leftovers,
            "leftover_bytes": self.leftover_bytes,
        }


def doctor_document(found: Examination, *, repaired: bool, ok: bool) -> DoctorDocument:
    """The document of a store without lectures and without Dagster: of a home that does not exist, or is beyond repair."""
    return {
        "lectures": 0,
        **found.to_json(),
        "unsettled": [],
        "settled": [],
        "dagster": None,
        "dagster_only": [],
        "dagster_lacks": [],
        "dagster_home": None,
        "repaired": repaired,
        "mended": repaired and ok,
        "ok": ok,
    }


def examine_store(context: Context, progress: Progress, *, repairs: bool) -> Examination:
    """Check everything that can be damaged, and repair it if asked. If the database cannot be read, check nothing else."""
    found = Examination()
    progress("database")
    wrong = damage(context.database)
    found.database = [one.words for one in wrong]
    found.mendable = all(one.can_be_mended for one in wrong)
    if repairs:
        wrong = mend(context.database, wrong)
    found.remains = bool(wrong)
    try:
        _check_folder(context, found, repairs=repairs)
        _check_media(context, found, progress, repairs=repairs)
        found.newer = newer_media(context)
        _check_replies_and_leftovers(context, found, repairs=repairs)
    except DatabaseTroubleError as error:
        found.database = found.database or [str(error)]
        found.remains, found.mendable = True, False
    return found


def _check_folder(context: Context, found: Examination, *, repairs: bool) -> None:
    if context.foreign is not None:
        found.folder = str(context.foreign)
        if repairs:
            try:
                found.is_foreign = not take_over(context.database, context.artifacts)
            except ForeignMediaError as error:
                found.folder, found.is_foreign = str(error), True


def _check_media(context: Context, found: Examination, progress: Progress, *, repairs: bool) -> None:
    with context.database.read() as connection:
        named, counting = named_media(connection), counting_media(connection)
    progress(f"{len(named)} media")
    conditions = context.artifacts.conditions(named)
    damaged = {sha256 for sha256, condition in conditions.items() if condition is Condition.DAMAGED}
    missing = {sha256 for sha256, condition in conditions.items() if condition is Condition.MISSING}
    found.damaged = [name for sha256, names in named.items() if sha256 in damaged for name in names]
    found.missing = [name for sha256, names in named.items() if sha256 in missing for name in names]
    gone = damaged | missing
    if repairs and context.foreign is None and gone:
        gone = {sha256 for sha256 in gone if not context.artifacts.restore(sha256)}
        with context.database.write() as connection:
            ledger.forget_replies(connection, gone)
    found.by_hand = _by_hand(context, {(lecture, node) for lecture, node, sha256 in counting if sha256 in gone})


def _by_hand(context: Context, nodes: set[tuple[str, str]]) -> list[str]:
    """Say what a person can do about lost media that no run makes again, because a person supplied or chose them."""
    found = []
    for lecture, node in sorted(nodes):
        with suppress(LectureError, KeyError, TypeError), context.database.read() as connection:
            settings = lectures.head(connection, lecture).settings.of_node(node)
            if settings.pinned is not None:
                found.append(f"{lecture} {node}: {remedy(node, settings)}")
    return found


def _check_replies_and_leftovers(context: Context, found: Examination, *, repairs: bool) -> None:
    unreadable = unreadable_replies(context)
    found.unreadable_replies = [str(path) for path in unreadable]
    if not repairs:
        left = list(leftovers(context, context.clock.now() - GRACE_S))
        found.leftovers, found.leftover_bytes = len(left), sum(map(size_of, left))
        return
    for path in unreadable:
        remove(path)
        remove(path.with_suffix(""))
    found.leftovers, found.leftover_bytes = remove_leftovers(context)
