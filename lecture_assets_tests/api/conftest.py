"""Servers of the API."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lecture_assets_tests.api.serving import ServedApi, serving
from lecture_assets_tests.store.engines import ENGINES


@pytest.fixture
def served(tmp_path: Path) -> Iterator[ServedApi]:
    """A server without lectures, on SQLite."""
    with serving(tmp_path / "home") as served:
        yield served


@pytest.fixture(params=ENGINES)
def served_by_either(tmp_path: Path, request: Any) -> Iterator[ServedApi]:
    """A server without lectures, on each engine."""
    with serving(tmp_path / "home", request.param) as served:
        yield served


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApi]:
    """A server with the lecture `rain`, which was made; for tests that change nothing."""
    with serving(tmp_path_factory.mktemp("made") / "home", LECTURES_CEILINGS='{"lecture": 50, "month": 1000}') as served:
        served.create()
        served.make()
        yield served
