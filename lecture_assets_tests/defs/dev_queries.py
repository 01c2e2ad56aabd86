"""What tests and benchmarks ask a running `lectures dev`: its statuses, runs and backfills; and how they switch its sensor."""

from typing import Any

from lecture_assets.defs.sync.events import asset_partition_of
from lecture_assets.graph.kind import Kind
from lecture_assets.graph.lecture import KINDS
from lecture_assets.runner.lectures import Lectures
from lecture_assets_tests.defs.dev_server import SELECTOR, Dev, until
from lecture_assets_tests.servers.homes import home_environ

LECTURE = "photosynthesis"
"""The example that they make."""


def switch_sensor(dev: Dev, mutation: str) -> None:
    """`stopSensor` or `startSensor` for the sensor that starts runs, as soon as Dagster has loaded it."""
    selector = {**SELECTOR, "sensorName": "start_regenerations"}

    def found() -> Any:
        query = "query($s: SensorSelector!) { sensorOrError(sensorSelector: $s) { ... on Sensor { sensorState { id } } } }"
        return dev.graphql(query, s=selector)["sensorOrError"].get("sensorState")

    until(lambda: bool(found()), every=0.5)
    if mutation == "stopSensor":
        dev.graphql("mutation($id: String!) { stopSensor(id: $id) { __typename } }", id=found()["id"])
    else:
        dev.graphql("mutation($s: SensorSelector!) { startSensor(sensorSelector: $s) { __typename } }", s=selector)


def statuses(dev: Dev, lecture: str = LECTURE) -> dict[str, str]:
    """Dagster's status of every made node, by id."""
    with Lectures.open(home_environ(dev.home)) as opened:
        status: Any = opened.status(lecture)
    nodes = [node["id"] for node in status["nodes"]]
    spots = [asset_partition_of(lecture, node) for node in nodes]
    asked = "\n".join(
        f'n{number}: assetNodeOrError(assetKey: {{path: ["{spot.asset.path[0]}", "{spot.asset.path[1]}"]}}) '
        f'{{ ... on AssetNode {{ staleStatus(partition: "{spot.partition}") }} }}'
        for number, spot in enumerate(spots)
    )
    answer = dev.graphql(f"{{ {asked} }}")
    return {node: answer[f"n{number}"]["staleStatus"] for number, node in enumerate(nodes)}


def stale(dev: Dev) -> set[str]:
    """What a run makes and is not fresh. What is made on demand stays stale until it is asked for again."""
    return {node for node, status in statuses(dev).items() if status != "FRESH" and not _kind(node).on_demand}


def _kind(node: str) -> Kind:
    return KINDS[":".join(node.split(":")[:2])]


def run_ids(dev: Dev) -> list[str]:
    asked = dev.graphql("{ runsOrError { ... on Runs { results { runId } } } }")
    return [run["runId"] for run in asked["runsOrError"]["results"]]


def backfills(dev: Dev) -> list[dict[str, Any]]:
    query = "{ partitionBackfillsOrError { ... on PartitionBackfills { results { id status } } } }"
    found: list[dict[str, Any]] = dev.graphql(query)["partitionBackfillsOrError"]["results"]
    return found
