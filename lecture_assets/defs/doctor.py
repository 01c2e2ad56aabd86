"""Checks a whole home: do store, artifacts, ledger and Dagster agree? Repairs only on request.

store      database, media, replies, leftovers: `runner/change/store_check.py`
ledger     calls of dead workers                                       repair: look them up at the vendor and settle them
Dagster    it agrees with the core on every node                       repair: publish the whole lecture again
           it has the store's lectures and no others                   repair: add or remove their partitions
"""

from collections.abc import Callable, Mapping

from dagster import DagsterInstance

from lecture_assets.defs.dagster_check import disagreements, repair
from lecture_assets.defs.host.instance import dagster_home, usable_instance
from lecture_assets.defs.keys import LECTURE, add_lectures
from lecture_assets.defs.sync.foreign_events import LectureDifference, compare_lectures
from lecture_assets.runner.calls.settling import settle_left_calls
from lecture_assets.runner.change.store_check import DisagreementDocument, DoctorDocument, doctor_document, examine_store
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import lectures, ledger, ledger_queries

Progress = Callable[[str], None]


def examine(context: Context, environ: Mapping[str, str], progress: Progress, *, repairs: bool) -> DoctorDocument:
    """Examine a home and report what does not agree, as a document. Creates no Dagster instance if there is none.

    unsettled: calls without a live worker, which the next run settles; they are not a fault
    settled:   calls that this repair settled

    If the database is damaged beyond repair, the examination ends there.
    """
    found = examine_store(context, progress, repairs=repairs)
    if found.remains:
        return doctor_document(found, repaired=repairs, ok=False)
    settled = settle_left_calls(context) if repairs and context.foreign is None else []
    with context.database.read() as connection:
        now = context.store_time(connection)
        ids = list(lectures.ids(connection))
        unsettled = [
            f"{row['lecture']} {row['node']}"
            for row in ledger_queries.entries(connection)
            if row["state"] in ledger.UNSETTLED and row["node"] not in ledger_queries.underway(connection, row["lecture"], now)
        ]
    home = dagster_home(environ)
    disagreeing, difference = _ask_dagster(context, environ, ids, progress, repairs=repairs)
    return {
        **doctor_document(found, repaired=repairs, ok=False),
        "lectures": len(ids),
        "unsettled": unsettled,
        "settled": list(settled),
        "dagster": disagreeing,
        "dagster_only": [*difference.invented],
        "dagster_lacks": [*difference.missing],
        "dagster_home": None if disagreeing is None else str(home),
        "mended": repairs and found.is_mended,
        "ok": found.is_sound and not disagreeing and not difference.invented and not difference.missing,
    }


def _ask_dagster(
    context: Context, environ: Mapping[str, str], ids: list[str], progress: Progress, *, repairs: bool
) -> tuple[list[DisagreementDocument] | None, LectureDifference]:
    """What Dagster has wrong (None without an instance), and the lectures that only one side has."""
    if not (dagster_home(environ) / "dagster.yaml").exists():
        return None, LectureDifference([], [])
    found: list[DisagreementDocument] = []
    with usable_instance(environ) as instance:
        difference = compare_lectures(context, instance)
        if repairs and difference.missing:
            add_lectures(instance, difference.missing)
        for lecture in difference.invented if repairs else ():
            instance.delete_dynamic_partition(LECTURE, lecture)
        for number, lecture in enumerate(ids, 1):
            progress(f"Dagster: lecture {number} of {len(ids)}")
            found += _of_lecture(context, instance, lecture, repairs=repairs)
    return found, difference


def _of_lecture(context: Context, instance: DagsterInstance, lecture: str, *, repairs: bool) -> list[DisagreementDocument]:
    found: list[DisagreementDocument] = [
        {"lecture": lecture, "node": one.node, "core": one.core, "dagster": one.dagster, "newer": one.newer}
        for one in disagreements(context, instance, lecture)
    ]
    if found and repairs:
        repair(context, instance, lecture, [one["node"] for one in found])
    return found
