"""The rule that leaves new lectures to another system: stable, monotone, decided by people first, the same on both engines."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.store import rollouts
from lecture_assets.store.database import Database
from lecture_assets.store.rollouts import LectureSystem, RolloutReason, place_of
from lecture_assets_tests.store.engines import ENGINES, migrated_database

GRAPH, LEGACY = LectureSystem.GRAPH, LectureSystem.LEGACY
KEYS = [f"customer-{number}" for number in range(2_000)]


@pytest.fixture(params=ENGINES)
def database(tmp_path: Path, request: Any) -> Iterator[Database]:
    with migrated_database(request.param, tmp_path) as database:
        yield database


def answer(database: Database, key: str, workspace: str = "w") -> tuple[LectureSystem, RolloutReason]:
    found = database.reading(lambda connection: rollouts.answer(connection, workspace, key))
    return found.system, found.because


def test_places_are_a_storage_format_and_do_not_change() -> None:
    """Another place would take customers from one system to the other."""
    assert [place_of("default", key) for key in ("customer-1", "customer-2", "Zoë", "")] == PINNED
    assert place_of("other", "customer-1") != place_of("default", "customer-1")


PINNED = [7035, 5481, 7632, 8964]


def test_a_share_is_about_as_large_as_its_percentage() -> None:
    for percent in (1, 10, 50, 90):
        share = sum(place_of("default", key) < percent * 100 for key in KEYS) / len(KEYS)
        assert abs(share - percent / 100) < 0.03


def test_without_a_rule_everything_is_made_here(database: Database) -> None:
    assert answer(database, "anybody") == (GRAPH, RolloutReason.NO_RULE)


def test_a_higher_percentage_takes_nobody_back(database: Database) -> None:
    before: set[str] = set()
    for percent in (0, 10, 50, 100):
        database.writing(partial(rollouts.put, workspace="w", percent=percent))
        here = {key for key in KEYS[:50] if answer(database, key)[0] is GRAPH}
        assert before <= here
        before = here
    assert before == set(KEYS[:50])
    assert answer(database, "anybody", "another") == (GRAPH, RolloutReason.NO_RULE)


def test_what_a_person_decided_comes_before_the_percentage_until_it_is_forgotten(database: Database) -> None:
    def decide(key: str, system: LectureSystem | None) -> None:
        database.writing(lambda connection: rollouts.decide(connection, "w", [key], system))

    database.writing(lambda connection: rollouts.put(connection, "w", 0))
    decide("a", GRAPH)
    assert answer(database, "a") == (GRAPH, RolloutReason.ALLOWED)
    assert answer(database, "a", "another") == (GRAPH, RolloutReason.NO_RULE)
    decide("a", LEGACY)
    database.writing(lambda connection: rollouts.put(connection, "w", 100))
    assert answer(database, "a") == (LEGACY, RolloutReason.DENIED)
    decide("a", None)
    assert answer(database, "a") == (GRAPH, RolloutReason.PERCENTAGE)
    database.writing(lambda connection: rollouts.put(connection, "w", None))
    assert database.reading(lambda connection: rollouts.percent_of(connection, "w")) == 100
