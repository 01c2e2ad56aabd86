"""Owners of assets: what is accepted is what Dagster accepts, and anything else is named at the start."""

import pytest
from dagster._core.definitions.utils import is_valid_owner

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.runner.setup.environment import check_environment
from lecture_assets.runner.setup.owners import owners_of


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        ("", []),
        (" , ", []),
        ("team:content", ["team:content"]),
        ("team:content, mia.o+x@mail.example.org,", ["team:content", "mia.o+x@mail.example.org"]),
    ],
)
def test_owners_are_read_and_dagster_accepts_them(text: str, owners: list[str]) -> None:
    assert owners_of({"LECTURES_OWNERS": text}) == owners
    assert all(map(is_valid_owner, owners))


@pytest.mark.parametrize("text", ["mia", "team:", "team:a b", "@example.org", "a@b", ".a@b.org", "team:content;a@b.org"])
def test_anything_else_is_named_with_what_is_allowed(text: str) -> None:
    with pytest.raises(WrongInputError, match=r"^LECTURES_OWNERS: found '.+'; allowed: e-mail addresses and teams, like [^\n]+$"):
        check_environment({"LECTURES_OWNERS": text})
