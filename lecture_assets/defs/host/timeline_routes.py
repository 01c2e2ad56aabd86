"""The webserver's routes for timelines: of each stored version its film, its contact sheet and its JSON.

/lectures/timeline/<lecture>/<version>/film.mp4          of the lecture; sheet.jpg and timeline.json likewise
/lectures/timeline/<lecture>/<slot>/<version>/film.mp4   of a segment by itself
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lecture_assets.defs.host.render_queue import RenderJob, RenderQueue, RenderQueueFullError
from lecture_assets.defs.sync.metadata import FILM, MEDIA_PATH, SHEET, TIMELINE_JSON, TIMELINE_PATH
from lecture_assets.graph.errors import LectureError, UnknownLectureError
from lecture_assets.graph.fingerprint import digest
from lecture_assets.render.process import RenderError
from lecture_assets.runner.change.leftovers import RENDERED
from lecture_assets.runner.reading.timeline_version import TimelineVersion, UnknownTimelineError, read_timeline_version
from lecture_assets.runner.setup.context import Context
from lecture_assets.timeline.export import with_sources
from lecture_assets.timeline.lost_media import media_of, without_media

_SLOT = re.compile(r"s[0-9][0-9]")
_AGAIN_S = 2


@dataclass(frozen=True, slots=True)
class _Form:
    """A rendered file. patience_s: how long a request waits for it before it is answered that it has to wait."""

    name: str
    media_type: str
    patience_s: float


_FORMS: Mapping[str, _Form] = {FILM: _Form("film", "video/mp4", 10.0), SHEET: _Form("sheet", "image/jpeg", 60.0)}


class TimelineRoutes:
    """Serves timelines from the store. A version never changes, but its media may be lost, so browsers ask whether it has."""

    def __init__(self, context: Context, patience_s: float | None = None) -> None:
        """patience_s: how long every request waits; by default, as long as suits the form."""
        self._context = context
        self._queue = RenderQueue(context.home / RENDERED, context.artifacts.local)
        self._patience_s = patience_s

    def routes(self) -> list[BaseRoute]:
        """The routes; the last one catches what looks like one of them."""
        found: list[BaseRoute] = []
        for place in ("{lecture:str}/{version:str}", "{lecture:str}/{slot:str}/{version:str}"):
            path, methods = f"{TIMELINE_PATH}/{place}", ["GET", "HEAD"]
            found += [Route(f"{path}/{name}", self._rendered, methods=methods) for name in _FORMS]
            found.append(Route(f"{path}/{TIMELINE_JSON}", self._json, methods=methods))
        return [*found, Route(f"{TIMELINE_PATH}/{{rest:path}}", _unknown)]

    def _json(self, request: Request) -> Response:
        """The value as stored, with a link beside each medium."""
        try:
            timeline = self._read(request).stored
        except LectureError as error:
            return _refusal(error)
        return JSONResponse(with_sources(timeline, {sha256: f"{MEDIA_PATH}/{sha256}" for sha256 in media_of(timeline)}))

    async def _rendered(self, request: Request) -> Response:
        """A film or a contact sheet: a film that the lecture keeps, or what is rendered now unless it has been."""
        form = _FORMS[request.url.path.rpartition("/")[2]]
        try:
            found = await run_in_threadpool(self._read, request)
            if form.name == "film" and found.film is not None and self._context.artifacts.has(found.film):
                return RedirectResponse(f"{MEDIA_PATH}/{found.film}")
            job = await run_in_threadpool(self._job, found, form)
            if not self._queue.has(job.out):
                job = await run_in_threadpool(self._checked, found, form)
                self._queue.start(job)
            if not await self._queue.wait(job.out, form.patience_s if self._patience_s is None else self._patience_s):
                return _wait(f"the {form.name} of {found.lecture} is being rendered: {self._queue.progress(job.out)}")
        except RenderQueueFullError:
            return _wait(f"too many others are being rendered; the {form.name} of {found.lecture} has to wait")
        except RenderError as error:
            return _sentence(f"the {form.name} of {found.lecture} cannot be rendered: {error}", HTTPStatus.INTERNAL_SERVER_ERROR)
        except LectureError as error:
            return _refusal(error)
        return _file(request, job.out, form, f"{found.lecture}{job.out.suffix}")

    def _read(self, request: Request) -> TimelineVersion:
        """The version that the path names; LectureError if there is none."""
        slot = request.path_params.get("slot")
        if slot is not None and not _SLOT.fullmatch(slot):
            message = f"{slot[:64]!r} is no segment; they are called s00, s01, …"
            raise UnknownTimelineError(message)
        number = None if slot is None else int(slot[1:])
        with self._context.database.read() as connection:
            return read_timeline_version(connection, request.path_params["lecture"], number, request.path_params["version"])

    def _job(self, found: TimelineVersion, form: _Form) -> RenderJob:
        """What to render, with placeholders for lost media. The file is named by it, so that it is rendered once."""
        media = set(media_of(found.playable))
        timeline = without_media(found.playable, media - self._context.artifacts.sizes(media).keys())
        suffix = ".mp4" if form.name == "film" else ".jpg"
        played = tuple(sorted(set(media_of(timeline))))
        return RenderJob(form.name, timeline, played, self._queue.folder / f"{digest(timeline)}{suffix}")

    def _checked(self, found: TimelineVersion, form: _Form) -> RenderJob:
        """The same, after the media were read as for an export: damaged ones are discarded."""
        for sha256 in set(media_of(found.playable)):
            self._context.artifacts.drop_if_damaged(sha256)
        return self._job(found, form)


def _file(request: Request, path: Path, form: _Form, name: str) -> Response:
    headers = {
        "Cache-Control": "no-cache",
        "ETag": f'"{path.stem}"',
        "X-Content-Type-Options": "nosniff",
    }
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return FileResponse(path, headers=headers, media_type=form.media_type, filename=name, content_disposition_type="inline")


def _wait(sentence: str) -> Response:
    """Say that the file is not there yet; browsers and programs ask again."""
    headers = {"Retry-After": str(_AGAIN_S), "Refresh": str(_AGAIN_S), "Cache-Control": "no-store"}
    return PlainTextResponse(f"{sentence}; this page reloads by itself\n", HTTPStatus.SERVICE_UNAVAILABLE, headers)


def _refusal(error: LectureError) -> Response:
    is_unknown = isinstance(error, UnknownLectureError | UnknownTimelineError)
    return _sentence(str(error), HTTPStatus.NOT_FOUND if is_unknown else HTTPStatus.INTERNAL_SERVER_ERROR)


def _sentence(sentence: str, status: HTTPStatus) -> Response:
    return PlainTextResponse(f"{sentence}\n", status)


def _unknown(_request: Request) -> Response:
    allowed = f"{TIMELINE_PATH}/LECTURE/VERSION/{FILM}, and for a segment {TIMELINE_PATH}/LECTURE/s00/VERSION/{FILM}"
    return _sentence(
        f"no such page of a timeline; allowed: {allowed} ({SHEET} and {TIMELINE_JSON} likewise)", HTTPStatus.NOT_FOUND
    )
