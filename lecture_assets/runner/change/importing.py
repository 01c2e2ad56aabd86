"""Import a lecture that was made elsewhere: everything that exists gets a record, as if it had been made here.

    file ─► settings, and what models would have answered ─► each node in order: given, or made from that ─► takes, records

Nothing is bought, and nothing that exists is stale afterwards. What does not exist is pending, with everything that needs it.
"""

import asyncio
import os
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from sqlalchemy import Connection

from lecture_assets.briefs.adopted import Adopted
from lecture_assets.briefs.json_lines import with_lines
from lecture_assets.briefs.lecture_id import check_id, slug
from lecture_assets.briefs.rules import shown
from lecture_assets.graph.build import Graph, build
from lecture_assets.graph.direct import input_versions
from lecture_assets.graph.errors import Fault, IdTakenError, WrongInputError
from lecture_assets.graph.fingerprint import Json, canonical, digest
from lecture_assets.graph.kind import Holds
from lecture_assets.graph.node import Node, node_id
from lecture_assets.graph.settings import new_settings
from lecture_assets.graph.staleness import World, assess
from lecture_assets.intake.download import fetch
from lecture_assets.intake.own_medium import allowed_media, max_bytes
from lecture_assets.intake.unfit import UnfitMediumError
from lecture_assets.prose.markup import as_shown
from lecture_assets.providers.proxies import proxy_of
from lecture_assets.providers.vendors import vendors
from lecture_assets.runner.change.uploads import UploadStaging
from lecture_assets.runner.reading.shapes import LectureVersion
from lecture_assets.runner.setup.context import Context
from lecture_assets.steps import STEPS, facts_of
from lecture_assets.steps.step import Free, Inputs, read_by
from lecture_assets.store import lecture_names, lectures, records
from lecture_assets.store.records import Take

MADE_BY = "import"


class ImportDocument(LectureVersion):
    """What `import` prints. adopted: nodes that count as made; missing: those that a run would make; shadow: none ever will."""

    created: bool
    shadow: bool
    adopted: int
    missing: list[str]


def _nothing_else(_connection: Connection, _key: str, _document: ImportDocument) -> None:
    """Write nothing beside the lecture."""


def adopt(
    context: Context,
    found: Adopted,
    lecture: str | None,
    *,
    shadow: bool = False,
    beside: Callable[[Connection, str, ImportDocument], None] = _nothing_else,
) -> ImportDocument:
    """Create the lecture of a file, at version 1. Importing the same file again under the same id changes nothing.

    IdTakenError if the id belongs to another lecture. WrongInputError lists every fault in the media; nothing is then created.

    shadow: the lecture is planned and priced, and never made
    beside: writes more in the same transaction, given the lecture's key; if it raises, nothing is created
    """
    name = check_id(lecture or slug(found.id))
    settings = new_settings(found.brief.inputs(context.models_for(found.brief)), asked=found.asked)
    with UploadStaging(context) as staging:
        values = {**_model_answers(found), **_media(staging, found)}
        staging.keep()
    takes = list(_takes(build(settings), values, context.clock.now()))
    brief_digest = digest([replace(settings, asked=None).to_json(), {take.node: take.version for take in takes}])
    head = lectures.new_head(name, context.workspace, brief_digest, settings, is_shadow=shadow)
    adopted = {take.node for take in takes}
    missing = [node.id for node in build(settings).made if node.id not in adopted and not node.kind.on_demand]
    with context.database.write() as connection:
        new = lectures.create(connection, head, context.clock.now(), (f"import of {found.file.name}",))
        if new is not None:
            for take in takes:
                records.save_take(connection, new, take, counts=True)
        there = lectures.head(connection, new or lecture_names.key_of(connection, context.workspace, name))
        if there.brief_digest != brief_digest:
            message = f"lecture {name} already exists and is not this one; nothing was changed (give this one another --id)"
            raise IdTakenError(message)
        document: ImportDocument = {
            "lecture": name,
            "version": there.version,
            "created": new is not None,
            "shadow": there.is_shadow,
            "adopted": len(adopted),
            "missing": missing,
        }
        beside(connection, there.lecture, document)
    return document


def _model_answers(found: Adopted) -> dict[str, Json]:
    """Return, by node, what models would have answered to make this lecture. What the file omits gets a plain default."""
    script: list[Json] = [
        {"narration": s.narration, "visual": s.seen, "background_music": s.background_music, "effect": str(s.effect)}
        for s in found.segments
    ]
    said: dict[str, Json] = {
        "llm:script-generation": {"title": found.title, "segments": script},
        "llm:video-summary": found.summary,
        "llm:music-prompt": found.music.prompt or found.brief.music_prompt_mod,
    }
    for slot, segment in enumerate(found.segments):
        for image in range(found.brief.images_per_segment):
            prompt = segment.images[image].prompt if image < len(segment.images) else None
            said[node_id("llm:image-prompt", slot, image)] = prompt or segment.seen
        said[node_id("llm:video-prompts", slot)] = {
            "starting_image": segment.starting_image.prompt or segment.seen,
            "movie_direction": segment.clip.direction or segment.seen,
        }
    return said


