"""The instances' settings are those that Dagster knows, name classes that are there, and differ in their launcher alone."""

import importlib
from typing import Any

import pytest
from dagster._config import resolve_to_config_type, validate_config
from dagster._core.instance.config import dagster_instance_config_schema

from lecture_assets_tests.deploy.files import document

FILES = ("dagster.yaml", "kubernetes/dagster-pods.yaml")


@pytest.mark.parametrize("name", FILES)
def test_dagster_knows_every_setting(name: str) -> None:
    found = validate_config(resolve_to_config_type(dagster_instance_config_schema()), document(name))
    assert [error.message for error in found.errors or ()] == []


@pytest.mark.parametrize("name", FILES)
def test_every_class_is_there_and_takes_its_settings(name: str) -> None:
    settings = document(name)
    parts = [settings["storage"]["custom"], *(settings[key] for key in ("run_launcher", "run_coordinator", "compute_logs"))]
    for part in parts:
        found: Any = getattr(importlib.import_module(part["module"]), part["class"])
        result = validate_config(resolve_to_config_type(found.config_type()), part["config"])
        assert [error.message for error in result.errors or ()] == [], part["class"]


def test_runs_in_pods_differ_in_their_launcher_alone() -> None:
    workers, pods = (document(name) for name in FILES)
    assert {key for key in workers.keys() | pods.keys() if workers.get(key) != pods.get(key)} == {"run_launcher"}


def test_what_would_free_the_slot_of_a_call_in_flight_or_buy_it_twice_is_off() -> None:
    settings = document("dagster.yaml")
    assert "free_slots_after_run_end_seconds" not in settings["run_monitoring"]
    assert settings["run_monitoring"]["max_resume_run_attempts"] == 0
    assert settings["run_retries"] == {"enabled": False}
