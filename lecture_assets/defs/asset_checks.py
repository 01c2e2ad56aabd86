"""The asset checks of a lecture's timeline, as a person executes them. `check_evaluations.py` evaluates them."""

import os
import warnings
from collections.abc import Iterator

from dagster import AssetCheckExecutionContext, AssetCheckSpec, PreviewWarning, multi_asset_check

from lecture_assets.defs.check_evaluations import CHECKED, CHECKS, evaluations
from lecture_assets.defs.keys import LECTURES
from lecture_assets.defs.regenerating import failing_in_words
from lecture_assets.defs.run_lecture import require_lecture
from lecture_assets.runner.lectures import Lectures
from lecture_assets.store.lectures import ids

with warnings.catch_warnings():
    warnings.simplefilter("ignore", PreviewWarning)  # Dagster 1.13 calls partitions of checks a preview
    _SPECS = [AssetCheckSpec(name, asset=CHECKED, description=true, partitions_def=LECTURES) for name, true in CHECKS.items()]


@multi_asset_check(name="check_lecture", specs=_SPECS, can_subset=True)
def check_lecture(context: AssetCheckExecutionContext) -> Iterator[None]:
    """Evaluate the selected checks of the run's lectures; of all lectures if it has no partition, as *Execute all* starts it."""
    run = context.op_execution_context
    is_of_some = run.has_partition_key or run.has_partition_key_range
    selected = {key.name for key in context.selected_asset_check_keys}
    names = [name for name in CHECKS if name in selected]
    with failing_in_words(), Lectures.open(os.environ, reads=True) as lectures:
        for lecture in run.partition_keys if is_of_some else lectures.context.database.reading(ids):
            require_lecture(lectures, lecture)
            for evaluation in evaluations(lectures.context, run.instance, lecture, names):
                run.log_event(evaluation)  # type: ignore[arg-type]  # Dagster takes it, though its type says nothing of it
                yield from ()
