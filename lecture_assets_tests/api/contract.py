"""The contract: the schema as it is printed, kept so that no client that relies on it is broken by accident.

python -m lecture_assets_tests.api.contract            keeps it anew, unless that would break clients
python -m lecture_assets_tests.api.contract --broken   keeps it anew although it does: a new major version
"""

import sys
from collections.abc import Iterator

from graphql import GraphQLInterfaceType, GraphQLSchema, GraphQLUnionType, build_schema, print_schema
from graphql.utilities import find_breaking_changes

from lecture_assets.api.schema import api_schema
from lecture_assets_tests.project import ROOT

KEPT = ROOT / "docs" / "api.graphql"


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


def main() -> int:
    """Keep the contract anew; 1 if it is refused."""
    found = broken(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else []
    if found and "--broken" not in sys.argv:
        sys.stderr.write("\n".join(["this breaks clients:", *found, ""]))
        return 1
    KEPT.write_text(printed(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
