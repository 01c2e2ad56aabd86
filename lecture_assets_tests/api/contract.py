"""The contract: the schema as it is printed, and openapi.json, kept so that no client that relies on it is broken by accident.

python -m lecture_assets_tests.api.contract            keeps it anew, unless that would break clients
python -m lecture_assets_tests.api.contract --broken   keeps it anew although it does: a new major version
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

from graphql import GraphQLInterfaceType, GraphQLSchema, GraphQLUnionType, build_schema, print_schema
from graphql.utilities import find_breaking_changes

from lecture_assets.api.openapi import openapi
from lecture_assets.api.schema import api_schema
from lecture_assets_tests.project import ROOT

KEPT, KEPT_REST = ROOT / "docs" / "api.graphql", ROOT / "docs" / "openapi.json"


def printed() -> str:
    """The schema as it is."""
    return f"{print_schema(api_schema())}\n"


def broken(kept: str, now: GraphQLSchema | None = None) -> list[str]:
    """What breaks clients of a kept schema, a sentence each."""
    changes = find_breaking_changes(build_schema(kept), now or build_schema(printed()))
    return [change.description for change in changes]


def clashing(schema: GraphQLSchema) -> Iterator[str]:
    """Fields that a client cannot ask for of several members of a union or an interface without renaming: their types differ."""
    for group in schema.type_map.values():
        fields: dict[str, str] = {}
        for member in schema.get_possible_types(group) if isinstance(group, GraphQLUnionType | GraphQLInterfaceType) else ():
            for name, field in member.fields.items():
                if str(field.type) != fields.setdefault(name, str(field.type)):
                    yield f"{group.name}.{name} is {fields[name]} and {field.type}"


def printed_rest() -> str:
    """The OpenAPI document as it is."""
    return f"{json.dumps(openapi(api_schema()), indent=2, ensure_ascii=False)}\n"


def broken_rest(kept: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What breaks clients of a kept document: what is gone, and what a request needs that it did not."""
    gone = _gone(kept["paths"], now["paths"], "paths")
    schemas = now["components"]["schemas"]
    for name, schema in kept["components"]["schemas"].items():
        properties = schemas.get(name, {}).get("properties", {})
        gone += [f"{name}.{one} is gone" for one in schema.get("properties", {}) if one not in properties]
        needed = set(schemas.get(name, {}).get("required", ())) - set(schema.get("required", ()))
        gone += [f"{name}.{one} is needed" for one in needed if name.endswith("Input")]
    return gone


def _gone(kept: Any, now: Any, place: str) -> list[str]:
    """Keys of a document that another one lacks; `required` of bodies may only shrink."""
    if not isinstance(kept, dict):
        return []
    if not isinstance(now, dict):
        return [f"{place} is no object"]
    missing = [f"{place}/{key} is gone" for key in kept if key not in now]
    if place.endswith("/schema") and "requestBody" in place:
        missing += [f"{place}/{one} is needed" for one in set(now.get("required", ())) - set(kept.get("required", ()))]
    return missing + [found for key in kept if key in now for found in _gone(kept[key], now[key], f"{place}/{key}")]


def references(document: Any) -> Iterator[str]:
    """What a document refers to by `$ref`."""
    parts = document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    for key, value in parts:
        yield from [value] if key == "$ref" else references(value)


def main() -> int:
    """Keep the contract anew; 1 if it is refused."""
    found = broken(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else []
    if KEPT_REST.exists():
        found += broken_rest(json.loads(KEPT_REST.read_text(encoding="utf-8")), openapi(api_schema()))
    if found and "--broken" not in sys.argv:
        sys.stderr.write("\n".join(["this breaks clients:", *found, ""]))
        return 1
    KEPT.write_text(printed(), encoding="utf-8")
    KEPT_REST.write_text(printed_rest(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
