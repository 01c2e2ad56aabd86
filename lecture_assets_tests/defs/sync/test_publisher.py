"""Events say what changed: inputs and settings their value and edit, made nodes from what to what."""

from pathlib import Path
from typing import Any

import pytest
from dagster import AssetKey, AssetRecordsFilter

from lecture_assets.defs.sync.metadata import MEDIA_PATH
from lecture_assets_tests.defs.dagster_home import DagsterHome, brief, open_dagster_home
from lecture_assets_tests.intake import samples

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def newest(dagster_home: DagsterHome, asset: str, partition: str = "rain") -> dict[str, Any]:
    """The metadata values of the newest event of an asset partition."""
    wanted = AssetRecordsFilter(AssetKey(asset.split("/")), asset_partitions=[partition])
    observed = dagster_home.instance.fetch_observations(wanted, limit=1).records
    found = observed or dagster_home.instance.fetch_materializations(wanted, limit=1).records
    event = found[0].event_log_entry.asset_observation or found[0].event_log_entry.asset_materialization
    assert event is not None
    return {name: value.value for name, value in event.metadata.items()}


@pytest.mark.slow
def test_observations_tell_value_and_edit_and_made_nodes_from_what_to_what(tmp_path: Path) -> None:
    with open_dagster_home(tmp_path / "home", brief(1)) as dagster_home:
        assert dagster_home.run().success
        created = newest(dagster_home, "config/voice")
        assert created == {"value": "narrator", "edit": "the lecture was created"}
        picture = samples.picture(dagster_home.home / "mine.png", size=(64, 48))
        dagster_home.edit("set voice=teacher", "set duration=6")
        dagster_home.edit(f"media asset:image:segment[0]:image[0]=@{picture}")
        dagster_home.publish()
        history = dagster_home.lectures.history("rain")
        assert newest(dagster_home, "config/voice") == {
            "value": "teacher",
            "before": "narrator",
            "edit": "set voice=teacher\nset duration=6",
            "lecture_version": 2,
            "changed_at": history[1]["created_at"],
        }
        assert [newest(dagster_home, "config/duration")[name] for name in ("value", "before")] == [6, 5]
        pinned = newest(dagster_home, "settings/asset/image", "rain|s00.i0")
        assert (pinned["before"], pinned["width"], pinned["media_type"]) == ("not set", 64, "image/png")
        assert pinned["open"].startswith(f"{MEDIA_PATH}/")
        assert dagster_home.run().success
        made = newest(dagster_home, "asset/narration", "rain|s00")
        assert made["made_by"].startswith("simulated:")
        assert made["made_from"].items() >= {"node": "asset:narration:segment[0]", "take": 2}.items()
        assert {len(made["made_from"][name]) for name in ("fingerprint", "config:voice", "content:narration-text")} == {8}
        why = made["why"]
        assert 'config:voice changed from "narrator" to "teacher"' in why
        assert "assembler:segment-timeline:segment[0] changed" in newest(dagster_home, "assembler/timeline")["why"]


@pytest.mark.slow
def test_failures_are_published_once_whoever_ran_into_them(tmp_path: Path) -> None:
    faults = {"LECTURES_SIM_FAULTS": "image:moderation*99@1"}
    with open_dagster_home(tmp_path / "home", brief(1), faults) as dagster_home:
        dagster_home.lectures.regenerate("rain")
        dagster_home.publish()
        assert "the content policy refused" in newest(dagster_home, "asset/image", "rain|s00.i0")["failed"]
        assert "waits for asset:image" in newest(dagster_home, "assembler/timeline")["failed"]
        assert (dagster_home.publish(), failures(dagster_home)) == (0, 1)
        assert not dagster_home.run().success  # it runs into it again, and says so once
        assert (dagster_home.publish(), failures(dagster_home)) == (0, 2)


def failures(dagster_home: DagsterHome) -> int:
    """How often the picture's failure was published."""
    wanted = AssetRecordsFilter(AssetKey(["asset", "image"]), asset_partitions=["rain|s00.i0"])
    return len(dagster_home.instance.fetch_observations(wanted, limit=9).records)
