"""A new lecture from a brief. Makes no node and buys nothing."""

from dataclasses import dataclass

from lecture_assets.briefs.brief import Brief
from lecture_assets.briefs.lecture_id import check_id
from lecture_assets.graph.errors import IdTakenError
from lecture_assets.graph.settings import new_settings
from lecture_assets.languages import seconds_at_mean, seconds_to_say
from lecture_assets.runner.reading.contradictions import contradictions
from lecture_assets.runner.reading.known_parts import known_parts
from lecture_assets.runner.reading.snapshot import read_snapshot
from lecture_assets.runner.setup.context import Context
from lecture_assets.runner.setup.names import CatalogueNames, check_inputs
from lecture_assets.store import lecture_names, lectures


@dataclass(frozen=True, slots=True)
class Created:
    """A lecture, and whether it is new: the same brief under the same id gives the same lecture.

    key:      by which Dagster and everything stored refer to it
    warnings: wishes of the brief that contradict each other, a sentence each
    """

    lecture: str
    key: str
    version: int
    new: bool
    warnings: tuple[str, ...] = ()


def create_lecture(context: Context, brief: Brief, lecture: str) -> Created:
    """Create a lecture at version 1, or return the existing one if it came from the same brief.

    IdTakenError if it came from another brief. WrongInputError for an invalid id, or an unknown model, voice or language.
    """
    check_id(lecture)
    settings = new_settings(brief.inputs(context.models_for(brief)), brief.nodes(), brief.asked())
    check_inputs(settings.inputs, CatalogueNames(context.catalogue))
    head = lectures.new_head(lecture, context.workspace, settings.digest(), settings)
    warnings = tuple(contradictions(settings, context.model_of(settings)))
    with context.database.write() as connection:
        if key := lectures.create(connection, head, context.clock.now()):
            return Created(lecture, key, 1, new=True, warnings=warnings)
        found = lectures.head(connection, lecture_names.key_of(connection, context.workspace, lecture))
    if found.brief_digest not in {head.brief_digest, *_former_digests(context, brief)}:
        message = (
            f"lecture {lecture} exists and was made from another brief; nothing was changed "
            f"(give this one another id, or edit that one)"
        )
        raise IdTakenError(message)
    with context.database.read() as connection:
        known = known_parts(read_snapshot(context, connection, found.lecture), connection)
    warnings = tuple(contradictions(found.settings, context.model_of(found.settings), known))
    return Created(lecture, found.lecture, found.version, new=False, warnings=warnings)


def _former_digests(context: Context, brief: Brief) -> set[str]:
    """The brief's digests by other estimates of how long its notes take, by none, and without the extra `voice`."""
    return {
        new_settings(brief.inputs(models, as_long), brief.nodes()).digest()
        for models in (context.models_for(brief), context.default_models)
        for as_long in (seconds_to_say, seconds_at_mean, None)
    }
