"""The files of `deploy/`, and the schemas that they are held against.

schemas/compose-spec.json           the Compose Specification's: github.com/compose-spec/compose-spec at commit 170098b
                                    (2026-06-23), Apache License 2.0
schemas/dagster-helm-values.json    the keys of Dagster's Helm chart; it says which version was read
"""

import json
import re
from pathlib import Path
from typing import Any

import yaml

from lecture_assets_tests.project import ROOT

DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
_SCHEMAS = Path(__file__).with_name("schemas")
_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)")


def documents(name: str) -> list[Any]:
    """The documents of a YAML file."""
    return list(yaml.safe_load_all((DEPLOY / name).read_text(encoding="utf-8")))


def document(name: str) -> Any:
    """The only document of a YAML file."""
    [found] = documents(name)
    return found


def schema(name: str) -> Any:
    """A JSON Schema."""
    return json.loads((_SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))


def variables() -> set[str]:
    """Every environment variable that is set or read in `deploy/`."""
    compose = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    found = set(_VARIABLE.findall(compose))
    for service in document("compose.yaml")["services"].values():
        found |= service.get("environment", {}).keys()
    for one in documents("kubernetes/lectures.yaml"):
        found |= one["data"].keys() if one["kind"] == "ConfigMap" else set()
    found |= set(re.findall(r"--from-literal=([A-Z0-9_]+)=", (KUBERNETES / "lectures.yaml").read_text(encoding="utf-8")))
    for name in ("dagster.yaml", "kubernetes/dagster-pods.yaml"):
        found |= set(re.findall(r"\{env: ([A-Z0-9_]+)\}", (DEPLOY / name).read_text(encoding="utf-8")))
    example = (DEPLOY / "example.env").read_text(encoding="utf-8")
    return found | set(re.findall(r"^([A-Z0-9_]+)=", example, re.MULTILINE))
