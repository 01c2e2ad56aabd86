"""Access tokens: of a workspace, with a role, hashed; shown once, rotated with an overlap, revoked at once."""

import random
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, select

from lecture_assets.store import tokens
from lecture_assets.store.database import Database
from lecture_assets.store.schema import tokens as table
from lecture_assets.store.tokens import AccessRole, Grant

GRANT = Grant("one", AccessRole.EDIT, "the editor")


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.write() as connection:
        yield connection


def id_of(token: str) -> str:
    return token.split("_")[1]


def test_a_token_is_found_by_its_text_alone(connection: Connection) -> None:
    token = tokens.create(connection, GRANT, now=10.0)
    found = tokens.authenticate(connection, token, 11.0)
    assert found is not None
    assert (found.id, found.workspace, found.role, found.label) == (id_of(token), "one", AccessRole.EDIT, "the editor")
    assert tokens.of_workspace(connection, "one") == [found]
    assert tokens.of_workspace(connection, "two") == []


def test_no_secret_is_stored(connection: Connection) -> None:
    token = tokens.create(connection, GRANT, now=10.0)
    secret = token.split("_", 2)[2]
    assert secret not in str(connection.execute(select(table)).all())


def test_whatever_is_no_token_is_none(connection: Connection) -> None:
    token = tokens.create(connection, GRANT, now=10.0)
    other = tokens.create(connection, GRANT, now=10.0)
    dice = random.Random(1)  # noqa: S311 - a test's dice
    changed = [token[:place] + dice.choice("abcXYZ019_- \n\0é") + token[place + 1 :] for place in range(len(token))]
    mixed = f"lect_{id_of(token)}_{other.split('_', 2)[2]}"
    for text in ("", "lect", "lect__", mixed, f"{token}\n", f" {token}", token.upper(), token[:-1], f"{token}x", *changed):
        assert (tokens.authenticate(connection, text, 11.0) is not None) == (text == token), text


def test_an_expired_or_revoked_token_is_none(connection: Connection) -> None:
    token = tokens.create(connection, Grant("one", AccessRole.READ, "", expires_at=20.0), now=10.0)
    assert tokens.authenticate(connection, token, 19.9)
    assert tokens.authenticate(connection, token, 20.0) is None
    lasting = tokens.create(connection, GRANT, now=10.0)
    assert not tokens.revoke(connection, "two", id_of(lasting), 15.0)
    assert tokens.authenticate(connection, lasting, 15.0)
    assert tokens.revoke(connection, "one", id_of(lasting), 15.0)
    assert tokens.authenticate(connection, lasting, 15.0) is None
    assert tokens.rotate(connection, "one", id_of(lasting), 16.0, 30.0) is None
    assert tokens.revoke(connection, "one", id_of(lasting), 99.0)
    assert {token.revoked_at for token in tokens.of_workspace(connection, "one")} == {None, 15.0}


def test_after_a_rotation_both_secrets_are_valid_for_a_while(connection: Connection) -> None:
    token = tokens.create(connection, GRANT, now=10.0)
    assert tokens.rotate(connection, "two", id_of(token), 11.0, 20.0) is None
    new = tokens.rotate(connection, "one", id_of(token), 11.0, 20.0)
    assert new is not None
    assert id_of(new) == id_of(token)
    for now, valid in ((12.0, {token, new}), (20.0, {new})):
        assert {text for text in (token, new) if tokens.authenticate(connection, text, now)} == valid


def test_roles_include_those_before_them() -> None:
    allowed = [sum(role.allows(wanted) for wanted in AccessRole) for role in AccessRole]
    assert allowed == [1, 2, 3, 4, 5]
    assert AccessRole.SPEND.allows(AccessRole.EDIT)
    assert not AccessRole.EDIT.allows(AccessRole.SPEND)
