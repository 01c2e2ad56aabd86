"""The language of injected failures."""

import pytest

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.graph.kind import Role
from lecture_assets.ports import FailureKind
from lecture_assets.providers.simulated.faults import Clause, Faults, lost_reply, parse_faults, refusal


def outcomes(text: str, *roles: Role) -> list[str | None]:
    faults = Faults(parse_faults(text))
    return [faults.of_next_call(role) for role in roles]


def test_a_clause_is_read_with_its_count_and_place() -> None:
    assert parse_faults("image:503*2, speech:timeout@3,any:402*4@2,") == (
        Clause(Role.IMAGE, "503", 2, 1),
        Clause(Role.SPEECH, "timeout", 1, 3),
        Clause(None, "402", 4, 2),
    )
    assert parse_faults("") == ()


@pytest.mark.parametrize(
    "text",
    [
        "image",
        "image:",
        "image:503*",
        "image:503*0",
        "image:200",
        "image:600",
        "picture:503",
        "image:boom",
        "image:503@0",
        "text:503**2",
    ],
)
def test_an_invalid_clause_is_named_with_the_grammar(text: str) -> None:
    with pytest.raises(WrongInputError) as wrong:
        parse_faults(f"speech:timeout,{text}")
    [fault] = wrong.value.faults
    assert (fault.where, fault.found) == ("LECTURES_SIM_FAULTS", repr(text))
    assert "role:fault[*count][@nth]" in fault.allowed


def test_a_fault_affects_only_the_calls_it_counts() -> None:
    image, speech = Role.IMAGE, Role.SPEECH
    assert outcomes("image:503*2,speech:timeout@3", image, speech, image, speech, image, speech, speech) == [
        *("503", None, "503", None),
        *(None, "timeout", None),
    ]


def test_any_counts_the_calls_of_all_roles_together() -> None:
    assert outcomes("any:reset@2", Role.TEXT, Role.IMAGE, Role.TEXT) == [None, "reset", None]


def test_the_first_matching_clause_applies() -> None:
    assert outcomes("text:500,any:429*2", Role.TEXT, Role.TEXT, Role.TEXT) == ["500", "429", None]


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        ("429", FailureKind.RETRYABLE, "429"),
        ("503", FailureKind.RETRYABLE, "503"),
        ("402", FailureKind.QUOTA, "402"),
        ("400", FailureKind.NOT_RETRYABLE, "400"),
        ("timeout", FailureKind.RETRYABLE, "timeout"),
        ("reset", FailureKind.RETRYABLE, "reset"),
        ("moderation", FailureKind.MODERATION, "content_policy"),
    ],
)
def test_a_refused_call_says_what_to_do_next_and_was_not_sent(fault: str, kind: FailureKind, code: str) -> None:
    error = refusal(fault)
    assert (error.kind, error.code, error.sent) == (kind, code, False)


def test_a_lost_reply_may_have_been_a_purchase() -> None:
    assert (lost_reply().kind, lost_reply().sent) == (FailureKind.AMBIGUOUS, True)
