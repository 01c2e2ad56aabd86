"""Loads the definitions in `defs/custom` as `dg` does, but needs no pyproject.toml: an installed package has none."""

import warnings
from pathlib import Path
from types import ModuleType

from dagster import BetaWarning, ComponentTree, Definitions, PreviewWarning

from lecture_assets.defs import custom


def custom_definitions(module: ModuleType = custom) -> Definitions:
    """All definitions below a package, by default `defs/custom`: assets, jobs, sensors and components."""
    folder = Path(str(module.__file__)).parent
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PreviewWarning)  # Dagster 1.13 loads modules by a function that it marks as preview
        warnings.simplefilter("ignore", BetaWarning)
        return ComponentTree.from_module(defs_module=module, project_root=folder.parents[2]).build_defs(folder)
