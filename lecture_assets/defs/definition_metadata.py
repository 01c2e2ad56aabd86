"""What a definition in Dagster links to: the row of the table in `graph/lecture.py`, and the code of the step."""

import ast
import warnings
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from dagster import BetaWarning, CodeReferencesMetadataValue, LocalFileCodeReference, MetadataValue

from lecture_assets.graph import lecture
from lecture_assets.graph.kind import Kind
from lecture_assets.steps import STEPS
from lecture_assets.steps.step import Free


def definition_metadata(kind: Kind) -> Mapping[str, CodeReferencesMetadataValue | MetadataValue]:
    """The metadata of a made kind's asset: its kind, and links to the row and the step as files of this machine."""
    step = STEPS[kind.name]
    function = step.make if isinstance(step, Free) else step.request
    places = {"row": (lecture.__file__, _lines().get(kind.name, 1))}
    if (code := getattr(function, "__code__", None)) is not None:
        places["step"] = (code.co_filename, code.co_firstlineno)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BetaWarning)  # Dagster 1.13 marks references to code as beta
        references = CodeReferencesMetadataValue(
            code_references=[
                LocalFileCodeReference(file_path=file, line_number=line, label=label) for label, (file, line) in places.items()
            ]
        )
    return {"lectures/kind": MetadataValue.text(kind.name), "dagster/code_references": references}


@lru_cache(maxsize=1)
def _lines() -> Mapping[str, int]:
    """The line of each row, by its kind's name."""
    calls = [
        node for node in ast.walk(ast.parse(Path(lecture.__file__).read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
    ]
    rows = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == Kind.__name__]
    return {name: call.lineno for call in rows if (name := _name(call.args[0])) is not None}


def _name(argument: ast.expr) -> str | None:
    """The name that a row begins with: written there, or as a constant of the module."""
    match argument:
        case ast.Constant(str(name)):
            return name
        case ast.Name(constant):
            return str(getattr(lecture, constant))
        case _:
            return None
