"""A typed brief, checked as a brief file is."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from lecture_assets.api.request import ApiRequest
from lecture_assets.briefs.brief import Brief
from lecture_assets.briefs.lecture_id import MAX_ID, slug
from lecture_assets.briefs.pronunciations import WrongEntry, without_duplicates
from lecture_assets.briefs.reading import brief_from_values
from lecture_assets.briefs.rules import LEXICON, place_of
from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.fingerprint import Json, digest
from lecture_assets.runner.setup.names import CatalogueNames

_SUFFIX = 8
"""Hexadecimal digits that tell lectures of one title apart."""


def brief_of_input(request: ApiRequest, given: Mapping[str, Any]) -> Brief:
    """Return the brief. WrongInputError has a fault for each wrong value."""
    return brief_from_values(brief_values(given), CatalogueNames(request.context.catalogue))


def brief_values(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values by the keys of a brief. WrongInputError for a null, which is no value."""
    flat = {key: value for key, value in given.items() if key != "models"}
    flat |= {f"models.{role}": model for role, model in (given.get("models") or {}).items()}
    nulls = [key for key, value in flat.items() if value is None]
    if nulls:
        raise WrongInputError([Fault(key, "null", "a value, or leave the field out") for key in nulls])
    return flat if LEXICON not in flat else {**flat, LEXICON: lexicon_of_input(flat[LEXICON])}


def lexicon_of_input(entries: Sequence[Mapping[str, str]]) -> dict[str, Json]:
    """Return the lexicon that is a list of `{show, say}`. WrongInputError if a word is shown twice."""
    lexicon = without_duplicates([(entry["show"], entry["say"]) for entry in entries])
    if isinstance(lexicon, WrongEntry):
        raise WrongInputError([Fault(place_of(lexicon.entry), lexicon.found, lexicon.allowed)])
    return lexicon


def derived_id(name: str, mutation: str, client_key: str | None) -> str:
    """Derive a lecture's id from its title or prompt: for the same request always the same, for another one another."""
    suffix = secrets.token_hex(_SUFFIX // 2) if client_key is None else digest([mutation, client_key])[:_SUFFIX]
    return f"{slug(name)[: MAX_ID - _SUFFIX - 1].rstrip('-')}-{suffix}"
