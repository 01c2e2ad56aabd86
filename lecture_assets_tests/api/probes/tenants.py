"""Three workspaces of one database, each with secrets of its own, and the tokens of everybody who might ask for them.

A secret, or marker, is a word that stands in one workspace alone: in texts, ids, digests, plan tokens, names of requests.
"""

import base64
import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import Connection, Table, select, update

from lecture_assets.api.server import api_app
from lecture_assets.runner.change.access_tokens import create_token, revoke_token, rotate_token
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.watching.following import ProgressHub
from lecture_assets.store.schema import lectures as lecture_table
from lecture_assets.store.schema import tokens as token_table
from lecture_assets.store.tokens import AccessRole
from lecture_assets_tests.api.serving import BRIEF, ServedApi, open_lectures, serving_app

WORKSPACES = ("default", "left", "right")
SHARED, DELETED = "rain", "gone"
"""The ids of a lecture that each workspace has, and of one that each had."""
GLOBAL = {
    "clocks",
    "identity",
    "launched_runs",
    "media_objects",
    "queue_positions",
    "queue_tickets",
    "rate_limit_buckets",
    "signing_secrets",
    "watches",
    "webhook_messages",
    "worker_services",
}
"""Tables whose rows are of no workspace, or of what a workspace has elsewhere (messages of an endpoint)."""
_SUFFIX = re.compile(r"-[0-9a-f]{6}$")
_CURSOR = re.compile(r"[A-Za-z0-9_-]{12,}")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who sends a request. role: None for who must be answered 401; is_open: to the server on loopback."""

    name: str
    workspace: str
    role: AccessRole | None
    authorization: str | None
    is_open: bool = False


@dataclass
class Belongings:
    """What a workspace has, by what names it."""

    own: str
    target: str
    keys: Sequence[str] = ()
    upload: str = ""
    medium: str = ""
    plan_token: str = ""
    client_key: str = ""
    job: str = ""
    cursors: Sequence[str] = ()
    markers: set[str] = field(default_factory=set)


@dataclass
class World:
    """All of it, and the two servers: on loopback, and on an address that others reach."""

    lectures: Lectures
    open_port: int
    closed_port: int
    belongings: Mapping[str, Belongings]
    actors: Sequence[Actor]

    def of(self, workspace: str) -> Lectures:
        """The lectures of a workspace, as its people have them."""
        return Lectures(replace(self.lectures.context, workspace=workspace))

    def port(self, actor: Actor) -> int:
        """The port of the server that an actor asks."""
        return self.open_port if actor.is_open else self.closed_port

    def digest(self, workspace: str) -> str:
        """A digest of every row that is a workspace's."""
        with self.lectures.context.database.read() as connection:
            rows = [(table.name, sorted(map(repr, _rows(connection, table, workspace)))) for table in tables()]
        return hashlib.sha256(repr(rows).encode()).hexdigest()

    def keys(self) -> dict[str, str]:
        """The workspace of every lecture there ever was, by its key."""
        with self.lectures.context.database.read() as connection:
            return {str(row.id): str(row.workspace) for row in connection.execute(select(lecture_table))}

    def keys_of_no_name(self) -> list[str]:
        """Keys that tell, to whoever sees one, that another lecture has or had its name."""
        with self.lectures.context.database.read() as connection:
            rows = connection.execute(select(lecture_table.c.id, lecture_table.c.name))
            return [str(row.id) for row in rows if row.id != row.name and _SUFFIX.search(row.id)]

    def restore(self, workspace: str) -> None:
        """Have again what an operation may have removed or renamed, and nothing that only others are to have."""
        there = {one["lecture"] for one in self.of(workspace).all()}
        for name in there - {SHARED, self.belongings[workspace].own, self.belongings[workspace].target}:
            self.of(workspace).delete(name)
        for name in (SHARED, self.belongings[workspace].own):
            if name not in there:
                created(self.of(workspace), name, f"zq{workspace}zq")


def tables() -> Sequence[Table]:
    """Every table with rows of workspaces."""
    found = [table for table in lecture_table.metadata.sorted_tables if table.name not in GLOBAL]
    assert all("workspace" in table.c or "lecture" in table.c for table in found), "a new table belongs here, or to GLOBAL"
    return found


def _rows(connection: Connection, table: Table, workspace: str) -> Sequence[Any]:
    if "workspace" in table.c:
        return connection.execute(select(table).where(table.c.workspace == workspace)).all()
    mine = select(lecture_table.c.id).where(lecture_table.c.workspace == workspace)
    return connection.execute(select(table).where(table.c.lecture.in_(mine))).all()


def created(lectures: Lectures, name: str, marker: str) -> None:
    """Create a lecture whose texts have a marker."""
    from lecture_assets.briefs.reading import brief_from_document  # noqa: PLC0415 - of this function
    from lecture_assets.runner.setup.names import CatalogueNames  # noqa: PLC0415 - the same

    brief = {"prompt": f"Explain rain. {marker}", "notes": f"{BRIEF['notes']} {marker}", "title": f"Rain {marker}"}
    sizes = {"duration": 10, "segment_length": 5, "num_segments": 2, "images_per_segment": 1, "audience": marker}
    lectures.create(brief_from_document({**brief, **sizes}, CatalogueNames(lectures.context.catalogue)), name)


def picture(marker: str) -> str:
    """A picture that no other marker has, in Base64."""
    red, green, blue = hashlib.sha256(marker.encode()).digest()[:3]
    file = io.BytesIO()
    Image.new("RGB", (64, 64), (red, green, blue)).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def readable(answer: str) -> str:
    """An answer with what its cursors say in Base64 beside them."""
    return f"{answer} {' '.join(_said(found) for found in set(_CURSOR.findall(answer)))}"


