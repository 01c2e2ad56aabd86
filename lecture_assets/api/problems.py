"""Why something was not done, as documents of the schema's problems. What clients are told names no file and no other lecture."""

from collections.abc import Mapping, Sequence
from typing import Any

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.runner.setup.money import usd


def problem(kind: str, message: str, **more: Any) -> dict[str, Any]:
    """Return a problem of a type of the schema: `LectureBusy` has the code `LECTURE_BUSY`."""
    code = "".join(f"_{letter}" if letter.isupper() and at else letter for at, letter in enumerate(kind)).upper()
    return {"__typename": kind, "code": code, "message": message, **more}


def invalid(error: WrongInputError) -> dict[str, Any]:
    """Return what is wrong with a request, one fault each."""
    faults = [_fault(fault) for fault in error.faults]
    message = "; ".join(f"{fault['where']}: found {fault['found']}; allowed: {fault['allowed']}" for fault in faults)
    return problem("InvalidEdit", message, faults=faults)


def _fault(fault: Fault) -> dict[str, str]:
    return {"where": fault.where, "found": fault.found, "allowed": fault.allowed}


def not_found(lecture: str) -> dict[str, Any]:
    """Return the problem of a lecture that the workspace does not have, whether another one has it or not."""
    return problem("LectureNotFound", "there is no such lecture", id=lecture)


def taken(lecture: str) -> dict[str, Any]:
    """Return the problem of an id that another lecture has."""
    return problem("LectureIdTaken", "another lecture has this id; nothing was changed", id=lecture)


def shadow(lecture: str) -> dict[str, Any]:
    """Return the problem of a lecture that is never made."""
    return problem("LectureIsShadow", "the lecture is a shadow, which is never made; nothing was queued (promote it)", id=lecture)


def conflict(expected: int, actual: int, since: Sequence[Any]) -> dict[str, Any]:
    """Return the problem of a lecture that changed before the request arrived."""
    message = f"the lecture is at version {actual}, but this request was for version {expected}; nothing was changed"
    return problem("LectureConflict", message, expected_version=expected, actual_version=actual, since=list(since))


def key_reused(client_key: str) -> dict[str, Any]:
    """Return the problem of a name that another request had."""
    message = "the clientKey was used for another request before; nothing was changed (send this one with a key of its own)"
    return problem("KeyReused", message, client_key=client_key)


def busy(message: str) -> dict[str, Any]:
    """Return the problem of something that can be done later."""
    return problem("LectureBusy", f"{message}; nothing was changed (try again)")


def ceiling(kind: str, allowed: int, committed: int, missing: int) -> dict[str, Any]:
    """Return the problem of a price that is not allowed."""
    whose = {"request": "this request", "lecture": "this lecture", "workspace": "this workspace", "month": "this month"}[kind]
    message = f"the ceiling of {whose} is {usd(allowed)}; {usd(missing)} is missing; nothing was queued"
    sums = {"allowed_usd_micros": allowed, "committed_usd_micros": committed, "missing_usd_micros": missing}
    return problem("CeilingReached", message, ceiling=kind, **sums)


def is_problem(answer: Mapping[str, Any]) -> bool:
    """Whether an answer is a problem, so that nothing was done."""
    return "code" in answer


def is_kept(answer: Mapping[str, Any]) -> bool:
    """Whether an answer is given again to whoever repeats the request: what was done, and to which system a lecture belongs."""
    return not is_problem(answer) or answer["__typename"] == "LectureLeftToLegacy"
