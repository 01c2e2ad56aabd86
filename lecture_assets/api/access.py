"""Who sends a request, by its access token, and what they may do: one place for all operations.

A token is of one workspace and sees nothing of others. A server on loopback also answers requests without a token, as the person
who started it: whoever can reach it can use the command line, too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo

from lecture_assets.api.budget import Budgets
from lecture_assets.api.request import current_request
from lecture_assets.runner.lectures import Lectures
from lecture_assets.store import tokens
from lecture_assets.store.tokens import AccessRole

_LONGEST = 200
ROLES: Mapping[str, AccessRole] = {
    "createLecture": AccessRole.EDIT,
    "importLecture": AccessRole.EDIT,
    "importLectures": AccessRole.EDIT,
    "cancelLectureImport": AccessRole.EDIT,
    "recordLegacyCost": AccessRole.EDIT,
    "editLecture": AccessRole.EDIT,
    "undoLectureEdit": AccessRole.EDIT,
    "redoLectureEdit": AccessRole.EDIT,
    "copyLecture": AccessRole.EDIT,
    "renameLecture": AccessRole.EDIT,
    "uploadMedium": AccessRole.EDIT,
    "regenerateLecture": AccessRole.SPEND,
    "cancelRegeneration": AccessRole.SPEND,
    "promoteLecture": AccessRole.SPEND,
    "deleteLecture": AccessRole.ADMIN,
    "setRollout": AccessRole.ADMIN,
}
"""What each mutation takes; everything else takes `read`."""


class ForbiddenError(GraphQLError):
    """The token's role does not allow a mutation."""

    def __init__(self, wanted: AccessRole) -> None:
        """Name the role that would."""
        super().__init__(f"this takes a token with the role {wanted}", extensions={"code": "FORBIDDEN"})


@dataclass(frozen=True, slots=True)
class Principal:
    """Who sends a request: the lectures of their workspace, what they may do with them, and whose budget it is."""

    lectures: Lectures
    role: AccessRole
    sender: str = ""


class Access:
    """Knows who sends a request, and how much they may still ask for."""

    def __init__(
        self, lectures: Lectures, *, is_open: bool, is_behind_login: bool = False, budgets: Budgets | None = None
    ) -> None:
        """Remember who else may send requests.

        is_open:         those without a token
        is_behind_login: those that passed a proxy's login, whose `Authorization` arrives here and is no business of ours
        budgets:         of another way to the same server
        """
        self.budgets = budgets or Budgets(lectures.context.api_rates)
        self._lectures, self._is_behind_login = lectures, is_behind_login
        self._anyone = Principal(lectures, AccessRole.ADMIN) if is_open else None

    def of(self, authorization: str | None) -> Principal | None:
        """Return who sends a request with this header; None if nobody may. Waits for the database."""
        if authorization is None or (self._is_behind_login and not is_bearer(authorization)):
            return self._anyone
        text = authorization.partition(" ")[2]
        if not is_bearer(authorization) or len(text) > _LONGEST:
            return None
        context = self._lectures.context
        token = context.database.reading(lambda c: tokens.authenticate(c, text.strip(), context.store_time(c)))
        if token is None:
            return None
        return Principal(Lectures(replace(context, workspace=token.workspace)), token.role, token.id)


def is_bearer(authorization: str) -> bool:
    """Whether a header carries an access token, rather than a login of another scheme."""
    return authorization.partition(" ")[0].lower() == "bearer"


def requiring(name: str, resolve: Callable[..., Any]) -> Callable[..., Any]:
    """Return the resolver of a mutation; it raises ForbiddenError unless the request's role allows the mutation."""
    wanted = ROLES[name]

    def checked(root: Any, info: GraphQLResolveInfo, **given: Any) -> Any:
        if not current_request().role.allows(wanted):
            raise ForbiddenError(wanted)
        return resolve(root, info, **given)

    return checked
