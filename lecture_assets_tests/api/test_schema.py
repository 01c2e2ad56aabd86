"""The schema is documented to the bottom, is the one that is kept, breaks no client, and lives beside Dagster's."""

from typing import Any

import pytest
from dagster_graphql.schema import create_schema
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    get_named_type,
    graphql_sync,
    parse,
    validate_schema,
)

from lecture_assets.api.schema import added_to, api_schema, is_own, own_fields, sdl, snake
from lecture_assets_tests.api.contract import KEPT, broken, clashing, printed

OURS = api_schema()
TYPES = {name: found for name, found in OURS.type_map.items() if not name.startswith("__")}
STANDARD = {"Boolean", "Float", "ID", "Int", "String"}
ROOTS = {"Query", "Mutation", "Subscription"}


@pytest.fixture(scope="module")
def dagsters() -> GraphQLSchema:
    schema: GraphQLSchema = create_schema().graphql_schema
    return schema


def test_the_schema_is_valid_and_documented_field_by_field() -> None:
    assert validate_schema(OURS) == []
    bare = []
    for name, found in TYPES.items():
        if name not in {*ROOTS, *STANDARD} and not found.description:
            bare.append(name)
        if isinstance(found, GraphQLEnumType):
            bare += [f"{name}.{value}" for value, about in found.values.items() if not about.description]
        if isinstance(found, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            bare += [f"{name}.{field}" for field, about in found.fields.items() if not about.description]
        if isinstance(found, GraphQLObjectType):
            for field, about in found.fields.items():
                bare += [f"{name}.{field}({argument})" for argument, one in about.args.items() if not one.description]
    assert bare == []


@pytest.mark.slow
def test_it_is_the_one_that_is_kept_and_breaks_no_client() -> None:
    kept = KEPT.read_text(encoding="utf-8")
    assert broken(kept) == []
    assert printed() == kept, "python -m lecture_assets_tests.api.contract keeps it anew"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  title: String\n", "  heading: String\n"),
        ("\n  version: Int!\n", "\n  version: Int\n"),
        ("first: Int!", "first: Int!, also: Int!"),
        (" | LectureBusy", ""),
    ],
)
def test_what_breaks_a_client_is_found(before: str, after: str) -> None:
    changed = build_schema(printed().replace(before, after, 1))
    assert broken(printed(), changed) != []


@pytest.mark.slow
def test_a_new_problem_of_a_union_is_no_broken_client() -> None:
    text = printed().replace("union DeleteLectureResult = ", "union DeleteLectureResult = PlanChanged | ")
    assert broken(printed(), build_schema(text)) == []


def test_every_problem_is_one_and_names_its_code() -> None:
    problem = TYPES["Problem"]
    assert isinstance(problem, GraphQLInterfaceType)
    for name, found in TYPES.items():
        if isinstance(found, GraphQLUnionType) and name.endswith("Result"):
            first, *problems = found.types
            assert problem not in first.interfaces
            assert all(problem in one.interfaces for one in problems)
    for one in OURS.get_implementations(problem).objects:
        assert one.fields["code"].description == snake(one.name).upper()


def test_fields_of_one_name_in_a_union_have_one_type() -> None:
    assert list(clashing(OURS)) == []


def test_lists_that_may_be_long_come_in_pages() -> None:
    for name, found in TYPES.items():
        for field, about in getattr(found, "fields", {}).items():
            if get_named_type(about.type).name.endswith("Connection"):
                assert str(about.args["first"].type) == "Int!", f"{name}.{field}"


def test_no_name_is_dagsters(dagsters: GraphQLSchema) -> None:
    assert TYPES.keys() & dagsters.type_map.keys() - ROOTS == STANDARD
    for name in ("Query", "Mutation"):
        theirs: Any = dagsters.type_map[name]
        assert not own_fields(sdl())[name] & theirs.fields.keys()


def test_beside_dagsters_fields_both_are_answered(dagsters: GraphQLSchema) -> None:
    both = added_to(dagsters)
    assert validate_schema(both) == []
    assert "lecture" in both.type_map["Query"].fields  # type: ignore[attr-defined]
    names = '{ __type(name: "LectureNode") { fields { name } } other: __type(name: "Run") { name } }'
    found = graphql_sync(both, names).data
    assert found is not None
    assert found["other"] == {"name": "Run"}
    assert {"name": "status"} in found["__type"]["fields"]


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("{ lecture(id: 1) { id } }", True),
        ("{ __typename lectures(first: 1) { items { id } } }", True),
        ("query { ...a } fragment a on Query { ... { voices { voice } } }", True),
        ("mutation { deleteLecture(id: 1) { __typename } }", True),
        ("subscription { lectureProgress(id: 1) { number } }", True),
        ("{ version }", False),
        ("{ version lecture(id: 1) { id } }", False),
        ("query { ...a } fragment a on Query { lecture(id: 1) { id } version }", False),
        ("query { ...a } fragment a on Query { ...a }", False),
        ("{ __schema { types { name } } }", False),
        ("{ __typename }", False),
        ("query a { lecture(id: 1) { id } } query b { version }", False),
    ],
)
def test_what_asks_for_our_fields_alone_is_known_by_its_names(text: str, ours: bool) -> None:  # noqa: FBT001 - a table
    assert is_own(parse(text)) is ours


@pytest.mark.parametrize(
    ("literal", "answer"), [("7", 7), ("9007199254740991", 2**53 - 1), ("9007199254740992", None), ("1.5", None), ('"7"', None)]
)
def test_money_is_a_whole_number_that_json_keeps(literal: str, answer: int | None) -> None:
    scalar: Any = TYPES["UsdMicros"]
    text = f'mutation {{ regenerateLecture(id: "x", maxCostUsdMicros: {literal}) {{ __typename }} }}'
    errors = [error.message for error in graphql_sync(OURS, text).errors or [] if "UsdMicros" in error.message]
    assert bool(errors) == (answer is None)
    if answer is not None:
        assert scalar.serialize(answer) == scalar.parse_value(answer) == answer
