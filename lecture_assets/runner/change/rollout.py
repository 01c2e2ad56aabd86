"""The rule of a workspace that says which system new lectures belong to (`store/rollouts.py`). Creates no lecture."""

from collections.abc import Sequence

from typing_extensions import TypedDict

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import rollouts
from lecture_assets.store.rollouts import LectureSystem, RolloutAnswer, RolloutReason

LONGEST_KEY = 200
MOST_KEYS = 10_000
"""The most keys that a workspace decides one by one."""


class RolloutKeyDocument(TypedDict):
    """A key that a person decided about."""

    key: str
    system: LectureSystem


class RolloutDocument(TypedDict):
    """The output of `rollout show` and `rollout set`. percent: null without a rule: everything is made here."""

    workspace: str
    percent: int | None
    keys: list[RolloutKeyDocument]


class RolloutAnswerDocument(TypedDict):
    """The output of `rollout ask`."""

    key: str
    system: LectureSystem
    because: RolloutReason


def set_rollout(
    context: Context,
    percent: int | None = None,
    *,
    allow: Sequence[str] = (),
    deny: Sequence[str] = (),
    forget: Sequence[str] = (),
) -> None:
    """Change the rule of a workspace: what is not given stays as it is. WrongInputError lists everything that is wrong.

    percent: 0 to 100; a new rule without one has 100
    allow, deny: keys whose lectures are made here, or by the other system, whatever the percentage
    forget: keys about which the percentage decides again
    """
    faults = [*_faults(percent, {"allow": allow, "deny": deny, "forget": forget})]
    if faults:
        raise WrongInputError(faults)
    with context.database.write() as connection:
        rollouts.put(connection, context.workspace, percent)
        rollouts.decide(connection, context.workspace, forget, None)
        rollouts.decide(connection, context.workspace, allow, LectureSystem.GRAPH)
        rollouts.decide(connection, context.workspace, deny, LectureSystem.LEGACY)
        number = rollouts.count_decided(connection, context.workspace)
        if number > MOST_KEYS:
            raise WrongInputError([Fault("allow, deny", f"{number:,} keys in all", f"at most {MOST_KEYS:,}")])


def _faults(percent: int | None, lists: dict[str, Sequence[str]]) -> Sequence[Fault]:
    faults = []
    if percent is None and not any(lists.values()):
        faults.append(Fault("rollout", "nothing to set", "a percentage, or keys to allow, to deny or to forget"))
    if percent is not None and not 0 <= percent <= 100:  # noqa: PLR2004 - a percentage
        faults.append(Fault("percent", str(percent), "0 to 100"))
    for name, keys in lists.items():
        faults += [Fault(name, f"a key of {len(key)} characters", f"1 to {LONGEST_KEY}") for key in keys if not _is_key(key)]
        if len(keys) > MOST_KEYS:
            faults.append(Fault(name, f"{len(keys):,} keys", f"at most {MOST_KEYS:,}"))
    chosen = [key for keys in lists.values() for key in set(keys)]
    twice = sorted({key for key in chosen if chosen.count(key) > 1}) if len(chosen) <= MOST_KEYS else []
    return [*faults, *(Fault("rollout", f"{key!r} more than once", "allow, deny or forget") for key in twice)]


def _is_key(key: str) -> bool:
    return 1 <= len(key) <= LONGEST_KEY


def ask_rollout(context: Context, key: str) -> RolloutAnswer:
    """Return which system makes the lectures of a key. WrongInputError for an impossible key."""
    if not _is_key(key):
        raise WrongInputError([Fault("rolloutKey", f"{len(key)} characters", f"1 to {LONGEST_KEY}")])
    return context.database.reading(lambda connection: rollouts.answer(connection, context.workspace, key))


def rollout_document(context: Context) -> RolloutDocument:
    """Return the rule of a workspace."""
    with context.database.read() as connection:
        percent = rollouts.percent_of(connection, context.workspace)
        keys = rollouts.decided(connection, context.workspace, MOST_KEYS)
    return {"workspace": context.workspace, "percent": percent, "keys": [{"key": key, "system": system} for key, system in keys]}
