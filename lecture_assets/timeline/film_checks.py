"""What viewers of a lecture would miss, found in its timeline before anything is rendered: rules of one sentence each. Pure.

    timeline, and what was asked for ─► RULES[name] ─► a sentence: slots, figures, and what to do; or none

A rule's docstring says what is true if it has nothing to say. `film_file_checks.py` has the rules about what was rendered.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from lecture_assets.timeline.caption import LONGEST_MS, SHORTEST_MS
from lecture_assets.timeline.coverage import LONGEST_VIEW_MS, SLOWEST_PERMILLE, covered
from lecture_assets.timeline.text_width import width_of

LENGTH_PERCENT = 10
"""How far a film's length may differ from what was asked for."""
FILLED_PERCENT = 60
"""The least part of a segment of fixed length that speech should fill: in the rest, pictures change in silence."""
FASTEST_CPS, FASTEST_WIDE_CPS = 20, 9
"""Letters a second that adults read: Netflix's Timed Text Style Guides for English, and for full-width letters of Chinese."""
_MEASURED_MS = 40
"""A caption ends and begins with frames: so much, it may be shorter or longer than its limit."""
MOST_GAIN_MILLIBEL = 2_000
"""A recording at -36 LUFS: amplified further, its noise is heard with it (a quiet room is some 25 dB under speech)."""
CLIPPED_PERMILLE = 20
"""Of its time. Speech that was recorded 6 dB too loud is clipped for 6 %, 3 dB too loud for 1 % (measured with espeak-ng's)."""
_NAMED = 5
"""How many segments a sentence names."""


@dataclass(frozen=True, slots=True)
class CheckedFilm:
    """A timeline, and what it does not say.

    asked_ms: the length that was asked for; None if nobody asked. asked_as: the settings that say so
    remedy:   how to ask for another length, given in seconds
    has_notes: whether the narrations are a person's notes
    silent:   what was measured to be silent: slots, and `music`
    clipped:  for how much of its time each recording is clipped, in permille, by slot
    boxes:    sentences about letters that no font has
    """

    timeline: Mapping[str, Any]
    asked_ms: int | None = None
    asked_as: str = "duration"
    remedy: str = "set duration={}"
    has_notes: bool = False
    silent: frozenset[str] = frozenset()
    clipped: Mapping[str, int] = field(default_factory=dict)
    boxes: Sequence[str] = field(default=())

    @property
    def segments(self) -> Sequence[Mapping[str, Any]]:
        """The segments in play order."""
        found: Sequence[Mapping[str, Any]] = self.timeline["segments"]
        return found

    def ms(self, frames: int) -> int:
        """Frames in milliseconds."""
        length: int = frames * 1000 // self.timeline["fps"]
        return length


def _length(film: CheckedFilm) -> Iterator[str]:
    """The film is as long as was asked for, by a tenth of that."""
    made_ms = film.ms(film.timeline["duration_in_frames"])
    if film.asked_ms and abs(made_ms - film.asked_ms) * 100 > LENGTH_PERCENT * film.asked_ms:
        longer, change = ("longer", "shorten") if made_ms > film.asked_ms else ("shorter", "lengthen")
        texts = "the notes, which are narrated as they are" if film.has_notes else "the narrations"
        fits = f", or {film.remedy.format(round(made_ms / 1000))}"
        percent = round(100 * abs(made_ms - film.asked_ms) / film.asked_ms)
        asked = f"the {round(film.asked_ms / 1000)} s that {film.asked_as} asks for"
        yield f"the film lasts {round(made_ms / 1000)} s, {percent} % {longer} than {asked}: {change} {texts}{fits}"


def _speech(film: CheckedFilm) -> Iterator[str]:
    """Speech fills at least 60 % of each segment of fixed length."""
    if film.timeline["assembly_strategy"] != "fixed-length":
        return
    empty = [
        (segment["slot"], f"{100 * segment['narration']['duration_ms'] // film.ms(segment['duration_in_frames'])} %")
        for segment in film.segments
        if segment["narration"]["duration_ms"] * 100 < FILLED_PERCENT * film.ms(segment["duration_in_frames"])
    ]
    if empty:
        yield (
            f"speech fills less than {FILLED_PERCENT} % of {_count(empty, 'segment')} ({listed(empty)}): lengthen the text, "
            "shorten segment_length, or choose assembly_strategy=narration-led"
        )


