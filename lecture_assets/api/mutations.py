"""What changes lectures. Each answers with what it did, or with a problem; a request that has a name is done once."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from graphql import GraphQLResolveInfo

from lecture_assets.api.attempt import attempt
from lecture_assets.api.brief_input import brief_of_input, derived_id
from lecture_assets.api.edit_input import edit_texts
from lecture_assets.api.import_input import adopted
from lecture_assets.api.lecture_view import LectureView, find_lecture
from lecture_assets.api.once import once, plain
from lecture_assets.api.request import ApiRequest, apart, current_request
from lecture_assets.api.rollout_fields import left_to_legacy
from lecture_assets.api.values import value_document
from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.kind import Holds
from lecture_assets.intake.own_medium import allowed_media
from lecture_assets.intake.unfit import UnfitMediumError
from lecture_assets.runner.change.uploads import UploadStaging
from lecture_assets.runner.reading.shapes import EditDocument
from lecture_assets.store import lecture_names, uploads

_MOST_BYTES = 1_000_000
"""The largest medium that a mutation takes."""


def _create(_root: Any, _info: GraphQLResolveInfo, **given: Any) -> dict[str, Any]:
    request, key = current_request(), given.pop("client_key", None)
    wanted = given.get("id")

    def create() -> dict[str, Any]:
        if left := left_to_legacy(request, given.get("rollout_key"), key, wanted):
            return dict(left)
        brief = brief_of_input(request, given["brief"])
        name = brief.title or brief.prompt or str(brief.notes)
        created = request.lectures.create(brief, derived_id(name, "createLecture", key) if wanted is None else wanted)
        answer = {"__typename": "LectureCreated", "key": created.key}
        return {**answer, "created": created.new, "warnings": list(created.warnings)}

    return once(request, "createLecture", key, plain(given), lambda: attempt(request, wanted or "", create))


def _import(_root: Any, _info: GraphQLResolveInfo, **given: Any) -> dict[str, Any]:
    request, key = current_request(), given.pop("client_key", None)
    found, wanted = given["lecture"], given.get("id")

    def adopt() -> dict[str, Any]:
        lecture = derived_id(found["title"], "importLecture", key) if wanted is None else wanted
        with adopted(request, found, lecture) as document, request.taking_long():
            done = apart(lambda: request.lectures.adopt(document, lecture, shadow=bool(given.get("shadow"))))
        answer = {"__typename": "LectureImported", "key": _key(request, done["lecture"])}
        return {**answer, "created": done["created"], "adopted": done["adopted"], "missing": done["missing"]}

    return once(request, "importLecture", key, plain(given), lambda: attempt(request, wanted or "", adopt))


def _edit(_root: Any, _info: GraphQLResolveInfo, **given: Any) -> dict[str, Any]:
    request, key, lecture = current_request(), given.pop("client_key", None), given["id"]

    def edit() -> dict[str, Any]:
        if not given["edits"]:
            raise WrongInputError([Fault("edits", "no edit", "at least one")])
        texts = edit_texts(request, given["edits"])
        request.refresh()
        return _edited(request, request.lectures.edit(lecture, texts, given.get("if_version"), key))

    return once(request, "editLecture", key, plain(given), lambda: _of_own(request, lecture, edit))


def _undo(_root: Any, _info: GraphQLResolveInfo, **given: Any) -> dict[str, Any]:
    return _restore("undo", "undoLectureEdit", **given)


def _redo(_root: Any, _info: GraphQLResolveInfo, **given: Any) -> dict[str, Any]:
    return _restore("redo", "redoLectureEdit", **given)


def _restore(word: str, mutation: str, **given: Any) -> dict[str, Any]:
    request, key, lecture = current_request(), given.pop("client_key", None), given["id"]

    def restore() -> dict[str, Any]:
        method = request.lectures.undo if word == "undo" else request.lectures.redo
        return _edited(request, method(lecture, given.get("if_version"), key and f"{word} {key}"))

    return once(request, mutation, key, plain(given), lambda: _of_own(request, lecture, restore))


def _edited(request: ApiRequest, done: EditDocument) -> dict[str, Any]:
    told: dict[str, Any] = {key: done[key] for key in ("version", "edits", "stale", "conflicts", "warnings", "shadow")}
    return {"__typename": "LectureEdited", "key": _key(request, done["lecture"]), **told}


def _key(request: ApiRequest, name: str) -> str | None:
    """Return the key of a lecture that was just changed; None if it was renamed or deleted since."""
    return lecture_names.find(request.connection, request.context.workspace, name)


def _copy(_root: Any, _info: GraphQLResolveInfo, **given: Any) -> dict[str, Any]:
    request, key = current_request(), given.pop("client_key", None)
    source, target = given["id"], given["new_id"]

    def copy() -> dict[str, Any]:
        texts = edit_texts(request, given.get("edits") or [])
        request.refresh()
        done = request.lectures.copy(source, target, texts)
        answer = {"__typename": "LectureCopied", "key": _key(request, done["lecture"]), "copied_from": done["copied_from"]}
        return {**answer, "created": done["created"], "stale": done["stale"], "warnings": done["warnings"]}

    return once(request, "copyLecture", key, plain(given), lambda: _of_own(request, source, copy, new=target))


def _rename(_root: Any, _info: GraphQLResolveInfo, **given: Any) -> dict[str, Any]:
    request, client_key, lecture, new = current_request(), given.pop("client_key", None), given["id"], given["new_id"]

    def rename() -> dict[str, Any]:
        key = _key(request, lecture)
        request.refresh()
        request.lectures.rename(lecture, new)
        return {"__typename": "LectureRenamed", "key": key, "was": lecture}

    work = partial(_of_own, request, lecture, rename, new=new)
    return once(request, "renameLecture", client_key, plain(given), work)


def _delete(_root: Any, _info: GraphQLResolveInfo, **given: Any) -> dict[str, Any]:
    request, client_key, lecture = current_request(), given.pop("client_key", None), given["id"]

    def delete() -> dict[str, Any]:
        request.lectures.delete(lecture)
        return {"__typename": "LectureDeleted", "id": lecture}

    return once(request, "deleteLecture", client_key, plain(given), lambda: _of_own(request, lecture, delete))


def _of_own(request: ApiRequest, lecture: str, work: Callable[[], dict[str, Any]], **more: Any) -> dict[str, Any]:
    """Do something with a lecture of the workspace."""
    return attempt(request, lecture, work, is_own=find_lecture(request, lecture) is not None, **more)


def _upload(_root: Any, _info: GraphQLResolveInfo, **given: Any) -> dict[str, Any]:
    request, key = current_request(), given.pop("client_key", None)
    holds = Holds(given["sort"])

    def upload() -> dict[str, Any]:
        context, content = request.context, _decoded(given["base64"])
        with request.taking_long(), context.artifacts.shared(), UploadStaging(context) as staging:
            path = staging.folder() / "upload"
            path.write_bytes(content)
            try:
                value: Any = staging.inspect(path, holds)
            except UnfitMediumError as error:
                raise WrongInputError([Fault("base64", str(error), allowed_media(holds))]) from error
            staging.keep()
        with context.database.write() as connection:
            now = context.store_time(connection)
            uploads.add(connection, context.workspace, value["sha256"], holds, now)
            uploads.prune(connection, context.workspace, now)
        return {"__typename": "MediumUploaded", "sha256": value["sha256"], "medium": value_document(holds, value)}

    return once(request, "uploadMedium", key, plain(given), lambda: attempt(request, "", upload))


def _decoded(text: str) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise WrongInputError([Fault("base64", "no Base64", "the bytes of a medium in Base64")]) from None
    if not 0 < len(content) <= _MOST_BYTES:
        raise WrongInputError([Fault("base64", f"{len(content):,} bytes", f"1 to {_MOST_BYTES:,} bytes")])
    return content


def changed_lecture(answer: Mapping[str, Any], _info: GraphQLResolveInfo) -> LectureView | None:
    """Resolve `lecture` of what a mutation answers."""
    return None if answer["key"] is None else find_lecture(current_request(), key=answer["key"])


_CHANGED: Sequence[str] = ("LectureCreated", "LectureImported", "LectureEdited", "LectureCopied", "LectureRenamed")
MUTATION_FIELDS: Mapping[str, Mapping[str, Callable[..., Any]]] = {
    "Mutation": {
        "createLecture": _create,
        "importLecture": _import,
        "editLecture": _edit,
        "undoLectureEdit": _undo,
        "redoLectureEdit": _redo,
        "copyLecture": _copy,
        "renameLecture": _rename,
        "deleteLecture": _delete,
        "uploadMedium": _upload,
    },
    **{name: {"lecture": changed_lecture} for name in _CHANGED},
}
"""Resolvers by type and field."""
