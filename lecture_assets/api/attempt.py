"""What a refusal of the runner is to a client: a problem that says the same and names nothing of others."""

from collections.abc import Callable
from typing import Any

from lecture_assets.api.problems import busy, conflict, invalid, not_found, problem, shadow, taken
from lecture_assets.api.request import ApiRequest, CrowdedError
from lecture_assets.graph.errors import (
    BusyError,
    ConflictError,
    IdTakenError,
    KeyReusedError,
    NothingToRestoreError,
    RefusedError,
    ShadowError,
    UnknownLectureError,
    WrongInputError,
)
from lecture_assets.runner.reading.listing import revisions
from lecture_assets.store import lecture_names

_MOST_SINCE = 100


def attempt(
    request: ApiRequest,
    lecture: str,
    work: Callable[[], dict[str, Any]],
    *,
    is_own: bool = True,
    new: str | None = None,
) -> dict[str, Any]:
    """Return what the work answers, or the problem that it ran into.

    lecture: what it is done with; new: the id that a lecture gets by that, if another
    """
    if not is_own:
        return not_found(lecture)
    request.refresh()
    try:
        return work()
    except UnknownLectureError:
        return not_found(lecture)
    except WrongInputError as error:
        return invalid(error)
    except ShadowError:
        return shadow(lecture)
    except KeyReusedError:
        raise  # `once` knows the key
    except RefusedError as error:
        request.refresh()
        return _refused(request, lecture if new is None else new, error)


def _refused(request: ApiRequest, lecture: str, error: RefusedError) -> dict[str, Any]:
    match error:
        case ConflictError():
            return _conflict(request, lecture, error)
        case NothingToRestoreError():
            return problem("NothingToRestore", "there is nothing to undo or to redo; nothing was changed")
        case IdTakenError():
            return taken(lecture)
        case CrowdedError():
            return busy("others are uploading and importing just now")
        case BusyError():
            return busy("the lecture is being regenerated")
        case _:
            return busy("the lecture is being changed by others just now")


def _conflict(request: ApiRequest, lecture: str, error: ConflictError) -> dict[str, Any]:
    key = lecture_names.find(request.connection, request.context.workspace, lecture)
    if key is None:
        return not_found(lecture)
    return conflict(error.expected, error.actual, revisions(request.connection, key, error.expected, _MOST_SINCE))
