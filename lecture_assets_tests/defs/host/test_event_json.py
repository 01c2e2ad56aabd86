"""Events as we write them are what Dagster writes, and shorter."""

import pytest
from dagster import AssetKey, AssetMaterialization, AssetObservation, EventLogEntry, MetadataValue
from dagster._core.definitions.events import AssetLineageInfo
from dagster._core.events import AssetObservationData, DagsterEvent, EngineEventData, StepMaterializationData
from dagster._serdes import deserialize_value, serialize_value

from lecture_assets.defs.host.event_json import event_json
from lecture_assets.defs.sync.events import Origin, failed_entry
from lecture_assets_tests.defs.host.test_event_log import RUN, entries

METADATA = {
    "why": MetadataValue.text("it was never made"),
    "preview": MetadataValue.md("![picture](/lectures/media/1/preview)"),
    "open": MetadataValue.url("/lectures/media/1"),
    "file": MetadataValue.path("/home/1"),
    "cost_usd": MetadataValue.float(0.01),
    "take": MetadataValue.int(0),
    "nothing": MetadataValue.null(),
    "is_whole": MetadataValue.bool(False),
    "changed_at": MetadataValue.timestamp(1.5),
    "made_from": MetadataValue.json({"reads": {"a": None, "b": [], "c": {}}}),
    "asset": MetadataValue.asset(AssetKey(["asset", "image"])),
}


def entry_of(data: object, kind: str = "ASSET_MATERIALIZATION", **others: object) -> EventLogEntry:
    """An entry with this data; some of its fields differ from those that we write."""
    event = DagsterEvent(kind, "a job", event_specific_data=data, **others)  # type: ignore[arg-type]
    return EventLogEntry(None, 20, "", "a run", 1.5, job_name="a job", dagster_event=event)  # type: ignore[no-untyped-call]


MADE = AssetMaterialization("bees", description="", metadata=METADATA, partition="bees", tags={"a": "b"})
OTHERS = [
    EventLogEntry(None, 10, "said", "a run", 2.5),  # type: ignore[no-untyped-call]
    failed_entry(RUN, "bees", "asset:music", 'refused: "{}" \n'),
    entry_of(StepMaterializationData(MADE, [])),
    entry_of(StepMaterializationData(MADE, []), logging_tags={"a": "b"}, message="", pid=0),
    entry_of(StepMaterializationData(MADE, [AssetLineageInfo(AssetKey("upstream"), {"1"})])),
    entry_of(StepMaterializationData(AssetMaterialization("bees"), [])),
    entry_of(AssetObservationData(AssetObservation("bees", description="seen", metadata=METADATA)), "ASSET_OBSERVATION"),
    entry_of(EngineEventData({"pid": MetadataValue.text("1")}), "ENGINE_EVENT"),
]


@pytest.mark.parametrize("entry", [*entries()[::9], *entries(Origin())[::9], *OTHERS])
def test_dagster_reads_what_it_would_have_written(entry: EventLogEntry) -> None:
    for _ in range(2):  # what events have in common is built by the first
        text = event_json(entry)
        assert deserialize_value(text) == deserialize_value(serialize_value(entry))
    assert len(text) < len(serialize_value(entry))