def _sources(found: Adopted) -> Iterator[tuple[str, Holds, str, str]]:
    """Yield every medium that the file names: its node, what the node holds, its place in the file, its path or URL."""
    for slot, segment in enumerate(found.segments):
        place = f"segments.{slot}"
        for image, picture in enumerate(segment.images):
            if picture.file:
                yield node_id("asset:image", slot, image), Holds.PICTURE, f"{place}.images.{image}.file", picture.file
        named = (
            ("asset:narration", Holds.SPEECH, "recording", segment.recording),
            ("asset:starting-image", Holds.PICTURE, "starting_image.file", segment.starting_image.file),
            ("asset:video", Holds.CLIP, "clip.file", segment.clip.file),
        )
        yield from ((node_id(kind, slot), holds, f"{place}.{key}", source) for kind, holds, key, source in named if source)
    if found.music.file:
        yield "asset:music", Holds.MUSIC, "music.file", found.music.file


def _media(staging: UploadStaging, found: Adopted) -> dict[str, Json]:
    """Return the values of the media. WrongInputError has a fault for each unusable one."""
    faults: list[Fault] = []
    values: dict[str, Json] = {}
    for node, holds, where, source in _sources(found):
        try:
            values[node] = staging.inspect(_local_path(source, found.file.parent, staging.folder(), holds), holds)
        except UnfitMediumError as error:
            faults.append(Fault(where, f"{shown(source)}, {error}", allowed_media(holds), str(found.file)))
    if faults:
        raise WrongInputError(with_lines(faults, found.file.read_text(encoding="utf-8-sig")))
    for slot, segment in enumerate(found.segments):
        speech = cast("dict[str, Json] | None", values.get(node_id("asset:narration", slot)))
        if speech:
            speech["words"] = staging.words(speech, as_shown(segment.narration), found.brief.language)
    return values


def _local_path(source: str, beside: Path, folder: Path, holds: Holds) -> Path:
    """Return the path of a local file, or of what was downloaded from a URL."""
    if "://" not in source:
        return beside / source
    target = folder / f"fetched-{uuid.uuid4().hex}"
    asyncio.run(fetch(source, target, max_bytes(holds), _configured_local_hosts(os.environ), proxy_of=proxy_of))
    return target


def _configured_local_hosts(environ: Mapping[str, str]) -> frozenset[tuple[str, int]]:
    """Return the local hosts and ports that the environment names as vendors; no others on this machine are ever contacted."""
    urls = [urlsplit(environ.get(name, "")) for name in (vendor.address for vendor in vendors().values())]
    return frozenset(
        (str(url.hostname), url.port) for url in urls if url.hostname in {"127.0.0.1", "localhost", "::1"} and url.port
    )


def _takes(graph: Graph, values: Mapping[str, Json], now: float) -> Iterator[Take]:
    """Yield a take of each node that is given, or can be made from those for free, in graph order."""
    versions: dict[str, str | None] = {**input_versions(graph)}
    held: dict[str, Json] = {}

    def value_of(source: str, _version: str) -> Json:
        return graph.settings.value(source.partition(":")[2]) if graph.nodes[source].kind.is_input else held[source]

    world = World({}, {}, facts_of, value_of)
    for node in graph.made:
        finding = assess(node, graph.settings.of_node(node.id), versions, world)
        step = STEPS[node.kind.name]
        versions[node.id] = None
        if finding.fingerprint is None or node.kind.on_demand:
            continue
        if node.id in values:
            value = values[node.id]
        elif isinstance(step, Free):
            value = step.make(_inputs(graph, node, held))
        else:
            continue
        held[node.id], versions[node.id] = value, digest(value)
        artifact = str(value["sha256"]) if isinstance(value, dict) and "sha256" in value else None
        recipe = canonical(finding.recipe).decode()
        yield Take(node.id, digest(value), finding.fingerprint, recipe, value, artifact, MADE_BY, now, 0)


def _inputs(graph: Graph, node: Node, held: Mapping[str, Json]) -> Inputs:
    def value(source: str) -> Any:
        return graph.settings.value(source.partition(":")[2]) if graph.nodes[source].kind.is_input else held[source]

    return Inputs(node, read_by(node, value), graph.settings.of_node(node.id), {})
