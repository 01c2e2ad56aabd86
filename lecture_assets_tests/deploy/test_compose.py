"""The compose file is one by the Compose Specification; its services can be told to be healthy, and are not open to the world."""

import re
from pathlib import Path
from shutil import which
from sysconfig import get_path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from lecture_assets_tests.deploy.files import DEPLOY, document, schema, variables
from lecture_assets_tests.project import ROOT

COMPOSE: Any = document("compose.yaml")
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}


def test_it_is_what_the_compose_specification_allows() -> None:
    validator = Draft7Validator(schema("compose-spec"))
    assert [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(COMPOSE)] == []
    assert not validator.is_valid({"services": {"code": {"imgae": "x"}}})


def test_every_service_says_whether_it_is_healthy_or_ends_by_itself() -> None:
    checked = {name for name, service in SERVICES.items() if "test" in service.get("healthcheck", {})}
    assert SERVICES.keys() - checked == {"upgrade"}


def test_nobody_starts_before_both_schemas_are_upgraded() -> None:
    waiting = {name for name, service in OURS.items() if "upgrade" in service["depends_on"]}
    assert OURS.keys() - waiting == {"upgrade"}
    assert {
        one["condition"] for service in OURS.values() for name, one in service["depends_on"].items() if name == "upgrade"
    } == {"service_completed_successfully"}


def test_only_this_machine_reaches_a_port() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


@pytest.mark.parametrize("name", sorted(OURS.keys() - {"upgrade"}))
def test_its_commands_are_programs_of_the_image(name: str) -> None:
    words = [OURS[name]["command"][0]]
    check = OURS[name]["healthcheck"]["test"]
    words += check[1:2] if check[0] == "CMD" else []
    assert [word for word in words if not (which(word, path=get_path("scripts")) or which(word))] == []


def test_a_worker_gets_the_time_that_it_takes_to_drain() -> None:
    command = OURS["worker"]["command"]
    drain_s = int(command[command.index("--drain-seconds") + 1])
    assert int(OURS["worker"]["stop_grace_period"].removesuffix("s")) >= drain_s + 45


def test_the_places_of_the_workers_are_the_runs_that_are_started() -> None:
    command = OURS["worker"]["command"]
    places = command[command.index("--max-runs") + 1]
    assert OURS["worker"]["environment"]["LECTURES_RUNS"] == f"${{LECTURES_RUNS:-{places}}}"


def test_every_variable_is_documented() -> None:
    page = (ROOT / "docs" / "environment.md").read_text(encoding="utf-8")
    told = {name for row in re.findall(r"^\| (`.+?) \|", page, re.MULTILINE) for name in re.findall(r"`([A-Z0-9_]+)`", row)}
    assert variables() - told == set()
    assert len(variables()) > 15


def test_no_secret_is_written_down() -> None:
    secret = re.compile(r"(?:PASSWORD|SECRET\w*|KEY|TOKEN)['\"]?[:=] *(\S+)")
    files = [path for path in DEPLOY.rglob("*") if path.is_file()]
    found = {
        f"{path.name}: {match[0]}"
        for path in files
        for match in secret.finditer(path.read_text(encoding="utf-8"))
        if not match[1].startswith(("$", "…", "#", "`", "|"))
    }
    assert found == set()
    assert Path(DEPLOY / "compose.yaml") in files
