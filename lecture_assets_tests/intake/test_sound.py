"""A sound that is kept states its true length, whatever the original header said."""

import struct
import wave
from collections.abc import Callable, Mapping
from pathlib import Path

import av
import pytest

from lecture_assets.graph.kind import Holds
from lecture_assets.intake.own_medium import take_medium
from lecture_assets.intake.unfit import UnfitMediumError
from lecture_assets_tests.intake import samples

RATE = 16_000
SAMPLES = b"".join(struct.pack("<h", 9000 if number // 40 % 2 else -9000) for number in range(RATE // 2))
FORMAT = struct.pack("<HHIIHH", 1, 1, RATE, RATE * 2, 2, 16)


def chunk(name: bytes, data: bytes, says: int | None = None) -> bytes:
    return name + struct.pack("<I", len(data) if says is None else says) + data


def wav(*chunks: bytes, says: int | None = None, mark: bytes = b"RIFF") -> bytes:
    inside = b"WAVE" + b"".join(chunks)
    return mark + struct.pack("<I", len(inside) if says is None else says) + inside


def _all(says: int) -> bytes:
    return wav(chunk(b"fmt ", FORMAT), chunk(b"data", SAMPLES, says), says=says)


_WIDE = struct.pack("<QQQI", len(SAMPLES) + 72, len(SAMPLES), len(SAMPLES) // 2, 0)
WRONG: Mapping[str, Callable[[], bytes]] = {
    "both lengths unknown": lambda: _all(0xFFFFFFFF),
    "both lengths 0": lambda: _all(0),
    "both lengths 2 GB": lambda: _all(0x7FFFFFFF),
    "lengths of a program that streams up to 2 GB": lambda: _all(0x7FFFF000),
    "the whole longer than the file": lambda: wav(chunk(b"fmt ", FORMAT), chunk(b"data", SAMPLES), says=10**6),
    "the whole shorter than the file": lambda: wav(chunk(b"fmt ", FORMAT), chunk(b"data", SAMPLES), says=100),
    "an unknown length after a list": lambda: wav(
        chunk(b"LIST", b"INFOISFT\x04\0\0\0Lavf"), chunk(b"fmt ", FORMAT), chunk(b"data", SAMPLES, 0xFFFFFFFF), says=0xFFFFFFFF
    ),
    "garbage behind it": lambda: wav(chunk(b"fmt ", FORMAT), chunk(b"data", SAMPLES)) + b"TAG" + bytes(125),
    "a half sample at its end": lambda: wav(chunk(b"fmt ", FORMAT), chunk(b"data", SAMPLES + b"\x01") + b"\0"),
    "a wrong byte rate": lambda: wav(chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, RATE, 1, 2, 16)), chunk(b"data", SAMPLES)),
    "a wrong block": lambda: wav(chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, RATE, RATE * 2, 7, 16)), chunk(b"data", SAMPLES)),
    "RF64": lambda: wav(
        chunk(b"ds64", _WIDE), chunk(b"fmt ", FORMAT), chunk(b"data", SAMPLES, 0xFFFFFFFF), says=0xFFFFFFFF, mark=b"RF64"
    ),
    "RF64 of an unknown length": lambda: wav(
        chunk(b"ds64", bytes(28)), chunk(b"fmt ", FORMAT), chunk(b"data", SAMPLES, 0xFFFFFFFF), says=0xFFFFFFFF, mark=b"RF64"
    ),
}
TRUE: Mapping[str, Callable[[], bytes]] = {
    "plain": lambda: wav(chunk(b"fmt ", FORMAT), chunk(b"data", SAMPLES)),
    "a list before": lambda: wav(chunk(b"LIST", b"INFO"), chunk(b"fmt ", FORMAT), chunk(b"data", SAMPLES)),
    "a list behind": lambda: wav(chunk(b"fmt ", FORMAT), chunk(b"data", SAMPLES), chunk(b"LIST", b"INFO")),
    "an odd list with its padding": lambda: wav(chunk(b"id3 ", b"abc") + b"\0", chunk(b"fmt ", FORMAT), chunk(b"data", SAMPLES)),
    "eight bits, odd": lambda: wav(
        chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, RATE, RATE, 1, 8)), chunk(b"data", SAMPLES[:7_999]) + b"\0"
    ),
}


