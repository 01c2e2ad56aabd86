"""A server of the Model Context Protocol: an assistant lists, reads, prices and edits lectures (https://modelcontextprotocol.io).

Nothing that costs money happens without a person: `regenerate` asks one, with the price, through the assistant's program; where
that cannot ask, it needs a plan token, which only `lectures plan` shows, in a terminal. Edits never read files of this machine.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, TypeVar

from mcp.server.mcpserver import Context as McpContext
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.resolve import Elicit, Resolve
from mcp.types import ClientCapabilities, ElicitationCapability, Tool, ToolAnnotations
from pydantic import BaseModel, Field

from lecture_assets.api.errors import unexpected
from lecture_assets.briefs.reading import brief_from_document
from lecture_assets.graph.errors import LectureError, RefusedError, WrongInputError
from lecture_assets.ports.errors import ProviderError
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.regenerate.scope import Scope
from lecture_assets.runner.setup.ceilings import CeilingError
from lecture_assets.runner.setup.context import Context
from lecture_assets.runner.setup.money import calls, count, usd
from lecture_assets.runner.setup.names import CatalogueNames
from lecture_assets.steps.step import UnfitAnswerError
from lecture_assets.store.belonging import ForeignMediaError

T = TypeVar("T")
_TOLD = (WrongInputError, RefusedError, CeilingError, ProviderError, UnfitAnswerError)
"""Errors whose sentences are for whoever uses lectures. Others may name files and addresses, for whoever runs the server."""
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_CHANGES = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False)
_BUYS = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=True)
_INSTRUCTIONS = """Lectures are narrated videos made from a brief. A lecture is a graph of nodes: an edit makes stale exactly
the nodes that depend on it, and regenerating makes those again. Read with list_lectures, read_lecture, explain. Change with
edit_lecture; see what that would make and cost with price (edits given there are not saved). regenerate buys calls of models:
a person must agree."""
_EDITS = """Edits are texts, applied together or not at all: `set KEY=VALUE` (a key of the brief: image_style, voice, language),
`text NODE=WORDS` (own words for a content node), `reroll NODE`, `model NODE=PROVIDER:MODEL`, `take NODE=K`, `unpin NODE`,
`keep NODE`, `merge NODE`, `segments add[:AFTER]`, `segments remove:S`, `segments move:S:POSITION`."""


class Agreement(BaseModel):
    """What the person is asked."""

    agreed: bool = Field(description="Make it, at this price")


def mcp_server(context: Context) -> MCPServer:
    """Return a server for the lectures of a workspace. The context stays open as long as it runs."""
    lectures = Lectures(replace(context, reads_files=False, queues_edits=False))
    tools = LectureTools(lectures)
    server = StrictServer("lectures", instructions=_INSTRUCTIONS)
    for read in (tools.list_lectures, tools.read_lecture, tools.explain, tools.history, tools.costs):
        server.tool(annotations=_READS)(read)
    server.tool(annotations=_READS, description=f"{tools.price.__doc__}\n\n{_EDITS}")(tools.price)
    server.tool(annotations=_CHANGES, description=f"{tools.edit_lecture.__doc__}\n\n{_EDITS}")(tools.edit_lecture)
    for change in (tools.create_lecture, tools.undo):
        server.tool(annotations=_CHANGES)(change)
    server.tool(annotations=_BUYS)(_regenerate_tool(lectures))
    return server


class StrictServer(MCPServer):
    """Refuses arguments that a tool does not have: an assistant that misspells a limit would otherwise buy without it."""

    async def call_tool(self, name: str, arguments: dict[str, Any], context: McpContext[Any, Any] | None = None) -> Any:
        """Call a tool. ToolError for an argument that it does not have."""
        tool = self._tool_manager.get_tool(name)
        known = list(tool.parameters.get("properties", {})) if tool else list(arguments)
        unknown = [argument for argument in arguments if argument not in known]
        if unknown:
            message = f"{name} has no {', '.join(unknown)}; allowed: {', '.join(known) or 'no argument'}; nothing was done"
            raise ToolError(message)
        return await super().call_tool(name, arguments, context)

    async def list_tools(self) -> list[Tool]:
        """List the tools. Their schemas say that there are no other arguments."""
        found = await super().list_tools()
        for tool in found:
            tool.input_schema["additionalProperties"] = False
        return found


class LectureTools:
    """The tools, one method each. Their docstrings are what assistants read."""

    def __init__(self, lectures: Lectures) -> None:
        """Work on these lectures."""
        self._lectures = lectures

    async def list_lectures(self) -> dict[str, Any]:
        """List the lectures of the workspace, newest first."""
        return {"lectures": await _done(self._lectures.all)}

    async def read_lecture(self, lecture: str) -> dict[str, Any]:
        """Read a lecture: title, script with the words of each segment, the status of its nodes, how long it plays."""
        return await _done(partial(_read, self._lectures, lecture))

    async def explain(self, lecture: str, node: str) -> dict[str, Any]:
        """Say where a node's value comes from and, if it is stale, which change made it so. node: like `asset:music`."""
        return dict(await _done(partial(self._lectures.explain, lecture, node)))

    async def history(self, lecture: str) -> dict[str, Any]:
        """List the versions of a lecture and the edits that made them, oldest first."""
        return {"versions": await _done(partial(self._lectures.history, lecture))}

    async def costs(self, lecture: str | None = None) -> dict[str, Any]:
        """Sum up what a lecture, or the whole workspace, has cost, in millionths of a US dollar."""
        found = await _done(partial(self._lectures.costs, lecture))
        return {name: value for name, value in found.items() if name != "calls"}

    async def price(self, lecture: str, edits: list[str] | None = None) -> dict[str, Any]:
        """Say what regenerating a lecture would make, why, and for how much; with edits, as if they were made. Saves nothing."""
        plan = await _done(partial(self._lectures.plan, lecture, edits or []))
        return {name: value for name, value in plan.items() if name != "token"}

    async def edit_lecture(self, lecture: str, edits: list[str], if_version: int | None = None) -> dict[str, Any]:
        """Edit a lecture; nothing is made and nothing costs money until `regenerate`. Answers the new version and what is stale.

        if_version: refuse if the lecture is not at this version any more
        """
        if not edits:
            message = "edits: found no edit; allowed: at least one"
            raise ToolError(message)
        return dict(await _done(partial(self._lectures.edit, lecture, edits, if_version)))

    async def undo(self, lecture: str) -> dict[str, Any]:
        """Undo the last edit of a lecture, as a new version; repeated, further back."""
        return dict(await _done(partial(self._lectures.undo, lecture)))

    async def create_lecture(self, lecture: str, brief: dict[str, Any]) -> dict[str, Any]:
        """Create a lecture without making it.

        lecture: its id, of a-z, 0-9 and -
        brief: `prompt` or `notes` is required; other keys are title, audience, language, duration (seconds), num_segments,
            images_per_segment, image_style, aspect_ratio, voice
        """
        catalogue = self._lectures.context.catalogue

        def create() -> dict[str, Any]:
            made = self._lectures.create(brief_from_document(brief, CatalogueNames(catalogue)), lecture)
            return {"lecture": made.lecture, "version": made.version, "created": made.new, "warnings": list(made.warnings)}

        return await _done(create)


