"""Make a shadow a lecture like any other. Buys nothing: what is stale is made by the next regeneration."""

from typing_extensions import TypedDict

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.runner.reading.shadow_price import priced
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import lectures, shadows


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
    """Promote a lecture, by its key. False if it is no shadow."""
    priced(context, lecture)
    with context.database.write() as connection:
        lectures.version_of(connection, lecture, lock=True)
        return shadows.promote(connection, lecture)


def put_legacy_cost(context: Context, lecture: str, version: int, usd_micros: int) -> None:
    """Write down what the other system paid for the edit of a version. WrongInputError unless a shadow was edited to it."""
    priced(context, lecture)
    with context.database.write() as connection:
        if not shadows.put_legacy(connection, lecture, version, usd_micros):
            raise WrongInputError([Fault("version", str(version), "a version that an edit of a shadow made, from 2")])
