"""The routes of REST, of events and of media, for our server and Dagster's. What is wrong with a request is told as a problem."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

from graphql import GraphQLSchema
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lecture_assets.api.access import Access
from lecture_assets.api.event_stream import EventStreams
from lecture_assets.api.events_endpoint import EventsEndpoint
from lecture_assets.api.guard import SIGNATURE
from lecture_assets.api.http_problems import ProblemError, wrong_method
from lecture_assets.api.http_sender import HttpSenders
from lecture_assets.api.media_endpoint import MediaEndpoint
from lecture_assets.api.openapi import openapi
from lecture_assets.api.progress import ProgressSource
from lecture_assets.api.rest_endpoint import RestEndpoint
from lecture_assets.api.rest_operations import LECTURE, ROUTES
from lecture_assets.api.timeline_endpoint import TimelineEndpoint
from lecture_assets.runner.lectures import Lectures

Endpoint = Callable[[Request], Awaitable[Response]]
REST = "/api/"
"""What the paths of REST begin with."""
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
SIGNED = re.compile(r"/api/media/[^/]+|(?:/api)?/lectures/[^/]+/events")
"""The paths that a signed URL may have."""


def rest_routes(
    schema: GraphQLSchema, lectures: Lectures, access: Access, source: ProgressSource, streams: EventStreams
) -> list[BaseRoute]:
    """Return the routes; the last one catches what looks like one of them.

    access: knows who has a token; source: of events; streams: ends them
    """
    senders = HttpSenders(lectures, access)
    events = EventsEndpoint(schema, senders, source, streams)
    paths: dict[str, dict[str, Endpoint]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method] = RestEndpoint(schema, senders, route).__call__
    paths[f"{LECTURE}/timeline"] = {"GET": TimelineEndpoint(senders).__call__}
    paths[f"{LECTURE}/events"] = paths["/lectures/{lecture}/events"] = {"GET": events.__call__}
    paths["/api/media/{sha256}"] = {"GET": MediaEndpoint(senders).__call__}
    paths["/api/openapi.json"] = {"GET": _document(schema)}
    found: list[BaseRoute] = [Route(path, _dispatch(methods), methods=_METHODS) for path, methods in paths.items()]
    return [*found, Route(f"{REST}{{rest:path}}", _dispatch({}), methods=_METHODS)]


def _dispatch(methods: Mapping[str, Endpoint]) -> Endpoint:
    async def answer(request: Request) -> Response:
        endpoint = methods.get("GET" if request.method == "HEAD" else request.method)
        try:
            if endpoint is None:
                raise _unknown(methods)
            return await endpoint(request)
        except ProblemError as problem:
            answered = problem.response
            if SIGNATURE in request.query_params and SIGNED.fullmatch(request.url.path):
                answered.headers["Access-Control-Allow-Origin"] = "*"  # so that the page that has the URL learns why
            return answered

    return answer


def _unknown(methods: Mapping[str, Endpoint]) -> ProblemError:
    if not methods:
        return ProblemError(HTTPStatus.NOT_FOUND, "NOT_FOUND", "there is nothing at this path; /api/openapi.json has all paths")
    return wrong_method([*methods, *(["HEAD"] if "GET" in methods else [])])


def _document(schema: GraphQLSchema) -> Endpoint:
    text = json.dumps(openapi(schema))

    async def answer(_request: Request) -> Response:
        return Response(text, HTTPStatus.OK, {"X-Content-Type-Options": "nosniff"}, "application/json")

    return answer
