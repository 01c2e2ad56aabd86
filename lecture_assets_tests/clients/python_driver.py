"""The story by the generated Python client, typed to the bottom."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lectures_client import LectureEvent, LecturesClient, Problem, open_client, watch
from lectures_client.generated import (
    GraphQLClientGraphQLMultiError,
    LectureBriefInput,
    LectureCreated,
    LectureDeleted,
    LectureEdited,
    LectureEditInput,
    LectureNodeEvent,
    LecturePlan,
    LectureRunEndedEvent,
    RegenerationCanceled,
    RegenerationQueued,
    TimelinePart,
)

from lecture_assets_tests.clients.story import Seen


@dataclass(frozen=True, slots=True)
class PythonDriver:
    """One lecture by the generated client. url: of the endpoint."""

    url: str
    lecture: str

    def _client(self) -> LecturesClient:
        return open_client(self.url)

    async def create(self, brief: Mapping[str, Any]) -> None:
        """The driver's."""
        async with self._client() as client:
            done = await client.create_lecture(LectureBriefInput.model_validate(brief), self.lecture, self.lecture)
        assert isinstance(done.create_lecture, LectureCreated), done
        assert done.create_lecture.created

    async def price(self) -> tuple[str, int]:
        """The driver's."""
        async with self._client() as client:
            found = (await client.plan_lecture(self.lecture)).lecture
        assert found is not None
        assert isinstance(found.plan, LecturePlan), found
        return found.plan.token, found.plan.node_count

    async def edit(self, edit: Mapping[str, Any]) -> tuple[int, Sequence[str]]:
        """The driver's."""
        async with self._client() as client:
            done = (await client.edit_lecture(self.lecture, [LectureEditInput.model_validate(edit)])).edit_lecture
        assert isinstance(done, LectureEdited), done
        return done.version, done.stale

    async def undo(self) -> int:
        """The driver's."""
        async with self._client() as client:
            done = (await client.undo_lecture_edit(self.lecture)).undo_lecture_edit
        assert isinstance(done, LectureEdited), done
        return done.version

    async def regenerate(self, token: str | None) -> None:
        """The driver's."""
        async with self._client() as client:
            done = (await client.regenerate_lecture(self.lecture, token)).regenerate_lecture
        assert isinstance(done, RegenerationQueued), done

    async def watch(self, after: int) -> AsyncGenerator[Seen, None]:
        """The driver's."""
        async with self._client() as client, watch(client, self.lecture, after) as events:
            async for event in events:
                yield seen(event)

    async def missing(self) -> int:
        """The driver's."""
        async with self._client() as client:
            found = (await client.read_timeline(self.lecture)).lecture
        assert found is not None
        timeline = found.timeline
        parts = [timeline.title.type_, timeline.music.type_]
        for segment in timeline.segments:
            parts += [segment.narration.type_, *(layer.type_ for layer in segment.layers)]
        return parts.count(TimelinePart.MISSING)

    async def cancel(self) -> str:
        """The driver's."""
        async with self._client() as client:
            done = (await client.cancel_regeneration(self.lecture)).cancel_regeneration
        assert isinstance(done, RegenerationCanceled), done
        return done.was.value

    async def delete(self) -> str:
        """The driver's."""
        async with self._client() as client:
            done = (await client.delete_lecture(self.lecture)).delete_lecture
            again = (await client.delete_lecture(self.lecture)).delete_lecture
        assert isinstance(again, Problem)
        assert again.code == "LECTURE_NOT_FOUND"
        assert isinstance(done, LectureDeleted), done
        return done.typename__

    async def code_when_gone(self) -> str:
        """The driver's."""
        try:
            async for event in self.watch(0):
                return event.kind
        except GraphQLClientGraphQLMultiError as error:
            return str((error.errors[0].extensions or {})["code"])
        return ""


def seen(event: LectureEvent) -> Seen:
    """What a story needs of an event."""
    kind = type(event).__name__
    if isinstance(event, LectureNodeEvent):
        return Seen(event.number, kind, event.node, event.outcome.value)
    if isinstance(event, LectureRunEndedEvent):
        calls = event.report.calls if event.report else 0
        return Seen(event.number, kind, "", "", event.ending.value, event.version, event.queued, calls)
    return Seen(event.number, kind)
