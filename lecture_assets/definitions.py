"""The code location loaded by workspace.yaml: our definitions, and those that `dg scaffold` writes to `defs/custom`."""

from dagster import Definitions, in_process_executor

from lecture_assets.defs.asset_checks import check_lecture
from lecture_assets.defs.assets import external_assets, made_assets
from lecture_assets.defs.custom_definitions import custom_definitions
from lecture_assets.defs.edit_jobs import create_lecture, edit_lecture, plan_edit
from lecture_assets.defs.jobs import collect_garbage, regenerate_lecture
from lecture_assets.defs.lectures_resource import RESOURCES
from lecture_assets.defs.regenerating import make_nodes
from lecture_assets.defs.sensors import SCHEDULES, SENSORS

defs = Definitions.merge(
    Definitions(
        assets=[*external_assets(), *made_assets(make_nodes)],
        asset_checks=[check_lecture],
        jobs=[regenerate_lecture, create_lecture, edit_lecture, plan_edit, collect_garbage],
        sensors=SENSORS,
        schedules=SCHEDULES,
        resources=RESOURCES,
        executor=in_process_executor,
    ),
    custom_definitions(),
)
