"""A request that has a name is done once: whoever sends it again, with the same input, gets the first answer.

Only what changed or decided something is kept: a problem is told again if it still is one, and the name may then be used for a
better request. While one process carries a request out, others wait for its answer; if it dies, one of them takes over, which is
harmless because what is done is the same again: a revision has its key, a lecture its id, bytes their digest.
"""

import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from lecture_assets.api.problems import busy, invalid, is_kept, key_reused
from lecture_assets.api.request import ApiRequest
from lecture_assets.graph.errors import KeyReusedError, LectureError, WrongInputError
from lecture_assets.graph.fingerprint import Json, digest
from lecture_assets.store import client_requests
from lecture_assets.store.client_requests import LEASE_S, Begun, ClientRequest, Standing, client_key_faults

_PATIENCE_S = 20.0
"""How long a repeated request waits for the answer to the first."""
_LOOK_S = 0.05


def once(
    request: ApiRequest, mutation: str, client_key: str | None, given: Json, work: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Return what the work answers, or what it answered when this request was made first. given: the input, as JSON."""
    request.refresh()
    try:
        return work() if client_key is None else _once(request, mutation, client_key, given, work)
    finally:
        request.refresh()


def _once(request: ApiRequest, mutation: str, client_key: str, given: Json, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    if faults := client_key_faults(client_key, "clientKey"):
        return invalid(WrongInputError(faults))
    mine = ClientRequest(request.context.workspace, mutation, client_key, digest(given), secrets.token_hex(16))
    begun = _begin(request, mine)
    match begun.standing:
        case Standing.ANSWERED:
            return dict(begun.answer)
        case Standing.REUSED:
            return key_reused(client_key)
        case Standing.UNDER_WAY:
            return busy("the same request is still being carried out")
        case Standing.MINE:
            return _carried_out(request, mine, work)


def _begin(request: ApiRequest, mine: ClientRequest) -> Begun:
    """Take the request over, or wait until somebody else has answered it."""
    database, until = request.context.database, time.monotonic() + _PATIENCE_S

    def begin() -> Begun:
        return database.writing(lambda c: client_requests.begin(c, mine, request.context.store_time(c)))

    begun = begin()
    if begun.standing is not Standing.UNDER_WAY:
        return begun
    with request.waiting():  # whoever carries it out may need the room
        while begun.standing is Standing.UNDER_WAY and time.monotonic() < until:
            time.sleep(_LOOK_S)
            begun = begin()
    return begun


def _carried_out(request: ApiRequest, mine: ClientRequest, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    context = request.context
    try:
        with _renewing(request, mine):
            answer = work()
    except KeyReusedError:  # before this table knew it, or under another mutation
        answer = key_reused(mine.client_key)
    except BaseException:
        with suppress(LectureError):  # the database is away: the lease ends by itself
            context.database.writing(lambda c: client_requests.forget(c, mine))
        raise
    if not is_kept(answer):
        context.database.writing(lambda c: client_requests.forget(c, mine))
        return answer
    context.database.writing(lambda c: client_requests.finish(c, mine, answer, context.store_time(c)))
    context.database.writing(lambda c: client_requests.prune(c, context.store_time(c)))
    return answer


@contextmanager
def _renewing(request: ApiRequest, mine: ClientRequest) -> Iterator[None]:
    """Keep the request for as long as this block lasts: an import may take minutes."""
    ended = threading.Event()
    context = request.context

    def renew() -> None:
        while not ended.wait(LEASE_S / 3):
            try:
                context.database.writing(lambda c: client_requests.renew(c, mine, context.store_time(c)))
            except LectureError:
                continue  # the database is away: the next turn tries again

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def plain(given: Any) -> Json:
    """Return input as JSON that can be compared."""
    if isinstance(given, Mapping):
        return {str(key): plain(value) for key, value in given.items()}
    if isinstance(given, list | tuple):
        return [plain(value) for value in given]
    return given  # type: ignore[no-any-return]
