"""Make a shadow a lecture like any other. Buys nothing: what is stale is made by the next regeneration."""

from typing_extensions import TypedDict

from lecture_assets.graph.errors import Fault, RefusedError, WrongInputError
from lecture_assets.runner.reading.shadow_price import priced
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import lectures, shadows

_ATTEMPTS = 5
"""How often a promotion follows a shadow that is edited before its last edit is priced."""


class PromotedDocument(TypedDict):
    """The output of `promote`. promoted: false if it was no shadow."""

    lecture: str
    promoted: bool


class PaidDocument(TypedDict):
    """The output of `shadow paid`. legacy: what the other system paid for the edit that made the version."""

    lecture: str
    version: int
    legacy_usd_micros: int


def promote_lecture(context: Context, lecture: str) -> bool:
    """Promote a lecture, by its key. False if it is no shadow. RefusedError if it is edited all the time."""
    for _ in range(_ATTEMPTS):
        priced(context, lecture)
        with context.database.write() as connection:
            version = lectures.version_of(connection, lecture, lock=True)
            if version == 1 or not shadows.is_shadow(connection, lecture) or shadows.price_of(connection, lecture, version):
                return shadows.promote(connection, lecture)
    message = f"lecture {lecture} is being edited so often that its last edit was not priced; nothing was changed (try again)"
    raise RefusedError(message)


def put_legacy_cost(context: Context, lecture: str, version: int, usd_micros: int) -> None:
    """Write down what the other system paid for the edit of a version. WrongInputError unless a shadow was edited to it."""
    if usd_micros < 0:
        raise WrongInputError([Fault("costUsdMicros", str(usd_micros), "0 or more")])
    priced(context, lecture)
    with context.database.write() as connection:
        if not shadows.put_legacy(connection, lecture, version, usd_micros):
            raise WrongInputError([Fault("version", str(version), "a version that an edit of a shadow made, from 2")])
