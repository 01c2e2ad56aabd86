"""What is true of a lecture that can be shown: it plays without gaps, it is heard, its pictures fit, its ledger equals its takes.

    read_checked ─► CheckedLecture ─► RULES[name] ─► CheckFinding: what is wrong, in sentences, and what was measured

Media are measured from their bytes: what a node says of its medium may be wrong. Changes nothing, and knows no Dagster.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.graph.kind import Holds, Per
from lecture_assets.graph.lecture import KINDS
from lecture_assets.graph.node import node_id
from lecture_assets.graph.settings import Settings
from lecture_assets.runner.reading.draft import remedy
from lecture_assets.runner.reading.film_notes import checked_film, rendered_film
from lecture_assets.runner.reading.ledger_check import LedgerComparison, compare_ledger
from lecture_assets.runner.reading.snapshot import read_snapshot
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import records
from lecture_assets.store.artifacts import Artifacts
from lecture_assets.timeline import film_checks, film_file_checks
from lecture_assets.timeline.film_checks import CheckedFilm
from lecture_assets.timeline.film_file_checks import RenderedFilm
from lecture_assets.timeline.motion import fit_of
from lecture_assets.timeline.validate import faults_of

AUDIBLE_DBFS = -60.0
"""RMS of three seconds. ACX, the largest publisher of audiobooks, accepts background noise up to this level; speech that is no
louder than a silent room is not heard."""
(TIMELINE,) = (kind.name for kind in KINDS.values() if kind.holds is Holds.TIMELINE)
_MICROS = 1_000_000
_IMAGE, _VIDEO, _NARRATION, _MUSIC = "image", "video", "narration", "music"
_HELD = {_IMAGE: (Holds.PICTURE, Per.IMAGE), _VIDEO: (Holds.CLIP, Per.SEGMENT), _NARRATION: (Holds.SPEECH, Per.SEGMENT)}
_KINDS = {
    **{medium: next(k.name for k in KINDS.values() if (k.holds, k.per) == held) for medium, held in _HELD.items()},
    _MUSIC: next(k.name for k in KINDS.values() if k.holds is Holds.MUSIC),
}
"""The kind of the nodes that each sort of medium in a timeline comes from."""


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """What a check found.

    faults:  what is wrong, a sentence each: the node, what was found, what can be done. None if the check passes
    figures: what was counted or measured, by name; units are in the names
    """

    faults: tuple[str, ...] = ()
    figures: Mapping[str, int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlacedMedium:
    """A medium in a timeline. sha256: None if it is missing there, for a reason."""

    node: str
    sort: str
    sha256: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class CheckedLecture:
    """A lecture as the rules see it.

    timeline: what its timeline node holds; None if it was never made. film: the same, as rules on films see it
    rendered: what was measured of its film; None if it was not rendered since the last change
    """

    lecture: str
    settings: Settings
    artifacts: Artifacts
    timeline: Mapping[str, Any] | None
    ledger: LedgerComparison
    film: CheckedFilm | None = None
    rendered: RenderedFilm | None = None

    def made_again(self, node: str) -> str:
        """What makes a lost medium again."""
        own = self.settings.of_node(node)
        return f"`lectures regenerate {self.lecture}` makes it again" if own.pinned is None else remedy(node, own)

    def made_anew(self, node: str) -> str:
        """What makes another in the place of a medium that is not good."""
        if self.settings.of_node(node).pinned is None:
            return f"`lectures edit {self.lecture} 'reroll {node}'` orders another"
        return f"supply another with `media {node}=@FILE`, or let a model make it with `unpin {node}`"

    def lost(self, placed: Sequence[PlacedMedium]) -> list[PlacedMedium]:
        """Those whose file is missing from the store, or not the right one, which is a gap."""
        named = {medium.sha256 for medium in placed if medium.sha256 is not None}
        missing = named - self.artifacts.sizes(named).keys()
        return [medium for medium in placed if medium.sha256 in missing]


def read_checked(context: Context, lecture: str) -> CheckedLecture:
    """Read everything that the rules need but the media. UnknownLectureError if the lecture does not exist."""
    with context.database.read() as connection:
        snapshot = read_snapshot(context, connection, lecture)
        timeline: Any = records.load_values(connection, lecture, [TIMELINE]).get(TIMELINE)
        ledger = compare_ledger(connection, lecture)
        settings = snapshot.graph.settings
        film = checked_film(timeline, settings, connection, lecture) if timeline is not None else None
        rendered = rendered_film(snapshot, connection)
    return CheckedLecture(lecture, settings, context.artifacts, timeline, ledger, film, rendered)


def _placed(timeline: Mapping[str, Any]) -> Iterator[PlacedMedium]:
    """Yield the media of a timeline in play order, the music last."""
    for segment in timeline["segments"]:
        slot = int(segment["slot"][1:])
        for node, sort, layer in _shown(segment["layers"], slot):
            yield _medium(layer, sort, node)
        yield _medium(segment["narration"], _NARRATION, node_id(_KINDS[_NARRATION], slot))
    if timeline["music"]["type"] != "none":
        yield _medium(timeline["music"], _MUSIC, _KINDS[_MUSIC])


def _shown(layers: Sequence[Mapping[str, Any]], slot: int) -> list[tuple[str, str, Mapping[str, Any]]]:
    """Return a segment's pictures, or its clip, each once: its node, its sort and the first of its layers."""
    shown: dict[str, tuple[str, str, Mapping[str, Any]]] = {}
    for number, layer in enumerate(layers):
        sort = layer.get("medium", layer["type"])
        node = node_id(_KINDS[sort], slot, layer.get("image", number) if sort == _IMAGE else None)
        shown.setdefault(node, (node, sort, layer))
    return list(shown.values())


