"""Who sees that a person at Dagster's webserver is one of the operators, where others than this machine reach it."""

from collections.abc import Mapping

from lecture_assets.graph.errors import Fault, WrongInputError

LOGIN = "LECTURES_LOGIN"
_PROXY = "proxy"


def has_proxy_login(environ: Mapping[str, str]) -> bool:
    """Parse `LECTURES_LOGIN`: `proxy` if a proxy does it, `token` if the webserver has to. WrongInputError for anything else."""
    given = environ.get(LOGIN) or "token"
    if given not in {"token", _PROXY}:
        raise WrongInputError([Fault(LOGIN, repr(given[:100]), "token or proxy")])
    return given == _PROXY
