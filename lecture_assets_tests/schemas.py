"""The JSON Schemas of docs/schemas, written from the types of what is built and read. A test compares them.

python -m lecture_assets_tests.schemas            writes them anew
"""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from lecture_assets.briefs.adopted import ImportFile
from lecture_assets.briefs.brief import Brief
from lecture_assets.cli.import_files import ImportsDocument
from lecture_assets.runner.change.access_tokens import NewTokenDocument, RevokedDocument, TokenDocument
from lecture_assets.runner.change.garbage import GarbageDocument
from lecture_assets.runner.change.importing import ImportDocument
from lecture_assets.runner.change.media_copy import MediaCopyDocument
from lecture_assets.runner.change.promoting import PaidDocument, PromotedDocument
from lecture_assets.runner.change.rollout import RolloutAnswerDocument, RolloutDocument
from lecture_assets.runner.change.store_check import DoctorDocument
from lecture_assets.runner.change.webhook_endpoints import (
    NewWebhookDocument,
    RemovedWebhookDocument,
    WebhookDocument,
    WebhookPingDocument,
)
from lecture_assets.runner.reading.costs import CostsDocument
from lecture_assets.runner.reading.explain import InputExplanation, NodeExplanation, TakesDocument
from lecture_assets.runner.reading.plan_document import GraphDocument, PlanDocument
from lecture_assets.runner.reading.progress_shapes import ProgressEvent
from lecture_assets.runner.reading.proof import ProofDocument
from lecture_assets.runner.reading.shadow_report import ShadowReportDocument
from lecture_assets.runner.reading.shapes import (
    CopyDocument,
    CreatedDocument,
    DeletedDocument,
    EditDocument,
    ExportDocument,
    ListedLecture,
    RenamedDocument,
    RevisionDocument,
)
from lecture_assets.runner.reading.status import StatusDocument
from lecture_assets.runner.reading.voices import VoiceDocument
from lecture_assets.runner.regenerate.report import MadeDocument, ReportDocument
from lecture_assets.runner.setup.database_documents import DatabaseCheckDocument, DatabaseUpgradeDocument
from lecture_assets.timeline.schema import json_schema
from lecture_assets_tests.project import ROOT

FOLDER = ROOT / "docs" / "schemas"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"

ANSWERS: Mapping[str, Any] = {
    "make": MadeDocument,
    "create": CreatedDocument,
    "list": list[ListedLecture],
    "status": StatusDocument,
    "plan": PlanDocument,
    "edit": EditDocument,
    "regenerate": ReportDocument,
    "watch": ProgressEvent,
    "explain": NodeExplanation | InputExplanation,
    "takes": TakesDocument,
    "history": list[RevisionDocument],
    "undo": EditDocument,
    "redo": EditDocument,
    "copy": CopyDocument,
    "rename": RenamedDocument,
    "delete": DeletedDocument,
    "import": ImportDocument | ImportsDocument,
    "costs": CostsDocument,
    "export": ExportDocument,
    "voices": list[VoiceDocument],
    "graph": GraphDocument,
    "shadow report": ShadowReportDocument,
    "shadow paid": PaidDocument,
    "promote": PromotedDocument,
    "rollout show": RolloutDocument,
    "rollout set": RolloutDocument,
    "rollout ask": RolloutAnswerDocument,
    "gc": GarbageDocument,
    "artifacts copy": MediaCopyDocument,
    "doctor": DoctorDocument,
    "token create": NewTokenDocument,
    "token list": list[TokenDocument],
    "token rotate": NewTokenDocument,
    "token revoke": RevokedDocument,
    "webhook create": NewWebhookDocument,
    "webhook list": list[WebhookDocument],
    "webhook rotate": NewWebhookDocument,
    "webhook ping": WebhookPingDocument,
    "webhook remove": RemovedWebhookDocument,
    "db check": DatabaseCheckDocument,
    "db upgrade": DatabaseUpgradeDocument,
}
"""What each command prints with --json; `watch`, a line for each event."""


class _Closed(GenerateJsonSchema):
    """Objects have the keys that they are said to have, and no others. No titles: they would say the names of keys again."""

    def typed_dict_schema(self, schema: core_schema.TypedDictSchema) -> dict[str, Any]:
        """A closed object."""
        return _untitled({**super().typed_dict_schema(schema), "additionalProperties": False})

    def model_schema(self, schema: core_schema.ModelSchema) -> dict[str, Any]:
        """A model says itself whether it is closed."""
        return _untitled(super().model_schema(schema))

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's signature
        """Never."""
        return False


class _Written(_Closed):
    """What people write: a key without a value is left out, not null."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> dict[str, Any]:
        """The value alone."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> dict[str, Any]:
        """Without a default that says that there is nothing."""
        found = super().default_schema(schema)
        default = found.get("default")
        is_nothing = default is None or (isinstance(default, dict) and set(default.values()) <= {None})
        return {key: value for key, value in found.items() if key != "default" or not is_nothing}


def _untitled(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != "title"}


def _schema(title: str, shape: Any, generator: type[GenerateJsonSchema] = _Closed) -> dict[str, Any]:
    mode = "validation" if generator is _Written else "serialization"
    schema = TypeAdapter[Any](shape).json_schema(schema_generator=generator, mode=mode)  # type: ignore[arg-type]
    return {"$schema": _DRAFT, "title": title, **schema}


def _brief() -> dict[str, Any]:
    """With the one rule about two keys that a schema can say: a prompt, or notes."""
    schema = _schema("A brief", Brief, _Written)
    return {**schema, "anyOf": [{"required": ["prompt"]}, {"required": ["notes"]}]}


def _import_file() -> dict[str, Any]:
    """Its `brief` has the keys of a brief but the title, which the file has itself."""
    brief, schema = _brief(), _schema("A lecture that was made elsewhere", ImportFile, _Written)
    keys = {key: rule for key, rule in brief["properties"].items() if key != "title"}
    schema["properties"]["brief"] |= {"properties": keys, "additionalProperties": False}
    schema["$defs"] |= brief["$defs"]
    return schema


def schemas() -> dict[str, dict[str, Any]]:
    """Every schema by the name of its file."""
    answers = {file_of(name): _schema(f"lectures {name} --json", shape) for name, shape in ANSWERS.items()}
    files = {
        "brief.json": _brief(),
        "import-file.json": _import_file(),
        "proof.json": _schema("What lectures regenerate --proof writes", ProofDocument),
        "timeline.json": json_schema(),
    }
    return {**answers, **files}


def file_of(command: str) -> str:
    """The file with the schema of what a command prints."""
    return f"{command.replace(' ', '-')}.json"


def written(schema: Mapping[str, Any]) -> str:
    """As it stands in its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for file, schema in schemas().items():
        (FOLDER / file).write_text(written(schema), encoding="utf-8")
