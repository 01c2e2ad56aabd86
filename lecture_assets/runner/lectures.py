"""START HERE: what the command line and Dagster do with lectures, one method each. The answers are JSON documents."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from lecture_assets.briefs.adopted import Adopted
from lecture_assets.briefs.brief import Brief
from lecture_assets.graph.errors import WrongInputError
from lecture_assets.runner.calls.canceling import cancel_calls
from lecture_assets.runner.change.copying import copy_lecture
from lecture_assets.runner.change.creating import Created, create_lecture
from lecture_assets.runner.change.deleting import delete_lecture
from lecture_assets.runner.change.importing import ImportDocument, adopt
from lecture_assets.runner.change.planning import offer_plan, plan_lecture
from lecture_assets.runner.change.promoting import promote_lecture
from lecture_assets.runner.change.renaming import rename_lecture
from lecture_assets.runner.change.revising import REDO_REQUEST, UNDO_REQUEST, edit_document, edit_request, revise
from lecture_assets.runner.change.uploads import UploadStaging
from lecture_assets.runner.reading.conflicts import conflicts
from lecture_assets.runner.reading.film_letters import undrawable
from lecture_assets.runner.reading.film_notes import FilmNotes, film_notes, rendered_notes
from lecture_assets.runner.reading.plan_document import PlanDocument
from lecture_assets.runner.reading.proof import bytes_of
from lecture_assets.runner.reading.reader import LectureReader
from lecture_assets.runner.reading.shapes import CopyDocument, EditDocument
from lecture_assets.runner.reading.snapshot import read_snapshot
from lecture_assets.runner.regenerate.draft_writer import DraftWriter
from lecture_assets.runner.regenerate.regeneration import regenerate
from lecture_assets.runner.regenerate.report import ReportDocument
from lecture_assets.runner.regenerate.scope import EVERYTHING, Scope
from lecture_assets.runner.regenerate.timeline_files import export_as, export_lecture, write_timeline_files
from lecture_assets.runner.setup.context import open_context
from lecture_assets.runner.setup.events import Watch, unwatched
from lecture_assets.store import lectures, requests, webhooks
from lecture_assets.store.webhooks import WebhookType

T = TypeVar("T")


class Lectures(LectureReader, AbstractContextManager["Lectures"]):
    """The lectures of one workspace in one store, by their names; all by their keys with `Context.uses_keys`."""

    @classmethod
    def open(cls, environ: Mapping[str, str], *, reads: bool = False) -> Self:
        """Open the store and the vendors that the environment names.

        reads: nothing but exports will be written; works with another database's media folder too
        """
        return cls(open_context(environ, reads=reads))

    def __exit__(self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        """Close the connections."""
        self.context.close()

    def create(self, brief: Brief, lecture: str) -> Created:
        """Create a lecture at version 1, or return the existing one if it came from the same brief.

        RefusedError if it came from another brief. WrongInputError for an invalid id, or an unknown model, voice or language.
        """
        return create_lecture(self.context, brief, lecture)

    def check_letters(self, lecture: str) -> None:
        """Raise WrongInputError if a known text has letters that no installed font has: its film could not be written."""
        with self.context.database.read() as connection:
            head = lectures.head(connection, self.context.key_of(connection, lecture))
        if faults := undrawable(head.settings):
            raise WrongInputError(faults)

    def plan(self, lecture: str, edits: Sequence[str] = (), scope: Scope = EVERYTHING) -> PlanDocument:
        """What a run would make, after these edits if any. Saves nothing but the offer that the plan's token names."""
        with self.context.database.read() as connection:
            key = self.context.key_of(connection, lecture)
            planned = plan_lecture(self.context, connection, key, edits, scope.targets)
        offer_plan(self.context, key, planned.plan)
        return planned.document()

    def edit(
        self, lecture: str, edits: Sequence[str], if_version: int | None = None, client_key: str | None = None
    ) -> EditDocument:
        """Append one atomic revision. ConflictError if the head is not `if_version`.

        A client key that was used before returns the revision it made, and what is stale today; RefusedError for other edits.
        """
        with self.context.artifacts.shared(), UploadStaging(self.context) as staging:
            return revise(self.context, self.key_of(lecture), edit_request(self.context, staging, edits), if_version, client_key)

    def undo(self, lecture: str, if_version: int | None = None, client_key: str | None = None) -> EditDocument:
        """Go one revision back, as a new revision; repeated, further back. RefusedError at the first."""
        return revise(self.context, self.key_of(lecture), UNDO_REQUEST, if_version, client_key)

    def redo(self, lecture: str, if_version: int | None = None, client_key: str | None = None) -> EditDocument:
        """Restore the revision that was undone last. RefusedError if nothing was undone since the last edit."""
        return revise(self.context, self.key_of(lecture), REDO_REQUEST, if_version, client_key)

    def copy(self, source: str, target: str, edits: Sequence[str] = ()) -> CopyDocument:
        """Create a variant of a lecture, which shares all that is equal; nothing of it is made yet."""
        with self.context.artifacts.shared():
            copied = copy_lecture(self.context, self.key_of(source), target, edits)
        return {"copied_from": source, "created": copied.new, **edit_document(self.context, copied.key, 1, edits)}

    def rename(self, lecture: str, new: str) -> None:
        """Give a lecture another id. WrongInputError for an invalid one, RefusedError if another lecture has it."""
        rename_lecture(self.context, self.key_of(lecture), lecture, new)

    def delete(self, lecture: str) -> None:
        """Delete a lecture with all that was made for it alone; its costs stay in the accounts. BusyError while it is made."""
        delete_lecture(self.context, self.key_of(lecture))

    def adopt(self, found: Adopted, lecture: str | None = None, *, shadow: bool = False) -> ImportDocument:
        """Import a lecture that was made elsewhere; buys nothing. shadow: it is planned and priced, and never made."""
        with self.context.artifacts.shared():
            return adopt(self.context, found, lecture, shadow=shadow)

    def promote(self, lecture: str) -> bool:
        """Make a shadow a lecture like any other; buys nothing. False if it is none."""
        return promote_lecture(self.context, self.key_of(lecture))

    def cancel(self, lecture: str) -> list[str]:
        """Withdraw the request to regenerate, until the next edit. Returns the nodes whose calls were cancelled at vendors.

        A living worker goes on: whoever started it stops it.
        """
        key = self.key_of(lecture)
        with self.context.database.write() as connection:
            requests.withdraw(connection, key, self.context.store_time(connection))
        return asyncio.run(cancel_calls(self.context, key))

    def regenerate(
        self, lecture: str, scope: Scope = EVERYTHING, watch: Watch = unwatched, out: Path | None = None
    ) -> ReportDocument:
        """Make all that is stale. The timeline is written to `out` whenever a segment becomes playable, and at the end."""
        lecture = self.key_of(lecture)
        folder = out or self.context.home / "timelines" / lecture
        compared: dict[str, str] = {}
        with DraftWriter(lambda: write_timeline_files(self.context, lecture, folder, compared), watch) as drafts:
            report = asyncio.run(regenerate(self.context, lecture, scope, drafts.watch))
        with self.context.database.read() as connection:
            snapshot = read_snapshot(self.context, connection, lecture)
            conflicting = list(conflicts(snapshot, connection))
        if report["made"] and conflicting:
            self._tell_of_conflicts(lecture, snapshot.head.version, conflicting)
        sizes = bytes_of(self.context, snapshot.takes.counting.values(), set(report["made"]), set(report["restored"]))
        timeline = write_timeline_files(self.context, lecture, folder)
        written = json.loads(timeline.read_text(encoding="utf-8"))
        with self.context.database.read() as connection:
            warnings = film_notes(written, snapshot.graph.settings, connection, lecture).sentences
            warnings += rendered_notes(snapshot, connection).sentences
        return {**report, **sizes, "conflicts": conflicting, "timeline": str(timeline), "warnings": warnings}

    def rendered_notes(self, lecture: str) -> FilmNotes:
        """What is wrong with the film as it was rendered; nothing if it is not kept, as of an unfinished lecture."""
        with self.context.database.read() as connection:
            return rendered_notes(read_snapshot(self.context, connection, self.context.key_of(connection, lecture)), connection)

    def film_notes(self, lecture: str, timeline: Path) -> FilmNotes:
        """What is wrong with the film as it was rendered. timeline: the lecture's, in a file; a film may be broken by it, too."""
        with self.context.database.read() as connection:
            snapshot = read_snapshot(self.context, connection, self.context.key_of(connection, lecture))
            written = json.loads(timeline.read_text(encoding="utf-8"))
            planned = film_notes(written, snapshot.graph.settings, connection, snapshot.head.lecture)
            seen = rendered_notes(snapshot, connection)
        return FilmNotes(seen.sentences, seen.is_broken or planned.is_broken)

    def _tell_of_conflicts(self, key: str, version: int, nodes: Sequence[str]) -> None:
        data, now_of = {"version": version, "nodes": list(nodes)}, self.context.store_time
        self.context.database.writing(lambda c: webhooks.enqueue(c, key, WebhookType.CONFLICT, data, now_of(c)))

    def export(self, lecture: str, out: Path, watch: Watch = unwatched, *, video: bool = True) -> Path:
        """Write timeline, captions, media and the video into a folder; returns the timeline's path."""
        return export_lecture(self.context, self.key_of(lecture), out, watch, video=video)

    def export_as(self, lecture: str, form: str, out: Path, watch: Watch = unwatched) -> Path:
        """Write the lecture in one of the formats of `render/forms.py`. Return the file to open."""
        return export_as(self.context, self.key_of(lecture), form, out, watch)
