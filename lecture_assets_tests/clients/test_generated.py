"""The clients in docs/clients are what the contract and the operations say, do all that the API does, and outlive a release."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest
from graphql import (
    FieldNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    OperationDefinitionNode,
    build_schema,
    get_named_type,
    parse,
    validate,
)
from lectures_client import LectureEvent, OtherEvent, OtherProblem, OtherType, Problem
from lectures_client.generated import EditLecture, LectureRole, ListNodes, PlanLecture, WatchLecture

from lecture_assets_tests.clients.node_driver import program
from lecture_assets_tests.clients.npm import HAS_NODE, WITHOUT_NODE
from lecture_assets_tests.clients.writing import CONTRACT, FOLDER, OPERATIONS, PYTHON, TYPESCRIPT, python_files, typescript_text
from lecture_assets_tests.project import ROOT

SCHEMA = build_schema(CONTRACT.read_text(encoding="utf-8"))
ASKED = parse(OPERATIONS.read_text(encoding="utf-8"))
REMEDY = "python -m lecture_assets_tests.clients.writing"


@pytest.mark.slow
def test_the_python_client_is_what_the_contract_says() -> None:
    kept = {file.name: file.read_text(encoding="utf-8") for file in PYTHON.glob("*.py")}
    assert kept == dict(python_files()), REMEDY


@pytest.mark.slow
@pytest.mark.skipif(not HAS_NODE, reason=WITHOUT_NODE)
def test_the_typescript_is_what_the_contract_says_and_compiles_strictly_with_a_program_that_uses_it() -> None:
    assert TYPESCRIPT.read_text(encoding="utf-8") == typescript_text(), REMEDY
    assert program().is_file()


def test_the_operations_are_valid_and_there_is_one_for_each_field_of_the_root() -> None:
    assert validate(SCHEMA, ASKED) == []
    operations = [one for one in ASKED.definitions if isinstance(one, OperationDefinitionNode)]
    asked = {node.name.value for one in operations for node in one.selection_set.selections if isinstance(node, FieldNode)}
    roots = [SCHEMA.query_type, SCHEMA.mutation_type, SCHEMA.subscription_type]
    assert asked == {name for root in roots if root for name in root.fields}


def test_what_a_mutation_does_and_each_event_is_told_by_a_fragment_of_its_name() -> None:
    text = OPERATIONS.read_text(encoding="utf-8")
    told = set(re.findall(r"^fragment (\w+) on \1 ", text, re.MULTILINE))
    assert isinstance(SCHEMA.mutation_type, GraphQLObjectType)
    results = [get_named_type(field.type) for field in SCHEMA.mutation_type.fields.values()]
    members = {one for result in results if isinstance(result, GraphQLUnionType) for one in result.types}
    events = SCHEMA.type_map["LectureProgressEvent"]
    assert isinstance(events, GraphQLInterfaceType)
    done = {one.name for one in members if not {"code", "message"} <= set(one.fields)}
    assert told >= done | {one.name for one in SCHEMA.get_implementations(events).objects}
    names = {one.__name__ for one in LectureEvent.__args__}
    assert names == {one.name for one in SCHEMA.get_implementations(events).objects} | {"OtherEvent"}


def test_types_and_values_of_later_releases_are_kept() -> None:
    at = {"number": 7, "at": 2.0}
    event = WatchLecture.model_validate({"lectureProgress": {"__typename": "LectureDreamedEvent", **at}}).lecture_progress
    assert isinstance(event, OtherEvent)
    assert event.number == 7
    why = {"code": "ASLEEP", "message": "it sleeps"}
    answer = EditLecture.model_validate({"editLecture": {"__typename": "LectureAsleep", **why}}).edit_lecture
    assert isinstance(answer, OtherProblem)
    known = EditLecture.model_validate({"editLecture": {"__typename": "LectureBusy", **why}}).edit_lecture
    assert isinstance(known, Problem)
    assert isinstance(EditLecture.model_validate({"editLecture": {"__typename": "LectureDreamed"}}).edit_lecture, OtherType)
    plan = PlanLecture.model_validate({"lecture": {"plan": {"__typename": "LectureAsleep", **why}}}).lecture
    assert plan is not None
    assert isinstance(plan.plan, OtherProblem)
    role = LectureRole("SMELL")
    assert (role.value, role == LectureRole("SMELL"), role in set(LectureRole)) == ("SMELL", True, False)
    with pytest.raises(ValueError, match="valid"):
        ListNodes.model_validate({"lecture": {"version": "x"}})


def test_the_python_client_needs_what_it_declares_and_nothing_of_the_project() -> None:
    declared = tomllib.loads((FOLDER / "python" / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = {re.split(r"[<>=~!]", one)[0] for one in declared} | {"pydantic_core"}
    assert third_party(PYTHON.parent) == names
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    assert set(declared) <= set(ours), "it is tried with the versions that are locked"


def third_party(folder: Path) -> set[str]:
    found: set[str] = set()
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(str(node.module))
    return {name.partition(".")[0] for name in found} - set(sys.stdlib_module_names)
