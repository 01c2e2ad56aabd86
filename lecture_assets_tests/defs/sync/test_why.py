"""What `why` says of a setting of a single node."""

from pathlib import Path

import pytest

from lecture_assets.defs.sync.why import sentences
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.lecture import KINDS
from lecture_assets.graph.node import Cell, Node
from lecture_assets.graph.staleness import Reason, ReasonKind
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.reading.earlier_values import EarlierValues
from lecture_assets_tests.servers.homes import home_environ


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, 2, "was set to 2"),
        (2, None, "was reset from 2"),
        ("openai:gpt-5", "openai:gpt-5-mini", 'changed from "openai:gpt-5" to "openai:gpt-5-mini"'),
    ],
)
def test_a_setting_is_told_with_its_values(before: Json, after: Json, said: str, tmp_path: Path) -> None:
    reason = Reason(ReasonKind.SETTING_CHANGED, "reroll", before=before, after=after)
    node = Node("asset:music", KINDS["asset:music"], Cell(), {})
    with Lectures.open(home_environ(tmp_path)) as lectures, lectures.context.database.read() as connection:
        assert sentences(node, "{}", [reason], EarlierValues(connection, "rain")) == (f"its own setting reroll {said}",)
