"""START HERE: what the command line, GraphQL and Dagster do with lectures. One method a verb; documents are INTERFACES' JSON."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection

from lecture_assets.briefs.brief import Brief
from lecture_assets.briefs.edit_syntax import edit_text, parse_edits
from lecture_assets.briefs.lecture_id import check_id
from lecture_assets.graph.edits import Edit, Moment, apply_edits, newly_pinned
from lecture_assets.graph.errors import ConflictError, RefusedError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.settings import Settings, new_settings
from lecture_assets.graph.staleness import Status
from lecture_assets.runner import documents
from lecture_assets.runner.context import Context, open_context
from lecture_assets.runner.draft import draft_timeline
from lecture_assets.runner.draft_writer import DraftWriter
from lecture_assets.runner.events import Exporting, Watch, unwatched
from lecture_assets.runner.names import check_inputs, check_name
from lecture_assets.runner.regeneration import EVERYTHING, Scope, regenerate
from lecture_assets.runner.snapshot import Snapshot, plan_of, read_snapshot, supplied_record
from lecture_assets.store import lectures, ledger, plans, records
from lecture_assets.store.lectures import Head, Revision
from lecture_assets.store.records import Take

_RACES = 20
"""How often an edit without --if-version follows a head that moves under it before it gives up."""


@dataclass(frozen=True, slots=True)
class Created:
    """A lecture, and whether it is new: the same brief under the same id again is the same lecture."""

    lecture: str
    version: int
    new: bool


class Lectures(AbstractContextManager["Lectures"]):
    """The lectures of one workspace in one store."""

    def __init__(self, context: Context) -> None:
        """Use `Lectures.open` unless the context is made by hand."""
        self.context = context

    @classmethod
    def open(cls, environ: Mapping[str, str]) -> Self:
        """The store and the providers that the environment names."""
        return cls(open_context(environ))

    def __exit__(self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        """Give the connections back."""
        self.context.close()

    def create(self, brief: Brief, lecture: str) -> Created:
        """A new lecture at version 1; the existing one where it came from the same brief. RefusedError where from another.

        WrongInputError for an id that is none, and for a voice, a language or a model that there is not.
        """
        check_id(lecture)
        settings = new_settings(brief.inputs(self.context.default_models), brief.nodes())
        check_inputs(settings.inputs)
        head = Head(lecture, self.context.workspace, 1, 0, settings.digest(), settings)
        with self.context.database.write() as connection:
            if lectures.create(connection, head, self.context.clock.now()):
                return Created(lecture, 1, new=True)
            found = lectures.head(connection, lecture)
        if found.brief_digest != head.brief_digest:
            message = (
                f"lecture {lecture} exists and was made from another brief; nothing was changed "
                f"(give this one another --id, or change that one with `lectures edit {lecture}`)"
            )
            raise RefusedError(message)
        return Created(lecture, found.version, new=False)

    def all(self) -> list[dict[str, Json]]:
        """Every lecture, the newest first."""
        with self.context.database.read() as connection:
            return [
                {
                    "lecture": row["id"],
                    "version": row["head"],
                    "published": row["published"],
                    "request": row["state"],
                    "created_at": row["created_at"],
                }
                for row in lectures.all_lectures(connection)
            ]

    def status(self, lecture: str) -> dict[str, Json]:
        """Every node with its status."""
        return self._read(lecture, documents.status_document)

    def graph(self, lecture: str) -> dict[str, Json]:
        """The lecture's graph as one document."""
        return self._read(lecture, lambda snapshot, _: documents.graph_document(snapshot))

    def explain(self, lecture: str, node: str) -> dict[str, Json]:
        """Where a node's value comes from, and why it is stale."""
        return self._read(lecture, lambda snapshot, connection: documents.explain_document(snapshot, connection, node))

    def _read(self, lecture: str, document: Callable[[Snapshot, Connection], dict[str, Json]]) -> dict[str, Json]:
        with self.context.database.read() as connection:
            return document(read_snapshot(self.context, connection, lecture), connection)

    def plan(self, lecture: str, edits: Sequence[str] = (), scope: Scope = EVERYTHING) -> dict[str, Json]:
        """What would be made, after these edits if any; nothing is saved."""
        with self.context.database.read() as connection:
            settings = None
            if edits:
                head = lectures.head(connection, lecture)
                settings, _ = self._edited(connection, head, edits)
            snapshot = read_snapshot(self.context, connection, lecture, settings)
            return documents.plan_document(plan_of(snapshot, connection, scope.targets(snapshot.graph)))

    def stored_plan(self, lecture: str) -> dict[str, Json] | None:
        """The graph and the plan that the newest regeneration set out with; None before the first."""
        with self.context.database.read() as connection:
            stored = plans.load(connection, lecture)
        return {"graph": stored.graph, "plan": stored.plan, "stored_at": stored.stored_at} if stored else None

    def edit(
        self, lecture: str, edits: Sequence[str], if_version: int | None = None, client_key: str | None = None
    ) -> dict[str, Json]:
        """One atomic revision. ConflictError where the head is not `if_version`.

        A client key that was seen answers with the revision it made, and what is stale today; RefusedError for other edits.
        """
        for _ in range(_RACES):
            with self.context.database.read() as connection:
                head = lectures.head(connection, lecture)
                seen = lectures.by_client_key(connection, lecture, client_key) if client_key else None
                if seen is not None:
                    self._check_repeated(head, seen, edits, client_key)
                    return self._edit_document(lecture, *seen)
                if if_version is not None and if_version != head.version:
                    raise ConflictError(lecture, if_version, head.version)
                settings, parsed = self._edited(connection, head, edits)
            try:
                self._append(head, settings, parsed, client_key)
            except ConflictError:
                continue
            return self._edit_document(lecture, head.version + 1, [edit_text(edit) for edit in parsed])
        message = f"lecture {lecture} is being edited so often that this edit found no gap; nothing was changed (try again)"
        raise RefusedError(message)

    def _check_repeated(self, head: Head, seen: tuple[int, list[str]], edits: Sequence[str], client_key: str | None) -> None:
        """RefusedError where a key that was seen comes with other edits: answering as then would lose them."""
        version, then = seen
        if [edit_text(edit) for edit in parse_edits(edits, head.settings, check_name)] != then:
            message = (
                f"client key {client_key!r} made version {version} of lecture {head.lecture} with other edits "
                f"({'; '.join(then)}); nothing was changed (send these with a key of their own)"
            )
            raise RefusedError(message)

    def _edited(self, connection: Connection, head: Head, edits: Sequence[str]) -> tuple[Settings, tuple[Edit, ...]]:
        parsed = parse_edits(edits, head.settings, check_name)

        def held(node: str) -> Json:
            return records.load_values(connection, head.lecture, [node]).get(node)

        return apply_edits(head.settings, parsed, Moment(head.version + 1, held)), parsed

    def _append(self, head: Head, settings: Settings, edits: Sequence[Edit], client_key: str | None) -> None:
        now = self.context.clock.now()
        revision = Revision(head.version + 1, settings, tuple(edit_text(edit) for edit in edits), client_key)
        with self.context.database.write() as connection:
            lectures.append(connection, head.lecture, revision, now)
            for node, value in newly_pinned(head.settings, settings).items():
                record = supplied_record(node, value)
                take = Take(node, record.version, record.fingerprint, record.recipe, value, None, "person", now, 0)
                records.save_take(connection, head.lecture, take, counts=True)

    def _edit_document(self, lecture: str, version: int, edits: Sequence[str]) -> dict[str, Json]:
        with self.context.database.read() as connection:
            snapshot = read_snapshot(self.context, connection, lecture)
        stale: list[Json] = [node for node, finding in snapshot.findings.items() if finding.status is not Status.FRESH]
        return {"lecture": lecture, "version": version, "edits": list(edits), "stale": stale}

    def regenerate(
        self, lecture: str, scope: Scope = EVERYTHING, watch: Watch = unwatched, out: Path | None = None
    ) -> dict[str, Json]:
        """Converge on the head; segment timelines are written to `out` as they become playable, the whole at the end."""
        folder = out or self.context.home / "timelines" / lecture
        compared: dict[str, str] = {}
        with DraftWriter(lambda: self._write_draft(lecture, folder, compared), watch) as drafts:
            report = asyncio.run(regenerate(self.context, lecture, scope, drafts.watch))
        return {**report, "timeline": str(self._write_draft(lecture, folder))}

    def draft(self, lecture: str) -> dict[str, Any]:
        """The timeline as far as the lecture is made."""
        with self.context.database.read() as connection:
            return draft_timeline(read_snapshot(self.context, connection, lecture), connection)

    def _write_draft(self, lecture: str, folder: Path, compared: dict[str, str] | None = None) -> Path:
        from lecture_assets.render.folder import write_timeline  # noqa: PLC0415 - media libraries

        return write_timeline(self.draft(lecture), folder, self.context.artifacts.path, compared)

    def export(self, lecture: str, out: Path, watch: Watch = unwatched, *, video: bool = True) -> Path:
        """Timeline, captions, media and the video into a folder; the timeline's path."""
        from lecture_assets.render.folder import export_folder  # noqa: PLC0415 - media libraries

        self._drop_damaged(lecture)
        return export_folder(
            self.draft(lecture),
            out,
            self.context.artifacts.path,
            video=video,
            progress=lambda fraction: watch(Exporting(fraction)),
        )

    def _drop_damaged(self, lecture: str) -> None:
        """Media whose bytes are not what they were count as lost: a `missing` layer now, made again by the next run."""
        with self.context.database.read() as connection:
            lectures.version_of(connection, lecture)
            for artifact in records.artifacts(connection, lecture):
                self.context.artifacts.drop_if_damaged(artifact)

    def costs(self, lecture: str | None = None, workspace: str | None = None) -> dict[str, Json]:
        """The ledger of a lecture, or of a whole workspace (of this one, where none is named)."""
        asked = workspace or self.context.workspace
        with self.context.database.read() as connection:
            if lecture is not None:
                lectures.version_of(connection, lecture)
            rows = ledger.entries(connection, lecture=lecture, workspace=asked)
        return {"lecture": lecture, "workspace": asked, **documents.costs_document([dict(row) for row in rows])}

    def history(self, lecture: str) -> list[dict[str, Json]]:
        """The lecture's revisions, the oldest first."""
        with self.context.database.read() as connection:
            return [dict(row) for row in lectures.history(connection, lecture)]

    def voices(self) -> list[dict[str, Json]]:
        """The voices that speech can have."""
        from lecture_assets.providers.simulated.voices import VOICES  # noqa: PLC0415 - known to the provider alone

        return [{"voice": name} for name in VOICES]
