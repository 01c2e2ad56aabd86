"""How each kind is made: `STEPS[kind.name]`. Plain functions of a node's inputs, without network, store or concurrency.

    free:  make(inputs) -> value                 paid:  request(inputs) -> Request,  accept(inputs, answer) -> value
                                             rendered:  request(inputs) -> RenderRequest,  accept(inputs, sha256) -> value

The runner makes the call between `request` and `accept`, through the ledger, or has the medium rendered.

    step.py         START HERE: what a step is, and its inputs
    writing.py      `llm:` nodes, with the texts in `prompts/`
    unpacking.py    `content:` nodes: one field of a model's answer
    media.py        `asset:` nodes: requests for speech, images, video and music
    assembling.py   `assembler:` nodes: timelines
    rendering.py    clips and the film
"""

from collections.abc import Mapping

from lecture_assets.graph.kind import Kind
from lecture_assets.graph.recipe import StepFacts
from lecture_assets.steps.assembling import ASSEMBLING
from lecture_assets.steps.media import MEDIA
from lecture_assets.steps.rendering import RENDERING
from lecture_assets.steps.step import Step
from lecture_assets.steps.unpacking import UNPACKING
from lecture_assets.steps.writing import WRITING

STEPS: Mapping[str, Step] = {**WRITING, **UNPACKING, **MEDIA, **ASSEMBLING, **RENDERING}
"""The step of every kind that a run makes."""

_FACTS = {name: StepFacts(step.version, parts=step.parts) for name, step in STEPS.items()}


def facts_of(kind: Kind) -> StepFacts:
    """Return the part of a kind's step that enters its nodes' fingerprints."""
    return _FACTS[kind.name]