def _fast(film: CheckedFilm) -> Iterator[str]:
    """Captions have at most 20 letters a second, 9 where letters are full-width."""
    fast = []
    for slot, caption in _captions(film):
        if per_second := reading_speed(caption["text"], caption["end_ms"] - caption["start_ms"]):
            fast.append((slot, f"{per_second}"))
    if fast:
        worst = dict(sorted(fast, key=lambda one: int(one[1])))
        which = "1 caption passes" if len(fast) == 1 else f"{len(fast)} captions pass"
        yield (
            f"{which} faster than people read (letters a second: {listed([(s, worst[s]) for s, _ in fast], once=True)}): "
            "shorten the text, or choose a slower voice"
        )


def reading_speed(text: str, seen_ms: int) -> int:
    """Return how many letters a second pass while a text is seen, if those are more than people read; else 0."""
    columns = width_of(text)
    letters, limit = (columns // 2, FASTEST_WIDE_CPS) if columns * 2 > len(text) * 3 else (columns, FASTEST_CPS)
    return letters * 1000 // max(1, seen_ms) if letters * 1000 > limit * (seen_ms + _MEASURED_MS) else 0


def _brief(film: CheckedFilm) -> Iterator[str]:
    """Captions are seen for 0.83 to 7 seconds."""
    short, long = [], []
    for slot, caption in _captions(film):
        seen_ms = caption["end_ms"] - caption["start_ms"]
        if seen_ms < SHORTEST_MS - _MEASURED_MS:
            short.append((slot, f"{seen_ms / 1000:.1f} s"))
        if seen_ms > LONGEST_MS + _MEASURED_MS:
            long.append((slot, f"{seen_ms / 1000:.1f} s"))
    for found, limit, remedy in (
        (short, "less than 0.83 s", "write longer sentences, or record them with pauses between"),
        (long, "more than 7 s", "write shorter sentences, or record them faster"),
    ):
        if found:
            which = "1 caption is" if len(found) == 1 else f"{len(found)} captions are"
            yield f"{which} seen for {limit} ({listed(found, once=True)}): {remedy}"


def _clips(film: CheckedFilm) -> Iterator[str]:
    """Clips cover their segments, slowed to at most 1.6 times."""
    short = [(part.slot, f"for {part.last_frame_ms / 1000:.1f} s") for part in covered(film.timeline) if part.last_frame_ms]
    if short:
        clips = "a clip is" if len(short) == 1 else f"{len(short)} clips are"
        slowest = f"{1000 / SLOWEST_PERMILLE:.1f} times"
        longer = f"supply a longer one with `media asset:video:segment[{int(short[0][0][1:])}]=@FILE`, or shorten the narration"
        yield f"{clips} too short even when slowed to {slowest}, so a last frame moves on: in {listed(short)}; {longer}"


def _letters(film: CheckedFilm) -> Iterator[str]:
    """Every letter of captions and title has a font."""
    yield from (f"no video can be written: {sentence}" for sentence in film.boxes)


def _alt(film: CheckedFilm) -> Iterator[str]:
    """Every picture and clip has an alt text."""
    without = [
        (segment["slot"], "")
        for segment in film.segments
        if any(layer["type"] != "missing" and not layer.get("alt", "").strip() for layer in segment["layers"])
    ]
    if without:
        yield (
            f"pictures of {_count(without, 'segment')} have no alt text ({listed(without)}): say what they show with "
            f"`text content:visual:segment[{int(without[0][0][1:])}]=…`"
        )


def _views(film: CheckedFilm) -> Iterator[str]:
    """No picture is shown for more than 8 seconds without a change of view."""
    long = [
        (part.slot, f"for {part.longest_view_ms / 1000:.1f} s")
        for part in covered(film.timeline)
        if part.longest_view_ms > LONGEST_VIEW_MS
    ]
    if long:
        yield f"a picture is shown for more than 8 s without a change of view, in {listed(long)}: raise images_per_segment"


def _gain(film: CheckedFilm) -> Iterator[str]:
    """Recordings are loud enough: none is silent, and none needs more than 20 dB."""
    quiet = [
        (segment["slot"], f"{segment['narration']['gain_millibel'] / 100:.0f} dB")
        for segment in film.segments
        if segment["narration"].get("gain_millibel", 0) > MOST_GAIN_MILLIBEL
    ]
    silent = [(slot, "") for slot in (segment["slot"] for segment in film.segments) if slot in film.silent]
    if quiet:
        which = "a recording is" if len(quiet) == 1 else f"{len(quiet)} recordings are"
        yield f"{which} so quiet that noise is heard once amplified ({listed(quiet)}): {_another(quiet[0][0], 'a louder one')}"
    if silent:
        which = "a recording is" if len(silent) == 1 else f"{len(silent)} recordings are"
        yield f"{which} silent ({listed(silent)}): {_another(silent[0][0], 'an audible one')}"


def _clipped(film: CheckedFilm) -> Iterator[str]:
    """No recording is clipped for more than 2 % of its time."""
    return clipping(film.clipped)


def clipped_permille(recording: Mapping[str, Any]) -> int:
    """Return for how much of its time a recording is clipped. recording: a value of `content.Speech`, measured or not."""
    clipped_ms: int = recording.get("measured", {}).get("clipped_ms", 0)
    return 1000 * clipped_ms // int(recording["duration_ms"])


def clipping(clipped: Mapping[str, int]) -> Iterator[str]:
    """Yield a sentence about recordings that are clipped for longer than they may be. clipped: in permille, by slot."""
    if found := [(slot, f"for {share / 10:.1f} % of its time") for slot, share in clipped.items() if share > CLIPPED_PERMILLE]:
        which = "a recording is" if len(found) == 1 else f"{len(found)} recordings are"
        softer = _another(found[0][0], "one that was recorded at a lower level")
        yield f"{which} clipped, which is heard as crackling ({listed(found)}): {softer}"


def _music(film: CheckedFilm) -> Iterator[str]:
    """The music is heard, unless it is off."""
    if "music" in film.silent:
        other = "order another with `reroll asset:music`, supply one with `media asset:music=@FILE`, or set music_volume=0"
        yield f"the music is silent: {other}"


Film = TypeVar("Film")
Rule = Callable[[CheckedFilm], Iterator[str]]

RULES: Mapping[str, Rule] = {
    "length_is_as_asked": _length,
    "speech_fills_segments": _speech,
    "captions_can_be_read": _fast,
    "captions_last_long_enough": _brief,
    "clips_are_long_enough": _clips,
    "letters_have_fonts": _letters,
    "pictures_have_alt_texts": _alt,
    "views_change": _views,
    "recordings_are_loud_enough": _gain,
    "recordings_are_not_clipped": _clipped,
    "music_is_audible": _music,
}
"""The rules by name, in the order in which their sentences are given."""


def found_by(rules: Mapping[str, Callable[[Film], Iterator[str]]], film: Film) -> dict[str, list[str]]:
    """Return the sentences of each rule that has something to say: of these, or of those on a rendered film."""
    return {name: sentences for name, rule in rules.items() if (sentences := list(rule(film)))}


def listed(found: Sequence[tuple[str, str]], *, once: bool = False) -> str:
    """`s00 for 1.9 s, s03 for 2.0 s and 4 more`. once: a slot is named once, with its last figure."""
    items = [f"{slot} {figure}".rstrip() for slot, figure in (dict(found).items() if once else found)]
    shown = items[:_NAMED] + ([f"{len(items) - _NAMED} more"] if len(items) > _NAMED else [])
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _captions(film: CheckedFilm) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for segment in film.segments:
        for caption in segment["captions"]:
            yield segment["slot"], caption


def _count(found: Sequence[Any], what: str) -> str:
    return f"1 {what}" if len(found) == 1 else f"{len(found)} {what}s"


def _another(slot: str, which: str) -> str:
    node = f"asset:narration:segment[{int(slot[1:])}]"
    return f"supply {which} with `media {node}=@FILE`"
