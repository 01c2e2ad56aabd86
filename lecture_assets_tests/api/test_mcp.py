"""`lectures mcp`, driven by the protocol's own client over standard input and output."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.client.context import ClientRequestContext
from mcp.client.stdio import StdioServerParameters
from mcp.types import ElicitRequestParams, ElicitResult

from lecture_assets.runner.lectures import Lectures
from lecture_assets_tests.runner.conftest import BRIEF, LECTURE
from lecture_assets_tests.servers.homes import home_environ

pytestmark = pytest.mark.slow
SAID = "content:narration-text:segment[0]"
Use = Callable[[Client], Awaitable[None]]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    environ = home_environ(tmp_path / "home")
    with Lectures.open(environ) as lectures:
        lectures.create(BRIEF, LECTURE)
    return {**os.environ, **environ}


def use(environ: Mapping[str, str], work: Use, person: Callable[[str], bool] | None = None) -> list[str]:
    """Start the command as an assistant's program does, and use it; what the person was asked. person: None if nobody can be."""
    asked: list[str] = []

    async def ask(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        asked.append(params.message)
        assert person is not None
        assert context
        return ElicitResult(action="accept", content={"agreed": person(params.message)})

    async def run() -> None:
        server = StdioServerParameters(command=sys.executable, args=["-m", "lecture_assets.cli", "mcp"], env=dict(environ))
        async with Client(server, elicitation_callback=ask if person else None) as client:
            await work(client)

    asyncio.run(asyncio.wait_for(run(), 120))
    return asked


async def answer(client: Client, tool: str, **arguments: Any) -> Any:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    return result.structured_content


async def refusal(client: Client, tool: str, **arguments: Any) -> str:
    result = await client.call_tool(tool, arguments)
    assert result.is_error, result.structured_content
    return " ".join(part.text for part in result.content if hasattr(part, "text"))


def test_an_assistant_reads_prices_edits_and_makes_what_a_person_agrees_to(environ: dict[str, str]) -> None:
    async def work(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert {name for name, tool in tools.items() if tool.annotations and tool.annotations.read_only_hint} == {
            "list_lectures",
            "read_lecture",
            "explain",
            "history",
            "costs",
            "price",
        }
        assert [one["lecture"] for one in (await answer(client, "list_lectures"))["lectures"]] == [LECTURE]
        price = await answer(client, "price", lecture=LECTURE, edits=["set image_style=ink drawing"])
        assert price["estimate_usd_micros"]["high"] > 0
        assert "token" not in str(price.keys())
        edited = await answer(client, "edit_lecture", lecture=LECTURE, edits=[f"text {SAID}=Rain begins with the sun."])
        assert edited["version"] == 2
        report = await answer(client, "regenerate", lecture=LECTURE)
        assert report["failed"] == []
        read = await answer(client, "read_lecture", lecture=LECTURE)
        assert read["segments"][0]["words"] == "Rain begins with the sun."
        assert {node["status"] for node in read["nodes"]} == {"fresh"}
        assert (await answer(client, "costs"))["spent_usd_micros"] == report["cost_usd_micros"] > 0
        assert (await answer(client, "regenerate", lecture=LECTURE))["calls"] == {}

    asked = use(environ, work, person=lambda _: True)
    assert len(asked) == 1, "what costs nothing needs nobody"
    assert asked[0].startswith(f"Make 27 nodes of lecture {LECTURE}: ")
    assert "at most $" in asked[0]


def test_an_edit_queues_nothing_for_workers_to_buy(environ: dict[str, str]) -> None:
    async def work(client: Client) -> None:
        await answer(client, "edit_lecture", lecture=LECTURE, edits=["set image_style=ink drawing"])
        await answer(client, "undo", lecture=LECTURE)

    use(environ, work)
    with Lectures.open(environ) as lectures:
        assert [(row["version"], row["request"]) for row in lectures.all()] == [(3, "none")]


def test_an_argument_that_a_tool_does_not_have_is_refused_and_a_plan_that_costs_too_much_needs_nobody(
    environ: dict[str, str],
) -> None:
    async def work(client: Client) -> None:
        tools = (await client.list_tools()).tools
        assert {tool.input_schema["additionalProperties"] for tool in tools} == {False}
        for tool, arguments in (
            ("regenerate", {"lecture": LECTURE, "maxCostUsd": 0.0001}),
            ("edit_lecture", {"lecture": LECTURE, "edits": ["set image_style=oil"], "ifVersion": 9}),
            ("costs", {"id": LECTURE}),
        ):
            assert "nothing was done" in await refusal(client, tool, **arguments)
        assert "more than max_cost_usd allows" in await refusal(client, "regenerate", lecture=LECTURE, max_cost_usd=0.0001)
        assert (await answer(client, "history", lecture=LECTURE))["versions"][-1]["version"] == 1

    assert use(environ, work, person=lambda _: True) == []


def test_nothing_is_bought_unless_a_person_agrees(environ: dict[str, str]) -> None:
    async def work(client: Client) -> None:
        assert "did not agree" in await refusal(client, "regenerate", lecture=LECTURE)
        assert (await answer(client, "costs"))["spent_usd_micros"] == 0

    assert len(use(environ, work, person=lambda _: False)) == 1


def test_without_a_way_to_ask_it_takes_the_plan_token_that_a_person_was_shown(environ: dict[str, str]) -> None:
    with Lectures.open(environ) as lectures:
        shown = lectures.plan(LECTURE)["token"]

    async def work(client: Client) -> None:
        assert "lectures plan rain" in await refusal(client, "regenerate", lecture=LECTURE)
        assert "plan" in await refusal(client, "regenerate", lecture=LECTURE, plan_token="0" * 32)
        assert (await answer(client, "regenerate", lecture=LECTURE, plan_token=shown))["failed"] == []

    use(environ, work)


def test_what_is_wrong_is_a_sentence_and_no_file_of_this_machine_is_read(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("the words of a file")

    async def work(client: Client) -> None:
        assert "lecture: found 'snow'" in await refusal(client, "read_lecture", lecture="snow")
        assert "did you mean" in await refusal(client, "edit_lecture", lecture=LECTURE, edits=["set image_stile=oil"])
        refused = await refusal(client, "edit_lecture", lecture=LECTURE, edits=[f"text {SAID}=@{tmp_path / 'secret.txt'}"])
        assert "the words of a file" not in refused
        assert "at least one" in await refusal(client, "edit_lecture", lecture=LECTURE, edits=[])
        assert (await answer(client, "history", lecture=LECTURE))["versions"][-1]["version"] == 1
        made = await answer(client, "create_lecture", lecture="snow", brief={"prompt": "Explain snow.", "num_segments": 1})
        assert made["created"]
        assert "promt" in await refusal(client, "create_lecture", lecture="hail", brief={"promt": "Explain hail."})

    use(environ, work, person=lambda _: True)
