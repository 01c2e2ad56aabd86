"""A lecture made elsewhere, described by a JSON file: brief, script and existing media, which are not opened here.

`schema` is "lecture-import/1". Everything except the narration of each segment may be omitted: descriptions of existing media
(their prompts) have plain defaults, and missing media can be made by a later run.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from lecture_assets.briefs.brief import INPUT_OF, MAX_TITLE, Brief, impossible, legible, worded
from lecture_assets.briefs.files import UnreadableFileError, bytes_of
from lecture_assets.briefs.json_lines import with_lines
from lecture_assets.briefs.rules import ANY_NAMES, Names, WrongValueError, checked, shown, unknown_key, wrong_parts
from lecture_assets.content import Effect
from lecture_assets.graph.edits import MAX_TEXT
from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Role
from lecture_assets.graph.lecture import MAX_IMAGES, MAX_SEGMENTS
from lecture_assets.graph.settings import LENGTHS
from lecture_assets.prose.refusals import allowed_by, found_by

MAX_BYTES = 10_000_000
"""The most bytes in the JSON: 99 segments of the longest texts in the script with the longest encoding."""
_BESIDE = "a file in the JSON file's folder or below it, given by its relative path, or an https:// URL"
_FILES = frozenset({"file", "recording"})
"""The keys that name media."""
_CONFIG = ConfigDict(frozen=True, extra="forbid", strict=True)
_Source = Annotated[str, Field(min_length=1, max_length=4_000, description="a file beside the JSON, or an https:// URL")]
_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT), AfterValidator(legible)]
_Title = Annotated[_Words, Field(max_length=MAX_TITLE), AfterValidator(worded)]


class AdoptedPicture(BaseModel):
    """A picture and the prompt it was made from."""

    model_config = _CONFIG
    prompt: _Words | None = None
    file: _Source | None = None


class AdoptedClip(BaseModel):
    """A clip and the direction it was made from."""

    model_config = _CONFIG
    direction: _Words | None = None
    file: _Source | None = None


class AdoptedMusic(BaseModel):
    """The music and the prompt it was made from."""

    model_config = _CONFIG
    prompt: _Words | None = None
    file: _Source | None = None


class AdoptedSegment(BaseModel):
    """One segment, in play order."""

    model_config = _CONFIG
    narration: _Words
    visual: _Words | None = None
    background_music: _Words = "as it was"
    effect: Annotated[Effect, Field(strict=False)] = Effect.NONE
    recording: _Source | None = None
    images: Annotated[tuple[AdoptedPicture, ...], Field(max_length=MAX_IMAGES, strict=False)] = ()
    starting_image: AdoptedPicture = AdoptedPicture()
    clip: AdoptedClip = AdoptedClip()

    @property
    def seen(self) -> str:
        """A description of what is shown, as far as one was given."""
        prompts = [picture.prompt for picture in (*self.images, self.starting_image) if picture.prompt]
        return self.visual or (prompts[0] if prompts else self.narration)


class ImportFile(BaseModel):
    """The file as written. brief: keys of a brief."""

    model_config = _CONFIG
    form: Literal["lecture-import/1"] = Field(alias="schema")
    id: str | None = None
    brief: dict[str, Any] = {}
    title: _Title
    summary: _Words | None = None
    segments: Annotated[tuple[AdoptedSegment, ...], Field(min_length=1, max_length=MAX_SEGMENTS, strict=False)]
    music: AdoptedMusic = AdoptedMusic()


_MODELS: Mapping[str, type[BaseModel]] = {
    "": ImportFile,
    "segments": AdoptedSegment,
    "images": AdoptedPicture,
    "starting_image": AdoptedPicture,
    "clip": AdoptedClip,
    "music": AdoptedMusic,
}


class Adopted(BaseModel):
    """The lecture, with a brief that has its numbers of segments and images.

    file:  the JSON file, with the media beside it
    asked: the lengths that the file's brief states, as inputs
    """

    model_config = ConfigDict(frozen=True)
    id: str
    brief: Brief
    title: str
    summary: str
    segments: tuple[AdoptedSegment, ...]
    music: AdoptedMusic
    file: Path
    asked: frozenset[str] = frozenset()


def read_adopted(path: Path, names: Names = ANY_NAMES) -> Adopted:
    """Read the lecture in a file. Raise WrongInputError listing every fault by its key."""
    document, text = _document(path)
    try:
        found = ImportFile.model_validate(document)
        faults = [Fault(where, stray, _BESIDE, str(path)) for where, stray in _strays(document, path.parent)]
        if not faults:
            return _adopted(found, names, path)
    except ValidationError as error:
        faults = [_fault(fault, path) for fault in _nearest(error.errors())]
    except WrongInputError as error:
        faults = list(error.faults)
    raise WrongInputError(with_lines(faults, text))


def _adopted(found: ImportFile, names: Names, path: Path) -> Adopted:
    """Return the lecture. WrongInputError lists what is wrong with its brief."""
    images = max(1, *(len(segment.images) for segment in found.segments))
    size: dict[str, Json] = {"num_segments": len(found.segments), "images_per_segment": images}
    if found.segments[0].clip.file or found.segments[0].starting_image.file:
        size["use_video"] = True
    values: dict[str, Json] = {"prompt": found.title, **size, **_checked(found, size, names, path)}
    return Adopted(
        id=found.id or path.stem,
        brief=Brief.model_validate(_nested(values)),
        title=found.title,
        summary=found.summary or found.title,
        segments=found.segments,
        music=found.music,
        file=path,
        asked=LENGTHS & {INPUT_OF.get(key) for key, value in found.brief.items() if value is not None},
    )


def _strays(value: Any, folder: Path, where: str = "") -> Iterator[tuple[str, str]]:
    """Yield each place where the document names a file outside the JSON file's folder, and a description of the file."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, (list, tuple)) else ()
    for key, part in parts:
        place = f"{where}.{key}".lstrip(".")
        if key in _FILES and isinstance(part, str):
            if why := _why_stray(part, folder):
                yield place, f"{shown(part)}, {why}"
        else:
            yield from _strays(part, folder, place)


