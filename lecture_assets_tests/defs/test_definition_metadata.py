"""Each made asset links to its row in the table, and to the code of its step."""

from itertools import islice
from pathlib import Path

import pytest
from dagster import CodeReferencesMetadataValue, LocalFileCodeReference

from lecture_assets.defs.assets import made_assets
from lecture_assets.defs.definition_metadata import definition_metadata
from lecture_assets.defs.keys import asset_key
from lecture_assets.graph import lecture
from lecture_assets.graph.kind import Kind
from lecture_assets.graph.lecture import KINDS

MADE = [kind for kind in KINDS.values() if not kind.is_input]


@pytest.mark.parametrize("kind", MADE, ids=lambda kind: kind.name)
def test_the_links_lead_to_the_row_and_to_the_step(kind: Kind) -> None:
    row = _lines(kind, "row", 2)
    constants = {value: name for name, value in vars(lecture).items() if isinstance(value, str)}
    assert row.startswith("    Kind(")
    assert f'"{kind.name}"' in row or constants.get(kind.name, "?") in row
    step = _lines(kind, "step", 1)
    assert "def " in step or "lambda" in step


def _lines(kind: Kind, label: str, count: int) -> str:
    """The lines that a link leads to."""
    value = definition_metadata(kind)["dagster/code_references"]
    assert isinstance(value, CodeReferencesMetadataValue)
    (link,) = [link for link in value.code_references if link.label == label]
    assert isinstance(link, LocalFileCodeReference)
    line = link.line_number or 0
    with Path(link.file_path).open(encoding="utf-8") as lines:
        return "".join(islice(lines, line - 1, line - 1 + count))


def test_dagster_has_them_on_every_made_asset() -> None:
    specs = {spec.key: spec for asset in made_assets() for spec in asset.specs}
    for kind in MADE:
        assert dict(definition_metadata(kind)).items() <= dict(specs[asset_key(kind)].metadata).items()
