"""Measures sounds that were stored before sounds were measured, when a timeline is made of them: once a process, for nothing.

What comes today is measured as it comes (`intake/sound.py`), and its value says it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from lecture_assets.graph.errors import LectureError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Holds
from lecture_assets.graph.lecture import KINDS
from lecture_assets.runner.calls.boundary import in_thread
from lecture_assets.steps.step import Inputs
from lecture_assets.store.artifacts import Artifacts

_SOUNDS = {Holds.SPEECH, Holds.MUSIC}


async def with_measures(inputs: Inputs, artifacts: Artifacts) -> Inputs:
    """Return the inputs of an assembly with the measures of every sound; a sound whose file cannot be read stays without."""
    unmeasured = {kind: value for kind, value in inputs.read.items() if KINDS[kind].holds in _SOUNDS and _lacks(value)}
    if not unmeasured:
        return inputs
    found = {
        kind: value | {"measured": measures} for kind, value in unmeasured.items() if (measures := await _of(value, artifacts))
    }
    return replace(inputs, read={**inputs.read, **found})


def _lacks(value: Any) -> bool:
    return isinstance(value, Mapping) and "sha256" in value and "measured" not in value


_MOST_KNOWN = 4096
_known: dict[str, dict[str, int]] = {}
"""What this process measured, by SHA-256."""


async def _of(value: Mapping[str, Json], artifacts: Artifacts) -> dict[str, int] | None:
    return await in_thread(_measured, artifacts, cast("str", value["sha256"]))


def _measured(artifacts: Artifacts, sha256: str) -> dict[str, int] | None:
    from lecture_assets.render.sound import measures_of  # noqa: PLC0415 - media libraries, 35 MB that most processes never need

    if sha256 not in _known:
        try:
            with artifacts.local() as local:
                measures = measures_of(local(sha256))
        except LectureError:
            return None
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        _known[sha256] = measures
    return _known[sha256]
