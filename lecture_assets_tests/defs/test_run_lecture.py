"""A run of an asset for a lecture that does not exist fails in one sentence, and Dagster is told nothing of it."""

from collections.abc import Iterator

import pytest
from dagster import AssetKey, MultiPartitionKey

from lecture_assets.definitions import defs
from lecture_assets.defs.keys import LECTURE as DIMENSION
from lecture_assets_tests.defs.dagster_home import DagsterHome, brief, open_dagster_home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DagsterHome]:
    """A person added a partition that is no lecture: for one that Dagster lacks, it refuses asset runs itself."""
    with open_dagster_home(tmp_path_factory.mktemp("home"), brief()) as dagster_home:
        dagster_home.instance.add_dynamic_partitions(DIMENSION, ["rian"])
        yield dagster_home


@pytest.mark.slow
@pytest.mark.parametrize(
    ("asset", "partition"),
    [("music", "rian"), ("narration", MultiPartitionKey({DIMENSION: "rian", "segment": "s01"}))],
)
def test_the_sentence_names_the_lectures_there_are(home: DagsterHome, asset: str, partition: str) -> None:
    result = defs.resolve_implicit_global_asset_job_def().execute_in_process(
        instance=home.instance, asset_selection=[AssetKey(["asset", asset])], partition_key=partition, raise_on_error=False
    )
    failure = result.failure_data_for_node(f"asset__{asset}")
    assert failure is not None
    assert failure.user_failure_data is not None, failure.error
    assert failure.user_failure_data.description == "lecture: found 'rian'; allowed: one of rain"
    assert result.asset_observations_for_node(f"asset__{asset}") == []