@pytest.mark.parametrize("holds", [Holds.SPEECH, Holds.MUSIC])
@pytest.mark.parametrize("name", WRONG)
def test_a_wav_with_wrong_lengths_is_kept_with_true_ones(tmp_path: Path, name: str, holds: Holds) -> None:
    (tmp_path / "given.wav").write_bytes(WRONG[name]())
    medium = take_medium(tmp_path / "given.wav", holds, tmp_path)
    assert medium.facts["media_type"] == "audio/wav"
    with wave.open(str(medium.path)) as kept:
        assert (kept.getnframes(), kept.getframerate()) == (len(SAMPLES) // 2, RATE)
        assert kept.readframes(RATE) == SAMPLES
    assert medium.facts["duration_ms"] == 500
    size = medium.path.stat().st_size
    assert int.from_bytes(medium.path.read_bytes()[4:8], "little") == size - 8


@pytest.mark.parametrize("name", TRUE)
def test_a_wav_that_states_its_length_stays_byte_for_byte(tmp_path: Path, name: str) -> None:
    (tmp_path / "given.wav").write_bytes(TRUE[name]())
    assert take_medium(tmp_path / "given.wav", Holds.SPEECH, tmp_path).is_given


@pytest.mark.parametrize("codec", ["pcm_s16le", "pcm_s24le", "pcm_f32le", "pcm_alaw", "pcm_u8"])
def test_uncompressed_samples_of_every_width_stay(tmp_path: Path, codec: str) -> None:
    medium = take_medium(samples.sound(tmp_path / "a.wav", "wav", codec), Holds.SPEECH, tmp_path)
    assert medium.is_given


def test_a_compressed_wav_is_converted(tmp_path: Path) -> None:
    medium = take_medium(samples.sound(tmp_path / "a.wav", "wav", "adpcm_ms"), Holds.SPEECH, tmp_path)
    assert medium.facts["media_type"] == "audio/mp4"


@pytest.mark.parametrize(
    "content",
    [
        wav(),
        wav(chunk(b"data", SAMPLES)),
        wav(chunk(b"fmt ", FORMAT)),
        wav(chunk(b"fmt ", FORMAT), chunk(b"data", b"")),
        wav(chunk(b"fmt ", bytes(16)), chunk(b"data", SAMPLES)),
        wav(chunk(b"fmt ", struct.pack("<HHIIHH", 1, 0, RATE, 0, 0, 16)), chunk(b"data", SAMPLES)),
        wav(chunk(b"fmt ", struct.pack("<HHIIHH", 1, 65_535, 2**32 - 1, 0, 0, 65_535)), chunk(b"data", SAMPLES * 9)),
    ],
    ids=["nothing", "no format", "no data", "empty data", "zeros", "no channels", "all ones"],
)
def test_an_impossible_wav_is_rejected(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "given.wav").write_bytes(content)
    with pytest.raises(UnfitMediumError, match=r"WAV|Hz|cannot be read"):
        take_medium(tmp_path / "given.wav", Holds.SPEECH, tmp_path)


@pytest.mark.slow
def test_an_mp3_whose_length_players_would_get_wrong_is_converted(tmp_path: Path) -> None:
    """Two bit rates one after the other, without an index: players assume the first for everything."""
    parts = []
    for bits in (320_000, 32_000):
        with av.open(str(tmp_path / "part.mp3"), "w", options={"write_xing": "0", "id3v2_version": "0"}) as sink:
            stream = sink.add_stream("libmp3lame", rate=48_000, layout="mono")
            stream.bit_rate = bits
            with av.open(str(samples.tone(tmp_path / "a.wav", 2.0))) as source:
                for frame in source.decode(audio=0):
                    sink.mux(stream.encode(frame))
            sink.mux(stream.encode(None))
        parts.append((tmp_path / "part.mp3").read_bytes())
    (tmp_path / "given.mp3").write_bytes(b"".join(parts))
    medium = take_medium(tmp_path / "given.mp3", Holds.MUSIC, tmp_path)
    assert (medium.is_given, medium.facts["media_type"]) == (False, "audio/mp4")
    with av.open(str(medium.path)) as kept:
        assert kept.duration
        assert abs(kept.duration / 1000 - int(str(medium.facts["duration_ms"]))) < 100
