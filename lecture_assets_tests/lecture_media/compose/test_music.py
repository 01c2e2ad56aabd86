"""Music changes over time, fits under speech, and follows its prompt."""

from pathlib import Path

import numpy as np
import pytest

from lecture_assets_tests.providers.simulated.decoding import decibels, sound
from lecture_media.compose.music import compose
from lecture_media.compose.score import Note, compose_section, find_traits, read_style, seed_of
from lecture_media.compose.synth import render, section_size

PROMPT = "calm, warm piano for a lecture on plants"


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [2, 17])
def test_a_piece_has_its_length_in_stereo(seconds: int, tmp_path: Path) -> None:
    out = tmp_path / "music.m4a"
    assert compose(PROMPT, seconds, "key", out) == {"duration_ms": seconds * 1000}
    signal, rate = sound(out)
    assert (len(signal), rate) == (2, 44_100)
    assert signal.shape[1] / rate == pytest.approx(seconds, abs=0.03)
    assert out.stat().st_size < 20_000 * seconds


@pytest.mark.slow
def test_a_piece_is_neither_loud_nor_empty_and_fades_at_both_ends(tmp_path: Path) -> None:
    out = tmp_path / "music.m4a"
    compose("hopeful acoustic guitar", 20, "key", out)
    signal, rate = sound(out)
    assert -24 < decibels(signal) < -17
    assert np.abs(signal).max() < 0.8
    assert np.abs(signal.mean(axis=1)).max() < 1e-3
    seconds = [decibels(signal[:, at * rate : (at + 1) * rate]) for at in range(20)]
    assert min(seconds[2:16]) > -32
    assert decibels(signal[:, : rate // 20]) < -45
    assert decibels(signal[:, -rate // 20 :]) < -45


@pytest.mark.slow
def test_a_piece_is_not_a_test_tone(tmp_path: Path) -> None:
    out = tmp_path / "music.m4a"
    compose(PROMPT, 16, "key", out)
    signal, rate = sound(out)
    seconds = signal.mean(axis=0)[: 16 * rate].reshape(16, rate)
    loudest = {int(np.abs(np.fft.rfft(second))[40:2000].argmax()) for second in seconds[1:14]}
    assert len(loudest) >= 4
    left, right = signal
    assert (left * right).mean() < 0.95 * (signal**2).mean()


@pytest.mark.slow
def test_equal_input_gives_equal_bytes_and_another_key_another_piece(tmp_path: Path) -> None:
    for name, key in (("a", "one"), ("b", "one"), ("c", "two")):
        compose(PROMPT, 5, key, tmp_path / name)
    first, again, other = ((tmp_path / name).read_bytes() for name in "abc")
    assert first == again != other


def test_sections_follow_each_other_without_a_seam() -> None:
    style = read_style("lively guitar with drums", "key")
    section = render(compose_section(style, "B", seed_of("B")), style.bpm, style.brightness)
    assert section.shape == (2, section_size(style.bpm))
    steps = np.abs(np.diff(section, axis=1))
    seam = np.abs(section[:, 0] - section[:, -1])
    assert (seam <= np.quantile(steps, 0.999, axis=1)).all()


@pytest.mark.parametrize(
    ("prompt", "asked", "not_asked"),
    [
        ("quiet, electronic, no drums", {"quiet", "electronic", "calm"}, {"drums"}),
        ("upbeat acoustic guitar with percussion", {"lively", "guitar", "drums"}, {"calm"}),
        ("without any piano, dark strings", {"strings", "sad"}, {"piano"}),
        ("Bright bells", {"bright", "bells"}, {"warm"}),
        ("", set(), {"drums", "calm"}),
    ],
)
def test_a_prompt_is_read_with_what_it_excludes(prompt: str, asked: set[str], not_asked: set[str]) -> None:
    traits = find_traits(prompt)
    assert asked <= traits
    assert not traits & not_asked


def notes_of(prompt: str) -> list[Note]:
    style = read_style(prompt, "key")
    return [note for letter in "ABCD" for note in compose_section(style, letter, seed_of(letter))]


def test_drums_play_if_requested_and_never_if_excluded() -> None:
    drums = {"kick", "brush", "shaker"}
    assert drums <= {note.instrument for note in notes_of("lively")}
    assert drums <= {note.instrument for note in notes_of("a soft beat")}
    assert not drums & {note.instrument for note in notes_of("lively, no drums")}
    assert not drums & {note.instrument for note in notes_of("calm")}


@pytest.mark.parametrize("prompt", ["piano", "guitar", "bells", "electronic"])
def test_the_named_instrument_plays(prompt: str) -> None:
    assert prompt in {note.instrument for note in notes_of(prompt)}


def test_a_written_tempo_counts_and_lively_is_faster_than_calm() -> None:
    assert read_style("at 97 bpm", "key").bpm == 97
    assert read_style("lively", "key").bpm > read_style("", "key").bpm > read_style("slow", "key").bpm


def test_every_tone_belongs_to_the_scale() -> None:
    style = read_style("mysterious strings and piano", "key")
    tuned = [note for note in notes_of("mysterious strings and piano") if note.instrument not in {"kick", "brush", "shaker"}]
    assert {(note.pitch - style.root) % 12 for note in tuned} <= set(style.scale)
    assert all(28 <= note.pitch <= 96 for note in tuned)
