"""A file that ends before its container says it does is refused; one whose container does not know its length is kept."""

import struct
from collections.abc import Callable
from pathlib import Path

import av
import pytest

from lecture_assets.graph.kind import Holds
from lecture_assets.intake.own_medium import take_medium
from lecture_assets.intake.unfit import UnfitMediumError
from lecture_assets_tests.intake import samples


def fast_start(path: Path) -> Path:
    """An MP4 whose index is at its beginning, as those that pages play."""
    made = samples.clip(path.with_name("slow.mp4"), frames=60, size=(320, 240), with_sound=True)
    with av.open(str(made)) as source, av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as sink:
        streams = {stream.index: sink.add_stream_from_template(stream) for stream in source.streams}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                sink.mux(packet)
    return path


SOUNDS: dict[str, tuple[str, str]] = {
    "a.wav": ("wav", "pcm_s16le"),
    "a.aiff": ("aiff", "pcm_s16be"),
    "a.flac": ("flac", "flac"),
    "a.mp3": ("mp3", "libmp3lame"),
    "a.ogg": ("ogg", "libopus"),
    "a.m4a": ("ipod", "aac"),
    "a.mka": ("matroska", "libopus"),
    "a.webm": ("webm", "libopus"),
}
CLIPS: dict[str, Callable[[Path], Path]] = {
    "plain.mp4": lambda path: samples.clip(path, frames=60, size=(320, 240)),
    "fast.mp4": fast_start,
    "clip.mkv": lambda path: samples.clip(path, "matroska", frames=60, size=(320, 240)),
    "clip.webm": lambda path: samples.clip(path, "webm", "libvpx", frames=60, size=(320, 240)),
}


def refused(path: Path, holds: Holds, whole: bytes, share: float) -> str:
    """Why a file is refused of which only this share is there."""
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(UnfitMediumError) as error:
        take_medium(path, holds, path.parent)
    return str(error.value)


@pytest.mark.slow
@pytest.mark.parametrize("name", SOUNDS)
def test_a_sound_that_was_cut_off_is_refused(tmp_path: Path, name: str) -> None:
    whole = samples.sound(tmp_path / name, *SOUNDS[name], 4.0).read_bytes()
    take_medium(tmp_path / name, Holds.SPEECH, tmp_path)
    for share in (0.3, 0.6, 0.9):
        said = refused(tmp_path / name, Holds.SPEECH, whole, share)
        assert "too early" in said or "damaged or incomplete" in said, said
        assert str(tmp_path) not in said


@pytest.mark.slow
@pytest.mark.parametrize("name", CLIPS)
def test_a_clip_that_was_cut_off_is_refused(tmp_path: Path, name: str) -> None:
    whole = CLIPS[name](tmp_path / name).read_bytes()
    take_medium(tmp_path / name, Holds.CLIP, tmp_path)
    for share in (0.3, 0.6, 0.9, 1 - 1 / len(whole)):
        said = refused(tmp_path / name, Holds.CLIP, whole, share)
        assert "too early" in said or "damaged or incomplete" in said, said
        assert str(tmp_path) not in said


def test_the_figures_are_those_of_the_file(tmp_path: Path) -> None:
    whole = samples.tone(tmp_path / "a.wav", 2.0).read_bytes()
    assert len(whole) == 192_044
    said = refused(tmp_path / "a.wav", Holds.MUSIC, whole, 0.5)
    assert said == "a file that ends too early: it holds 96,022 of 192,044 bytes that it says it has"


def without_last_page(whole: bytes) -> bytes:
    return whole[: whole.rindex(b"OggS")]


def test_an_ogg_without_its_last_page_is_refused(tmp_path: Path) -> None:
    whole = samples.sound(tmp_path / "a.ogg", "ogg", "libopus", 4.0).read_bytes()
    (tmp_path / "a.ogg").write_bytes(without_last_page(whole))
    with pytest.raises(UnfitMediumError, match="its last page, which every Ogg stream has, is missing"):
        take_medium(tmp_path / "a.ogg", Holds.SPEECH, tmp_path)


def live_matroska(path: Path) -> bytes:
    """As browsers record: segment and clusters of unknown length."""
    with av.open(str(path), "w", format="webm", options={"live": "1"}) as sink:
        stream = sink.add_stream("libopus", rate=48_000, layout="stereo")
        with av.open(str(samples.tone(path.with_name("tone.wav"), 2.0))) as source:
            for frame in source.decode(audio=0):
                sink.mux(stream.encode(frame))
        sink.mux(stream.encode(None))
    return path.read_bytes()


KEPT: dict[str, Callable[[Path], bytes]] = {
    "a WebM as browsers record it": live_matroska,
    "an ID3v1 tag behind an MP3": lambda path: samples.sound(path, "mp3", "libmp3lame").read_bytes() + b"TAG" + b"x" * 125,
    "a tag behind an M4A": lambda path: samples.sound(path, "ipod", "aac").read_bytes() + b"TAGxabcd" + b"x" * 120,
    "zeros behind an Ogg": lambda path: samples.sound(path, "ogg", "libopus").read_bytes() + bytes(500),
    "a FLAC of an unknown length": lambda path: unknown_flac(samples.sound(path, "flac", "flac").read_bytes()),
    "an AIFF of a program that streams": lambda path: unknown_aiff(samples.sound(path, "aiff", "pcm_s16be").read_bytes()),
}


def unknown_flac(whole: bytes) -> bytes:
    """No samples in STREAMINFO: the last 36 bits of eight bytes."""
    return whole[:21] + bytes([whole[21] & 0xF0]) + bytes(4) + whole[26:]


def unknown_aiff(whole: bytes) -> bytes:
    at = whole.index(b"SSND") + 4
    return whole[:at] + struct.pack(">I", 0xFFFFFFFF) + whole[at + 4 :]


@pytest.mark.parametrize("name", KEPT)
def test_what_says_nothing_of_its_length_or_has_more_behind_it_is_accepted(tmp_path: Path, name: str) -> None:
    content = KEPT[name](tmp_path / "made")
    (tmp_path / "given").write_bytes(content)
    assert int(str(take_medium(tmp_path / "given", Holds.SPEECH, tmp_path).facts["duration_ms"])) >= 900
