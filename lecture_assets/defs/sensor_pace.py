"""How often sensors are evaluated: rarely, where another process does their work at once (`dev_daemon.py`)."""

from collections.abc import Mapping

VARIABLE, RARE = "LECTURES_SENSORS", "rare"


def is_rare(environ: Mapping[str, str]) -> bool:
    """Whether another process does the sensors' work at once."""
    return environ.get(VARIABLE) == RARE


def pace_of(environ: Mapping[str, str]) -> Mapping[str, str]:
    """What other processes need in their environment, so that they agree with this one."""
    return {VARIABLE: environ[VARIABLE]} if VARIABLE in environ else {}