def _why_stray(source: str, folder: Path) -> str:
    """Return why a path is outside the JSON file's folder, or an empty text; links are followed, but nothing is opened."""
    if "://" in source:
        return ""
    posix, windows = PurePosixPath(source), PureWindowsPath(source)
    if "\0" in source:
        return "which is not a valid file name"
    if posix.is_absolute() or windows.drive or windows.root:
        return "an absolute path"
    if source.startswith("~"):
        return "a path that starts in a home folder"
    if ".." in posix.parts or ".." in windows.parts:
        return "a path that leads out of the folder"
    try:
        is_inside = (folder / source).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # a link to itself, or a name that is too long
        is_inside = False
    return "" if is_inside else "a link that leads out of the folder"


def _document(path: Path) -> tuple[Any, str]:
    """Return what the file says, and its text. WrongInputError if it is not JSON."""
    allowed = "a JSON file in UTF-8, as described by `lectures import --help`"
    try:
        text = bytes_of(str(path), MAX_BYTES).decode("utf-8-sig")
        return json.loads(text), text
    except UnreadableFileError as error:
        raise WrongInputError([Fault("import", str(error), allowed, str(path))]) from None
    except UnicodeDecodeError:
        raise WrongInputError([Fault("import", "bytes that are not UTF-8", allowed, str(path))]) from None
    except (ValueError, RecursionError) as error:
        too_deep = "a number that is too long, or brackets nested too deeply"
        found, line = (error.msg, error.lineno) if isinstance(error, json.JSONDecodeError) else (too_deep, None)
        raise WrongInputError([Fault("import", found, allowed, str(path), line)]) from None


def _nearest(errors: Sequence[Any]) -> list[Any]:
    """Drop errors that only repeat that something inside them is wrong."""
    places = [error["loc"] for error in errors]
    return [e for e in errors if not any(len(place) > len(e["loc"]) and place[: len(e["loc"])] == e["loc"] for place in places)]


def _fault(error: Any, path: Path) -> Fault:
    place = list(error["loc"])
    where = ".".join(str(part) for part in place) or "the file"
    if error["type"] == "value_error":
        return Fault(where, str(error["ctx"]["error"]), "words, spaces and line breaks", str(path))
    known = error["type"] == "extra_forbidden"
    allowed = unknown_key(str(place[-1]), _keys(place[:-1])) if known else allowed_by(error)
    return Fault(where, found_by(error) or shown(error["input"]), allowed, str(path))


def _keys(place: Sequence[str | int]) -> Sequence[str]:
    """Return the keys that an object of the file may have, by its place."""
    names = [part for part in place if isinstance(part, str)]
    model = _MODELS[names[-1] if names else ""]
    return [field.alias or name for name, field in model.model_fields.items()]


def _checked(lecture: ImportFile, size: Mapping[str, Json], names: Names, path: Path) -> dict[str, Json]:
    """Return the values of the brief's keys, which must not contradict the segments.

    Where every segment has its recording nothing is to be spoken, so no speech model need have the voice or the language.
    """
    brief, is_spoken = lecture.brief, all(segment.recording for segment in lecture.segments)
    faults: list[Fault] = []
    values: dict[str, Json] = {}
    keys = [key for key in Brief.model_fields if key not in {"models", "title"}]
    for key, value in _flat(brief):
        if key not in keys and not key.startswith("models."):
            faults.append(Fault(f"brief.{key}", "an unknown key", unknown_key(key, keys), str(path)))
            continue
        try:
            faults += [replace(fault, where=f"brief.{fault.where}", file=str(path)) for fault in wrong_parts(key, value)]
            values[key] = {} if wrong_parts(key, value) else checked(key, value, names)
        except (WrongValueError, KeyError) as error:
            unknown = ("an unknown role", f"one of {', '.join(Role)}")
            found, allowed = (error.found, error.allowed) if isinstance(error, WrongValueError) else unknown
            faults.append(Fault(f"brief.{key}", found, allowed, str(path)))
    otherwise = [key for key in size.keys() & values.keys() if values[key] != size[key]]
    faults += [Fault(f"brief.{k}", shown(values[k]), f"{shown(size[k])}, to match the segments", str(path)) for k in otherwise]
    together = (*impossible({"prompt": "", **size, **values}), *(() if is_spoken else names.unfit(values)))
    faults += [Fault(f"brief.{w.key}", w.found, w.allowed, str(path)) for w in together]
    if faults:
        raise WrongInputError(faults)
    return values


def _flat(brief: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in brief.items():
        if key == "models" and isinstance(value, dict):
            yield from ((f"models.{role}", model) for role, model in value.items())
        else:
            yield key, value


def _nested(values: Mapping[str, Json]) -> dict[str, Any]:
    models = {key.removeprefix("models."): value for key, value in values.items() if key.startswith("models.")}
    return {key: value for key, value in values.items() if "." not in key} | {"models": models}