def _medium(item: Mapping[str, Any], sort: str, node: str) -> PlacedMedium:
    return PlacedMedium(node, sort, item["media"]["sha256"] if "media" in item else None, item.get("reason", ""))


def _plays_without_gaps(checked: CheckedLecture, timeline: Mapping[str, Any]) -> CheckFinding:
    """The timeline covers its whole length with pictures, narration and captions, and the store has all of its media."""
    fps, placed = timeline["fps"], list(_placed(timeline))
    absent = [medium for medium in placed if medium.sha256 is None]
    lost = checked.lost(placed)
    unread = [s["slot"] for s in timeline["segments"] if s["narration"]["type"] != "missing" and not s["captions"]]
    untitled = [timeline["title"]["reason"]] if timeline["title"]["type"] == "missing" else []
    again = f"`lectures regenerate {checked.lecture}` makes what is missing"
    faults = (
        *(f"{TIMELINE}: {fault}: it is assembled again when what it shows is edited" for fault in faults_of(timeline)),
        *(f"{medium.node} is missing from the timeline ({medium.reason}): {again}" for medium in absent),
        *(f"the file of {one.node} is missing from the store, or damaged: {checked.made_again(one.node)}" for one in lost),
        *(f"{TIMELINE}: segment {slot} is spoken but has no captions: write its text with `text`" for slot in unread),
        *(f"the title is missing from the timeline ({reason}): {again}" for reason in untitled),
    )
    figures = {
        "seconds": round(timeline["duration_in_frames"] / fps, 2),
        "segments": len(timeline["segments"]),
        "media": len(placed),
        "missing_media": len(absent) + len(lost),
        "captions": sum(len(segment["captions"]) for segment in timeline["segments"]),
    }
    return CheckFinding(faults, figures)


def _narration_is_audible(checked: CheckedLecture, timeline: Mapping[str, Any]) -> CheckFinding:
    """Each narration is louder, for three seconds of it, than the noise that audiobooks may have in their silences."""
    from lecture_assets.render.measure import speech_level  # noqa: PLC0415 - media libraries

    faults, levels = [], []
    for medium, path in _files(checked, timeline, _NARRATION):
        try:
            levels.append(speech_level(path, AUDIBLE_DBFS))
        except WrongInputError as error:
            faults.append(_unreadable(checked, medium, error))
            continue
        if levels[-1] < AUDIBLE_DBFS:
            heard = f"is at most {levels[-1]:.0f} dBFS loud, which nobody hears ({AUDIBLE_DBFS:.0f} are needed)"
            faults.append(f"{medium.node} {heard}: {checked.made_anew(medium.node)}")
    quietest = {"quietest_dbfs": round(min(levels), 1)} if levels else {}
    return CheckFinding(tuple(faults), {"narrations": len(levels), **quietest})


