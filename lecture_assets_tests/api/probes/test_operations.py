"""The probes are of everything there is: what is added to the schema, or to the server's routes, is probed or fails here."""

import pytest
from graphql import GraphQLSchema, GraphQLUnionType, build_schema, get_named_type, parse, print_schema, validate

from lecture_assets.api.schema import api_schema
from lecture_assets.api.server import api_app
from lecture_assets_tests.api.probes.operations import NAMED, given, operations
from lecture_assets_tests.api.serving import ServedApi

ROUTES = {"/graphql", "/lectures/health", "/lectures/ready"}
"""What the server has, and the probes send requests to (`test_tenants.py`, `test_exposures.py`)."""
REST_ROUTES = {
    "/api/lectures",
    "/api/lectures/{lecture}",
    "/api/lectures/{lecture}/plan",
    "/api/lectures/{lecture}/regenerate",
    "/api/lectures/{lecture}/cancel",
    "/api/lectures/{lecture}/timeline",
    "/api/lectures/{lecture}/events",
    "/lectures/{lecture}/events",
    "/api/media/{sha256}",
    "/api/openapi.json",
    "/api/{rest:path}",
}
"""What is attacked in `test_foreign_routes.py`."""
ALWAYS = {"InvalidEdit", "KeyReused", "LectureBusy"}
"""What may be wrong with every mutation: its clientKey, its input, the moment."""


def schema_with(addition: str) -> GraphQLSchema:
    return build_schema(f"{print_schema(api_schema())}\n{addition}")


@pytest.mark.slow
def test_every_field_of_a_root_type_is_probed_and_every_operation_is_valid() -> None:
    schema = api_schema()
    roots = [root for root in (schema.query_type, schema.mutation_type, schema.subscription_type) if root]
    found = operations(schema)
    assert {operation.target for operation in found} == {name for root in roots for name in root.fields}
    assert [operation.name for operation in found if validate(schema, parse(operation.text))] == []
    assert set(NAMED) <= {name for operation in found for name in operation.drawn}


def test_a_new_field_is_probed_by_itself() -> None:
    new = schema_with("extend type Query { secret(id: ID!): Lecture } extend type Lecture { more(node: ID!): [LectureVoice!] }")
    names = {operation.name for operation in operations(new)}
    assert {"Query.secret", "Query.secret.nodes", "Query.lecture.more", "Query.secret.more"} <= names


@pytest.mark.slow
def test_a_new_mutation_without_a_role_fails() -> None:
    with pytest.raises(KeyError):
        operations(schema_with("extend type Mutation { destroyEverything: Boolean }"))


def test_an_argument_that_the_probes_cannot_fill_fails() -> None:
    new = schema_with("scalar Unheard extend type Query { secret(of: Unheard!): Boolean }")
    (operation,) = [one for one in operations(new) if one.target == "secret"]
    with pytest.raises(AssertionError):
        given(operation, lambda name: name, lambda several: several[0])


def test_every_mutation_can_answer_what_may_be_wrong_with_every_mutation() -> None:
    mutations = api_schema().mutation_type
    assert mutations is not None
    for name, field in mutations.fields.items():
        answer = get_named_type(field.type)
        assert isinstance(answer, GraphQLUnionType), name
        assert {one.name for one in answer.types} >= ALWAYS, name


@pytest.mark.slow
def test_every_route_is_known_to_the_probes(served: ServedApi) -> None:
    class NoSource:
        def follow(self, lecture: str, after: int) -> object:
            raise NotImplementedError

    app = api_app(served.lectures, "127.0.0.1", NoSource())  # type: ignore[arg-type]  # nothing is followed
    assert {route.path for route in app.routes} == ROUTES | REST_ROUTES  # type: ignore[attr-defined]
