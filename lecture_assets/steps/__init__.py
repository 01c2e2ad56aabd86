"""How each kind is made: `STEPS[kind.name]`. Plain functions of what a node reads; no network, no store, no concurrency.

    free:  make(inputs) -> value                 paid:  request(inputs) -> Request,  accept(inputs, answer) -> value

The call between `request` and `accept` is the runner's: it belongs to the ledger, not to the step.
"""

from collections.abc import Mapping

from lecture_assets.graph.lecture import Kind
from lecture_assets.graph.staleness import StepFacts
from lecture_assets.steps.assembling import ASSEMBLING
from lecture_assets.steps.media import MEDIA
from lecture_assets.steps.step import Step
from lecture_assets.steps.unpacking import UNPACKING
from lecture_assets.steps.writing import WRITING

STEPS: Mapping[str, Step] = {**WRITING, **UNPACKING, **MEDIA, **ASSEMBLING}
"""The step of every kind that a run makes."""

_FACTS = {name: StepFacts(step.version) for name, step in STEPS.items()}


def facts_of(kind: Kind) -> StepFacts:
    """What of a kind's step is part of its nodes' fingerprints."""
    return _FACTS[kind.name]