def _said(text: str) -> str:
    try:
        return base64.urlsafe_b64decode(f"{text}{'=' * (-len(text) % 4)}").decode()
    except ValueError:
        return ""


@contextmanager
def tenants(home: Path, engine: str) -> Iterator[World]:
    """Build the world."""
    with ExitStack() as stack:
        lectures = stack.enter_context(open_lectures(home, engine, LECTURES_API_REQUESTS="0", LECTURES_API_COST="0"))
        hub = stack.enter_context(ProgressHub(lectures.context.database))
        ports = [stack.enter_context(serving_app(api_app(lectures, host, hub))) for host in ("127.0.0.1", "0.0.0.0")]  # noqa: S104 - it is bound to loopback
        belongings = {name: Belongings(f"only-{name}", f"target-{name}") for name in WORKSPACES}
        world = World(lectures, ports[0], ports[1], belongings, ())
        world.actors = [actor for name in WORKSPACES for actor in _actors(world, name)]
        for name in WORKSPACES:
            _settle(world, name)
        yield world


def _settle(world: World, workspace: str) -> None:
    """Fill a workspace."""
    mine, marker, lectures = world.belongings[workspace], f"zq{workspace}zq", world.of(workspace)
    for name in (SHARED, DELETED, mine.own, mine.target):
        created(lectures, name, marker)
    lectures.regenerate(SHARED)
    lectures.regenerate(DELETED)
    lectures.delete(DELETED)
    admin = next(a for a in world.actors if a.workspace == workspace and a.role is AccessRole.ADMIN and a.authorization)
    served, bearer = ServedApi(world.open_port, lectures), {"Authorization": admin.authorization or ""}

    def data(text: str, **variables: Any) -> Any:
        return json.loads(served.post({"query": text, "variables": variables}, **bearer).body)["data"]

    mine.client_key = f"key-{marker}"
    upload = "mutation($b: String!) { uploadMedium(sort: PICTURE, base64: $b) { ... on MediumUploaded { sha256 } } }"
    mine.upload = data(upload, b=picture(marker))["uploadMedium"]["sha256"]
    edit = """mutation($k: String, $id: ID!, $marker: String) {
      editLecture(id: $id, clientKey: $k, edits: [{set: {voice: "teacher", imageStyle: $marker}}]) { __typename } }"""
    data(edit, k=mine.client_key, id=mine.own, marker=marker)
    data(edit, k=f"shared {mine.client_key}", id=SHARED, marker=marker)
    plan = "query($id: ID!) { lecture(id: $id) { plan { ... on LecturePlan { token } } } }"
    mine.plan_token = data(plan, id=mine.own)["lecture"]["plan"]["token"]
    job = """mutation($title: String!) { importLectures(lectures: [{lecture: {title: $title, segments: [{narration: $title}]}}]) {
      ... on LectureImportQueued { import { id } } } }"""
    mine.job = data(job, title=f"Imported {marker}")["importLectures"]["import"]["id"]
    pages = '{ lectures(first: 1) { pageInfo { endCursor } } lecture(id: "rain") { nodes(first: 1) { pageInfo { endCursor } } } }'
    found = data(pages)
    mine.cursors = [found["lectures"]["pageInfo"]["endCursor"], found["lecture"]["nodes"]["pageInfo"]["endCursor"]]
    mine.keys = [key for key, whose in world.keys().items() if whose == workspace]
    held = [value for value in lectures.holdings(SHARED).values() if isinstance(value, dict) and "sha256" in value]
    mine.medium = str(held[0]["sha256"])
    mine.markers |= {marker, mine.own, mine.upload, mine.plan_token, mine.client_key, mine.job, workspace_of_token(admin)}


def workspace_of_token(actor: Actor) -> str:
    """The id of an actor's token, which nobody else may be told."""
    return (actor.authorization or "").split("_")[1]


def _actors(world: World, workspace: str) -> Iterator[Actor]:
    context = world.of(workspace).context

    def bearer(role: AccessRole = AccessRole.ADMIN) -> str:
        return f"Bearer {create_token(context, role, '')['token']}"

    def end(header: str, **values: float) -> str:
        mine = update(token_table).where(token_table.c.id == header.split("_")[1])
        context.database.writing(lambda c: c.execute(mine.values(**values)) and None)
        return header

    for role in AccessRole:
        header = bearer(role)
        yield Actor(f"{role} of {workspace}", workspace, role, header)
        yield Actor(f"{role} of {workspace} on loopback", workspace, role, header, is_open=True)
    rotated, revoked = bearer(), bearer()
    fresh = rotate_token(context, rotated.split("_")[1], 0)["token"]
    revoke_token(context, revoked.split("_")[1])
    yield Actor(f"rotated in {workspace}", workspace, AccessRole.ADMIN, f"Bearer {fresh}")
    admin = bearer()
    wrong = {
        "rotated out": rotated,
        "revoked": revoked,
        "expired": end(bearer(), expires_at=1.0),
        "malformed": "Bearer lect_",
        "of nobody": f"Bearer lect_{'0' * 12}_{'A' * 43}",
        "with another's secret": f"{admin[:25]}{fresh[17:]}",
        "another scheme": f"Basic {admin.removeprefix('Bearer ')}",
    }
    for name, header in wrong.items():
        for is_open in (False, True):
            yield Actor(f"{name} in {workspace}", workspace, None, header, is_open=is_open)
    yield Actor("nobody", workspace, None, None)
    if workspace == "default":
        yield Actor("nobody on loopback", workspace, AccessRole.ADMIN, None, is_open=True)
