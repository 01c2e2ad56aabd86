"""A run's nodes are published once each, however late its publisher is."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.defs.assets import made_assets
from lecture_assets.defs.sync.publisher import EventLogPublisher
from lecture_assets.defs.sync.run_publisher import RunEventPublisher
from lecture_assets.runner.regenerate.scope import Scope
from lecture_assets.runner.setup.events import Event
from lecture_assets_tests.defs.dagster_home import LECTURE, brief, open_dagster_home

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")]


def test_nodes_that_end_before_anything_is_published_are_published_once_as_made(tmp_path: Path) -> None:
    with open_dagster_home(tmp_path / "home", brief(1)) as dagster_home:
        events: list[Event] = []
        report = dagster_home.lectures.regenerate(LECTURE, Scope(), events.append)
        run_publisher = RunEventPublisher(EventLogPublisher(dagster_home.lectures.context, dagster_home.instance, LECTURE))
        for event in events:
            run_publisher.watch(event)
        with run_publisher:
            pass
        records = [
            record
            for made in made_assets()
            for record in dagster_home.instance.fetch_materializations(made.key, limit=100).records
        ]
        made = [record.asset_materialization.metadata for record in records if record.asset_materialization is not None]
        recipes: list[Any] = [metadata["made_from"].value for metadata in made]
        assert Counter(recipe["node"] for recipe in recipes) == Counter(report["made"])
        assert not any("outcome" in metadata for metadata in made)  # as it was planned
        assert dagster_home.disagreements() == []
        assert dagster_home.publish() == 0
