"""The lecture graph as Dagster assets: one per row of the table, with exactly the table's edges.

Inputs, and what a person sets on single nodes, are external assets: they are observed rather than made by runs.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence

from dagster import AssetDep, AssetExecutionContext, AssetsDefinition, AssetSpec, BackfillPolicy, multi_asset

from lecture_assets.content import HELD
from lecture_assets.defs.definition_metadata import definition_metadata
from lecture_assets.defs.keys import PARTITIONS, SETTINGS, asset_key, mapping, settings_key
from lecture_assets.graph.kind import Editable, Kind
from lecture_assets.graph.lecture import KINDS
from lecture_assets.runner.setup.owners import owners_of
from lecture_assets.steps import STEPS

_EDITABLE = {
    Editable.TEXT: "You can put your own words in its place (`lectures edit ID 'text NODE=…'`); no run replaces them.",
    Editable.MEDIA: "You can put a file of your own in its place (`lectures edit ID 'media NODE=@FILE'`); no run replaces it.",
}


def external_assets(environ: Mapping[str, str] = os.environ) -> list[AssetSpec]:
    """The assets that a person decides: the inputs of lectures, and the settings of single nodes."""
    inputs = [_input(kind) for kind in KINDS.values() if kind.is_input]
    settings = [_settings(kind) for kind in KINDS.values() if not kind.is_input]
    return [spec.replace_attributes(owners=owners_of(environ)) for spec in (*inputs, *settings)]


def _nothing(_context: AssetExecutionContext) -> None:
    """Make nothing: the assets are only looked at."""


def made_assets(
    make_nodes: Callable[[AssetExecutionContext], None] = _nothing, environ: Mapping[str, str] = os.environ
) -> list[AssetsDefinition]:
    """The assets that runs make. make_nodes: what such a run does, once for all its assets."""
    return [_made(kind, make_nodes, owners_of(environ)) for kind in KINDS.values() if not kind.is_input]


def _input(kind: Kind) -> AssetSpec:
    name = kind.name.partition(":")[2]
    decides = " It determines which nodes exist; no node reads its value." if kind.structural else ""
    return AssetSpec(
        asset_key(kind),
        group_name=str(kind.category),
        partitions_def=PARTITIONS[kind.per],
        description=f"An input of a lecture, set by a person: `lectures edit ID 'set {name}=…'`.{decides}",
        kinds={"input"},
    )


def _settings(kind: Kind) -> AssetSpec:
    return AssetSpec(
        settings_key(kind),
        group_name=SETTINGS,
        partitions_def=PARTITIONS[kind.per],
        description=f"What a person set on single nodes of {kind.name}: another model, a re-roll, their own words or media. "
        "Observed when it is set.",
        kinds={"input"},
    )


def _made(kind: Kind, make_nodes: Callable[[AssetExecutionContext], None], owners: Sequence[str]) -> AssetsDefinition:
    name = kind.name.replace(":", "__").replace("-", "_")

    @multi_asset(name=name, specs=[_spec(kind).replace_attributes(owners=owners)], backfill_policy=BackfillPolicy.single_run())
    def make(context: AssetExecutionContext) -> Iterator[None]:
        make_nodes(context)
        yield from ()

    return make


def _spec(kind: Kind) -> AssetSpec:
    """The asset's spec. skippable: not Dagster but the publisher logs the materialization, with our version and provenance."""
    reads = {read.kind: KINDS[read.kind] for read in kind.reads if read.projected}
    deps = [AssetDep(asset_key(read), partition_mapping=mapping(read.per, kind.per)) for read in reads.values()]
    return AssetSpec(
        asset_key(kind),
        deps=[*deps, AssetDep(settings_key(kind))],
        group_name=str(kind.category),
        partitions_def=PARTITIONS[kind.per],
        code_version=STEPS[kind.name].version,
        description=_description(kind),
        kinds=_kinds(kind),
        tags={"lectures/role": str(kind.role)} if kind.role else {},
        metadata=definition_metadata(kind),
        skippable=True,
    )


def _kinds(kind: Kind) -> set[str]:
    """What is true of its every partition: the role of its call, or that our own code makes it.

    Vendor and model are each lecture's own: `made_by` of an event says which.
    """
    return {str(kind.role) if kind.role else "python"}


def _description(kind: Kind) -> str:
    makes = f"Made by one paid {kind.role} call." if kind.role else "Made locally, for free."
    where = "" if kind.when == "always" else f", where {kind.when}"
    parts = [
        f"`{kind.name}`: one per {kind.per}{where}. {makes}",
        f"It holds: {kind.holds}. {_doc(kind)}",
        _EDITABLE.get(kind.editable, ""),
    ]
    return "\n\n".join(part for part in parts if part)


def _doc(kind: Kind) -> str:
    """The first line of the docstring of its value's type, if any."""
    held = getattr(HELD[kind.holds], "_type", None)
    return ((getattr(held, "__doc__", None) or "").splitlines() or [""])[0] if isinstance(held, type) and held is not dict else ""
