"""Loads the definitions in `defs/custom` as `dg` does, but needs no pyproject.toml: an installed package has none."""

import warnings
from pathlib import Path

from dagster import BetaWarning, ComponentTree, Definitions, PreviewWarning

from lecture_assets.defs import custom


def custom_definitions() -> Definitions:
    """All definitions below `defs/custom`: assets, jobs, sensors and components."""
    folder = Path(custom.__file__).parent
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PreviewWarning)  # Dagster 1.13 loads modules by a function that it marks as preview
        warnings.simplefilter("ignore", BetaWarning)
        return ComponentTree.from_module(defs_module=custom, project_root=folder.parents[2]).build_defs(folder)
