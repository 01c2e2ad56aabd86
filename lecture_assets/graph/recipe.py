"""What a node is made from, as JSON: its recipe, whose digest is the fingerprint. A storage format; see `fingerprint.py`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lecture_assets.graph.fingerprint import Json, Recipe, digest
from lecture_assets.graph.kind import Per
from lecture_assets.graph.node import Node
from lecture_assets.graph.parts import DEFAULT_VERSIONS, Selector, Values, nothing_known, parts_of
from lecture_assets.graph.settings import NodeSettings


@dataclass(frozen=True, slots=True)
class StepFacts:
    """The part of a step that enters the fingerprint: its version and the model's parameters.

    parts: how it selects from each input of which it uses a part
    """

    version: str
    parameters: Mapping[str, Json] = field(default_factory=dict)
    parts: Mapping[str, Selector] = field(default_factory=dict)


def recipe_of(
    node: Node,
    settings: NodeSettings,
    versions: Mapping[str, str | None],
    step: StepFacts,
    values: Values = nothing_known,
) -> Recipe:
    """Return everything a node is made from. A pinned node is made from the person's value alone."""
    if settings.pinned is not None:
        return {"kind": node.kind.name, "pinned": digest(settings.pinned)}
    own = settings.to_json()
    own.pop("model", None)  # it replaces the role's model among the reads: set to the same model, it leaves no trace
    recipe: Recipe = {
        "kind": node.kind.name,
        "step": step.version,
        "reads": {
            kind: version
            for kind, version in _reads(node, settings.model, versions)
            if version != DEFAULT_VERSIONS.get(kind, ...)
        },
    }
    if node.kind.partial and (parts := parts_of(node, versions, step.parts, values)):
        recipe["parts"] = parts
    if step.parameters:
        recipe["parameters"] = dict(step.parameters)
    if own:
        recipe["settings"] = own
    if node.kind.index:
        recipe["index"] = node.cell.image if node.kind.index is Per.IMAGE else node.cell.segment
    return recipe


def _reads(node: Node, model: str | None, versions: Mapping[str, str | None]) -> Iterator[tuple[str, Json]]:
    """Yield the versions of what a node reads whole, by kind; the node's own model replaces the role's."""
    partial = [read.kind for read in node.kind.partial]
    for kind, sources in node.reads.items():
        if kind in partial:
            continue
        is_own = model is not None and kind == node.kind.model_input
        yield kind, digest(model) if is_own else _versions(sources, versions)


def _versions(sources: Mapping[str, str], versions: Mapping[str, str | None]) -> Json:
    if "" in sources:
        return versions[sources[""]]
    return {address: versions[source] for address, source in sources.items()}