def _regenerate_tool(lectures: Lectures) -> Callable[..., Awaitable[dict[str, Any]]]:
    """Return the tool that buys. The protocol asks the person before it calls the tool, and may plan several times meanwhile."""
    shown: dict[str, str] = {}

    async def agreement(
        lecture: str, plan_token: str | None, max_cost_usd: float | None, ctx: McpContext[Any, Any]
    ) -> Agreement | Elicit[Agreement]:
        """Ask the person, unless they were shown the plan, there is nothing to make, or it may cost too much."""
        plan = await _done(partial(lectures.plan, lecture))
        high = plan["estimate_usd_micros"]["high"]
        if max_cost_usd is not None and high > max_cost_usd * 1_000_000:
            message = f"this may cost {usd(high)}, more than max_cost_usd allows; nothing was bought"
            raise ToolError(message)
        shown[lecture] = plan_token or plan["token"]
        if plan_token is not None or not plan["nodes"]:
            return Agreement(agreed=True)
        if not ctx.session.check_client_capability(ClientCapabilities(elicitation=ElicitationCapability())):
            message = (
                f"this program cannot ask the person: show them the price, let them run `lectures plan {lecture}`, "
                f"and pass the plan token that it shows as plan_token"
            )
            raise ToolError(message)
        nodes, most = count(len(plan["nodes"]), "node"), usd(high)
        return Elicit(f"Make {nodes} of lecture {lecture}: {calls(plan['calls'])}, at most {most}?", Agreement)

    async def regenerate(
        lecture: str,
        agreed: Annotated[Agreement, Resolve(agreement)],
        plan_token: str | None = None,  # noqa: ARG001 - `agreement` takes it
        max_cost_usd: float | None = None,
    ) -> dict[str, Any]:
        """Make everything of a lecture that is stale or missing. This costs money, and asks a person first.

        plan_token: needed where the person cannot be asked; `lectures plan ID` shows it to them in a terminal
        max_cost_usd: refuse a plan that may cost more
        """
        if not agreed.agreed:
            message = f"the person did not agree to make {lecture}; nothing was bought"
            raise ToolError(message)
        most = None if max_cost_usd is None else round(max_cost_usd * 1_000_000)
        scope = Scope(token=shown.pop(lecture), max_cost_usd_micros=most)
        report = await _done(partial(lectures.regenerate, lecture, scope))
        return {name: value for name, value in report.items() if name != "timeline"}

    return regenerate


async def _done(work: Callable[[], T]) -> T:
    """Do it in a thread. ToolError with the sentence if it is refused; anything else reaches the log and not the assistant."""

    def do() -> T:
        with _refusals():
            return work()

    return await asyncio.to_thread(do)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except LectureError as error:
        is_told = isinstance(error, _TOLD) and not isinstance(error, ForeignMediaError)
        raise ToolError(str(error) if is_told else str(unexpected(error)["message"])) from error


def _read(lectures: Lectures, lecture: str) -> dict[str, Any]:
    status, timeline = lectures.status(lecture), lectures.draft(lecture)
    segments = [
        {"slot": segment["slot"], "seconds": segment["duration_in_frames"] / timeline["fps"], "words": _words(segment)}
        for segment in timeline["segments"]
    ]
    nodes = [{"id": node["id"], "status": node["status"], "pinned": node["pinned"]} for node in status["nodes"]]
    return {
        "lecture": status["lecture"],
        "version": status["version"],
        "title": timeline["title"].get("text", ""),
        "seconds": timeline["duration_in_frames"] / timeline["fps"],
        "segments": segments,
        "nodes": nodes,
    }


def _words(segment: Mapping[str, Any]) -> str:
    return " ".join(str(cue["text"]) for cue in segment["captions"])
