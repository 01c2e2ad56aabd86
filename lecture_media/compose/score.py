"""Read what a music prompt asks for, and write the notes. `synth.py` makes the sound.

prompt, key -> Style (mode, tempo, instruments) -> sections of four bars of Notes, which `music.py` joins
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

BEATS = 4
"""Beats per bar."""
BARS = 4
"""Bars per section, one chord each."""
_MAJOR, _DORIAN, _MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 9, 10), (0, 2, 3, 5, 7, 8, 10)
_PROGRESSIONS: Mapping[tuple[int, ...], Sequence[tuple[int, ...]]] = {
    _MAJOR: ((0, 4, 5, 3), (0, 5, 3, 4), (3, 0, 4, 5), (0, 2, 3, 3), (5, 3, 0, 4), (1, 4, 0, 0)),
    _DORIAN: ((0, 3, 0, 6), (0, 6, 3, 0), (0, 2, 3, 0)),
    _MINOR: ((0, 5, 2, 6), (0, 3, 5, 6), (5, 6, 0, 0), (0, 2, 5, 3)),
}
"""Chords by their degree of the scale, from 0."""
_ARPEGGIOS: Sequence[tuple[int, ...]] = (
    (0, -1, 1, -1, 2, -1, 1, -1),
    (0, -1, 2, 1, -1, 3, -1, 2),
    (0, 1, 2, -1, 3, -1, 2, 1),
    (-1, 1, -1, 2, -1, 3, 2, -1),
    (0, 2, 1, 3, 2, 1, 3, 2),
)
"""Which tone of the chord is plucked on each eighth of a bar, from sparse to busy; -1 is a rest."""
_SPARSE, _SLOW_BPM, _FAST_BPM = 2, (64, 74), (100, 114)
_MIDDLE_BPM = (76, 92)

_WORDS: Mapping[str, str] = {
    "sad": "sad dark melanchol* minor sombre somber tragic lonely",
    "dorian": "mysterious mystery curious night space jazz* thoughtful suspens* deep",
    "calm": "calm* quiet* soft* gentle slow peaceful ambient meditat* dreamy relax* sparse minimal* tender unobtrusive",
    "lively": "lively upbeat energetic fast happy cheerful bouncy playful driving joyful excit* uplifting",
    "quiet": "quiet* soft* unobtrusive background subtle",
    "drums": "drum* percussi* beat beats rhythm* groove shaker",
    "piano": "piano keys",
    "guitar": "guitar* ukulele acoustic folk banjo",
    "strings": "string strings orchestr* cinematic violin* cello* epic",
    "electronic": "electronic* synth* techno digital electro computer* robot*",
    "bells": "bell bells celesta glockenspiel magic* sparkl* chime* vibraphone marimba twinkl*",
    "warm": "warm* cosy cozy mellow dark",
    "bright": "bright* clear sunny sparkl* morning crisp",
}
"""The words for each trait; `*` stands for any ending."""
_NEGATED = re.compile(r"\b(?:no|not|without|never|zero|avoid|nor|sans|ohne|kein\w*)\s+(?:any\s+)?[\w-]+")
_BPM = re.compile(r"\b(\d{2,3})\s*bpm\b")
_PLUCKED = ("piano", "guitar", "bells", "electronic")


@dataclass(frozen=True, slots=True)
class MusicStyle:
    """How a piece sounds.

    root:       MIDI number of the lowest tonic
    scale:      semitones
    bpm:        50 to 140
    pluck:      the instrument of the broken chords
    brightness: 0.5 dark to 1.6 bright
    """

    root: int
    scale: tuple[int, ...]
    bpm: int
    pluck: str
    strings: bool
    drums: bool
    calm: bool
    quiet: bool
    brightness: float


@dataclass(frozen=True, slots=True)
class Note:
    """One sound of a section.

    start, beats: in beats
    pitch:        MIDI, 60 is middle C
    place:        -1 left to 1 right
    """

    instrument: str
    start: float
    beats: float
    pitch: int
    loudness: float
    place: float = 0.0


def seed_of(*parts: str) -> np.random.Generator:
    """A seeded generator: equal words give equal draws."""
    return np.random.default_rng(int.from_bytes(hashlib.sha256("\0".join(parts).encode()).digest()[:8]))


def read_style(prompt: str, key: str) -> MusicStyle:
    """Return what the words ask for; what they leave open is drawn from the prompt and the key."""
    chance = seed_of("style", prompt, key)
    traits = find_traits(prompt)
    scale = _MINOR if "sad" in traits else _DORIAN if "dorian" in traits else _MAJOR
    named = [name for name in _PLUCKED if name in traits]
    pluck = named[0] if named else str(chance.choice(("piano", "guitar", "piano", "bells")))
    brightness = (1.35 if "bright" in traits else 1.0) * (0.7 if "warm" in traits else 1.0)
    return MusicStyle(
        root=int(chance.integers(41, 49)),
        scale=scale,
        bpm=_tempo(prompt, traits, chance),
        pluck=pluck,
        strings="strings" in traits,
        drums="drums" in traits or ("lively" in traits and not _refuses_drums(prompt)),
        calm="calm" in traits and "lively" not in traits,
        quiet="quiet" in traits,
        brightness=brightness,
    )


def find_traits(prompt: str) -> frozenset[str]:
    """Return the traits whose words are in the prompt; `no drums` asks for none."""
    asked = set(re.findall(r"\w+", _NEGATED.sub(" ", prompt.lower())))
    return frozenset(trait for trait, words in _WORDS.items() if any(_matches(word, asked) for word in words.split()))


def compose_section(style: MusicStyle, letter: str, chance: np.random.Generator) -> list[Note]:
    """Return the notes of one section. The first, A, is the simplest; later ones may be busier and have a small melody."""
    choices = _PROGRESSIONS[style.scale]
    degrees = choices[int(chance.integers(len(choices)))]
    busiest = _SPARSE if style.calm else len(_ARPEGGIOS)
    pattern = _ARPEGGIOS[int(chance.integers(busiest))]
    notes: list[Note] = []
    voicing: tuple[int, ...] = ()
    for bar, degree in enumerate(degrees):
        voicing = _voicing(style, degree, voicing)
        start = float(bar * BEATS)
        notes += _pad(style, start, voicing) + _bass(style, start, degree) + _broken_chord(style, start, voicing, pattern, chance)
        if letter != "A":
            notes += _tune(style, start, voicing, chance)
        if style.drums:
            notes += _drums(start, chance)
    return notes


def _matches(word: str, asked: set[str]) -> bool:
    return any(found.startswith(word[:-1]) for found in asked) if word.endswith("*") else word in asked


def _refuses_drums(prompt: str) -> bool:
    refused = " ".join(_NEGATED.findall(prompt.lower()))
    return any(_matches(word, set(re.findall(r"\w+", refused))) for word in _WORDS["drums"].split())


def _tempo(prompt: str, traits: frozenset[str], chance: np.random.Generator) -> int:
    written = _BPM.search(prompt.lower())
    if written:
        return min(140, max(50, int(written[1])))
    low, high = _FAST_BPM if "lively" in traits else _SLOW_BPM if "calm" in traits else _MIDDLE_BPM
    return int(chance.integers(low, high))


def _pitch(style: MusicStyle, degree: int) -> int:
    octave, step = divmod(degree, len(style.scale))
    return style.root + 12 * octave + style.scale[step]


def _voicing(style: MusicStyle, degree: int, before: tuple[int, ...]) -> tuple[int, ...]:
    """Return four tones of a chord (with its seventh or ninth) around middle C, each as close as possible to the last chord."""
    colour = degree + (8 if degree in {0, 3} else 6)
    tones = [_pitch(style, tone) % 12 for tone in (degree, degree + 2, degree + 4, colour)]
    centre = round(sum(before) / len(before)) if before else 60
    low = centre - 6
    return tuple(sorted(low + (tone - low) % 12 for tone in tones))


def _pad(style: MusicStyle, start: float, voicing: Sequence[int]) -> list[Note]:
    instrument = "strings" if style.strings else "synth-pad" if style.pluck == "electronic" else "pad"
    places = (-0.6, 0.5, -0.25, 0.7)
    return [Note(instrument, start, BEATS, pitch, 0.13, place) for pitch, place in zip(voicing, places, strict=True)]


def _bass(style: MusicStyle, start: float, degree: int) -> list[Note]:
    pitch = _pitch(style, degree)
    pitch -= 12 if pitch > style.root + 7 else 0
    if style.calm:
        return [Note("bass", start, BEATS, pitch, 0.2)]
    return [Note("bass", start, 2.5, pitch, 0.2), Note("bass", start + 2.5, 1.5, pitch, 0.15)]


def _broken_chord(
    style: MusicStyle, start: float, voicing: Sequence[int], pattern: Sequence[int], chance: np.random.Generator
) -> list[Note]:
    lift = 12 if style.pluck == "bells" else 0
    notes = []
    for eighth, tone in enumerate(pattern):
        if tone >= 0:
            accent = 0.42 if eighth % 4 == 0 else 0.32
            late = float(chance.uniform(0, 0.025))
            loudness = accent * float(chance.uniform(0.8, 1.1))
            notes.append(Note(style.pluck, start + eighth / 2 + late, 2.0, voicing[tone] + lift, loudness, 0.3 - 0.2 * tone))
    return notes


def _tune(style: MusicStyle, start: float, voicing: Sequence[int], chance: np.random.Generator) -> list[Note]:
    """At most two long tones above the chord, in every other bar or so."""
    if chance.random() < 0.35:  # noqa: PLR2004 - a third of the bars rest
        return []
    first, second = (int(tone) for tone in chance.integers(1, 4, 2))
    loudness = 0.3 if style.calm else 0.36
    tune = [Note(style.pluck, start + 1.0, 3.0, voicing[first] + 12, loudness, -0.2)]
    return tune if first == second else [*tune, Note(style.pluck, start + 2.5, 1.5, voicing[second] + 12, loudness * 0.85, -0.2)]


def _drums(start: float, chance: np.random.Generator) -> list[Note]:
    """A soft kick on one and three, a brush on two and four, a shaker on the eighths."""
    beats = [Note("kick", start + beat, 0.5, 36, 0.5) for beat in (0.0, 2.0)]
    beats += [Note("brush", start + beat, 0.5, 40, 0.16, 0.1) for beat in (1.0, 3.0)]
    return beats + [
        Note("shaker", start + eighth / 2, 0.25, 60, 0.05 * float(chance.uniform(0.6, 1.2)), 0.45) for eighth in range(2 * BEATS)
    ]