def _pictures_fit(checked: CheckedLecture, timeline: Mapping[str, Any]) -> CheckFinding:
    """Each picture and clip fills the frame of the lecture with at most a quarter of it cut off, by its true size."""
    from lecture_assets.render.measure import clip_size, picture_size  # noqa: PLC0415 - media libraries

    frame, faults, sizes = (timeline["width"], timeline["height"]), [], []
    for medium, path in _files(checked, timeline, _IMAGE, _VIDEO):
        try:
            sizes.append(picture_size(path) if medium.sort == _IMAGE else clip_size(path))
        except WrongInputError as error:
            faults.append(_unreadable(checked, medium, error))
            continue
        width, height = sizes[-1]
        if fit_of({"width": width, "height": height}, frame) != "cover":
            found = f"has {width}×{height} pixels, the lecture {frame[0]}×{frame[1]}, so it does not fill the frame"
            faults.append(f"{medium.node} {found}: {checked.made_anew(medium.node)}")
    figures = {"pictures": len(sizes), "unfit_pictures": len(faults)}
    smallest = {"smallest_width": min(w for w, _ in sizes), "smallest_height": min(h for _, h in sizes)} if sizes else {}
    return CheckFinding(tuple(faults), {**figures, **smallest})


def _files(checked: CheckedLecture, timeline: Mapping[str, Any], *sorts: str) -> Iterator[tuple[PlacedMedium, Path]]:
    """Yield the media of these sorts, each with its file. Those without one are gaps, which another rule finds."""
    wanted = [medium for medium in _placed(timeline) if medium.sort in sorts]
    lost = checked.lost(wanted)
    with checked.artifacts.local() as local:
        for medium in wanted:
            if medium.sha256 and medium not in lost and (path := local(medium.sha256)).exists():
                yield medium, path


def _unreadable(checked: CheckedLecture, medium: PlacedMedium, error: WrongInputError) -> str:
    remedies = f"`lectures doctor --repair` if the disk damaged it; otherwise {checked.made_anew(medium.node)}"
    return f"the file of {medium.node} is {error.faults[0].found}: {remedies}"


def _ledger_equals_takes(checked: CheckedLecture) -> CheckFinding:
    """What the takes of the lecture cost is what was settled for their calls, and each call costs the sum of its attempts."""
    ledger = checked.ledger
    changed = (
        "something other than `lectures` changed the database: restore it from a backup, or compare it with the vendor's bill"
    )
    figures = {
        "spent_usd": ledger.spent / _MICROS,
        "in_takes_usd": ledger.in_takes / _MICROS,
        "without_take_usd": ledger.without_take / _MICROS,
        "paid_by_others_usd": ledger.paid_by_others / _MICROS,
        "paid_takes": ledger.takes,
    }
    return CheckFinding(tuple(f"{fault}: {changed}" for fault in ledger.faults), figures)


Rule: TypeAlias = Callable[[CheckedLecture], CheckFinding]


def _of_timeline(rule: Callable[[CheckedLecture, Mapping[str, Any]], CheckFinding]) -> Rule:
    """A rule about the timeline, which fails if there is none."""

    def check(checked: CheckedLecture) -> CheckFinding:
        if checked.timeline is None:
            return CheckFinding((f"{checked.lecture} has no timeline yet: `lectures regenerate {checked.lecture}` makes it",))
        return rule(checked, checked.timeline)

    check.__doc__ = rule.__doc__
    return check


def _of_film(rule: film_checks.Rule) -> Rule:
    """A rule on a timeline that has only sentences to give; it passes if there is none, which others say."""

    def check(checked: CheckedLecture) -> CheckFinding:
        return CheckFinding(tuple(rule(checked.film)) if checked.film else ())

    check.__doc__ = rule.__doc__
    return check


def _of_rendered(rule: film_file_checks.Rule) -> Rule:
    """A rule on a rendered film, which passes as long as there is none: that is made on demand."""

    def check(checked: CheckedLecture) -> CheckFinding:
        return CheckFinding(tuple(rule(checked.rendered)) if checked.rendered else (), {"films": int(bool(checked.rendered))})

    check.__doc__ = rule.__doc__
    return check


RULES: Mapping[str, Rule] = {
    "plays_without_gaps": _of_timeline(_plays_without_gaps),
    "narration_is_audible": _of_timeline(_narration_is_audible),
    "pictures_fit": _of_timeline(_pictures_fit),
    "ledger_equals_takes": _ledger_equals_takes,
    **{name: _of_film(rule) for name, rule in film_checks.RULES.items()},
    **{name: _of_rendered(rule) for name, rule in film_file_checks.RULES.items()},
}
"""The rules by name; the docstring of each says what is true if it passes."""
