"""The code location loaded by workspace.yaml."""

from dagster import Definitions, in_process_executor

from lecture_assets.defs.assets import external_assets, made_assets
from lecture_assets.defs.jobs import collect_garbage, regenerate_lecture
from lecture_assets.defs.sensors import SCHEDULES, SENSORS

defs = Definitions(
    assets=[*external_assets(), *made_assets()],
    jobs=[regenerate_lecture, collect_garbage],
    sensors=SENSORS,
    schedules=SCHEDULES,
    executor=in_process_executor,
)
