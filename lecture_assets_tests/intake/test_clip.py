"""A clip looks as players show it: square pixels, upright, each picture until the next one is due."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from lecture_assets.graph.kind import Holds
from lecture_assets.intake.own_medium import take_medium
from lecture_assets.intake.unfit import UnfitMediumError
from lecture_assets.render.playing_clip import PlayingClip

BASE = Fraction(1, 600)


def film(  # noqa: PLR0913 - what films differ in
    path: Path,
    times: list[int],
    size: tuple[int, int] = (64, 48),
    *,
    form: str = "mp4",
    codec: str = "libx264",
    sar: Fraction | None = None,
    rotation: int = 0,
    sound: bool = False,
    last: int = 20,
    pix_fmt: str = "yuv420p",
    options: dict[str, str] | None = None,
) -> Path:
    """A film whose picture k has grey 10 + 20 k around a white block, shown from times[k] on (in 600ths of a second)."""
    with av.open(str(path), "w", format=form) as sink:
        stream: Any = sink.add_stream(codec, rate=30, options=options or {})
        stream.width, stream.height, stream.pix_fmt, stream.codec_context.time_base = *size, pix_fmt, BASE
        stream.time_base = BASE
        if sar:
            stream.codec_context.sample_aspect_ratio = sar
        if rotation:
            stream.set_display_rotation(rotation)
        audio: Any = sink.add_stream("aac", rate=48_000, layout="mono") if sound else None
        for number, time in enumerate(times):
            picture = np.full((size[1], size[0], 3), 10 + 20 * number, np.uint8)
            picture[size[1] // 4 : size[1] * 3 // 4, size[0] // 4 : size[0] * 3 // 4] = 255
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = time, BASE
            for packet in stream.encode(frame):
                sink.mux(packet)
        for packet in stream.encode(None):
            if packet.pts is not None and packet.pts * (packet.time_base or BASE) == times[-1] * BASE:
                packet.duration = int(last * BASE / (packet.time_base or BASE))
            sink.mux(packet)
        if audio is not None:
            part = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            part.rate, part.pts, part.time_base = 48_000, 0, Fraction(1, 48_000)
            sink.mux(audio.encode(part))
            sink.mux(audio.encode(None))
    return path


def shown(path: Path, size: tuple[int, int] = (64, 48)) -> list[int]:
    """The number of the picture in each frame of a lecture, for two seconds."""
    clip = PlayingClip(path, "cover", size)
    try:
        greys = [np.asarray(clip.at(frame).light)[1, 1] for frame in range(60)]
    finally:
        clip.close()
    return [round(((float(grey) - 16) * 255 / 219 - 10) / 20) for grey in greys]


def due(times: list[int]) -> list[int]:
    """What a player shows: the latest picture due in the middle of the frame; before the first one, that."""
    return [max((k for k, time in enumerate(times) if time * 30 / 600 <= frame + 0.5), default=0) for frame in range(60)]


TIMES = {
    "even": list(range(0, 200, 20)),
    "a gap": [0, 20, 40, 800, 820],
    "gaps of every length": [0, 30, 35, 200, 210, 640, 900],
    "a first picture after 0": [300, 320, 640],
    "a first picture long after 0": [600, 900],
    "25 a second": list(range(0, 240, 24)),
    "86 a second": list(range(0, 49, 7)),
}
KINDS: dict[str, dict[str, Any]] = {
    "kept": {},
    "with sound": {"sound": True},
    "matroska": {"form": "matroska"},
    "with pictures between": {"sound": True, "options": {"bf": "3", "x264-params": "bframes=3:b-adapt=0:scenecut=0"}},
    "of another codec": {"form": "mov", "codec": "mjpeg", "pix_fmt": "yuvj420p"},
}


FAST = ("kept", "with sound")


@pytest.mark.parametrize("kind", [*FAST, *(pytest.param(kind, marks=pytest.mark.slow) for kind in KINDS if kind not in FAST)])
@pytest.mark.parametrize("name", TIMES)
def test_a_picture_stays_until_the_next_one_is_due(tmp_path: Path, name: str, kind: str) -> None:
    given = film(tmp_path / "given", TIMES[name], **KINDS[kind])
    medium = take_medium(given, Holds.CLIP, tmp_path)
    seen, wanted = shown(medium.path), due(TIMES[name])
    assert [n for n in range(60) if seen[n] != wanted[n]] == []


@pytest.mark.parametrize("sound", [False, True], ids=["kept or not", "with sound"])
def test_the_last_picture_stays_for_its_stated_time(tmp_path: Path, sound: bool) -> None:  # noqa: FBT001
    given = film(tmp_path / "given", [0, 20, 40], last=560, sound=sound, options={"bf": "0"})
    assert abs(int(str(take_medium(given, Holds.CLIP, tmp_path).facts["duration_ms"])) - 1000) <= 34


@pytest.mark.parametrize("sound", [False, True], ids=["silent", "with sound"])
@pytest.mark.parametrize("rotation", [0, 90, *(pytest.param(turn, marks=pytest.mark.slow) for turn in (180, 270))])
@pytest.mark.parametrize(
    ("size", "sar"),
    [
        ((72, 48), Fraction(4, 3)),
        ((72, 58), Fraction(16, 15)),
        ((72, 48), Fraction(8, 9)),
        ((96, 72), Fraction(1, 2)),
        ((66, 50), Fraction(1)),
    ],
    ids=str,
)
def test_pixels_are_square_and_the_picture_upright(
    tmp_path: Path,
    size: tuple[int, int],
    sar: Fraction,
    rotation: int,
    sound: bool,  # noqa: FBT001
) -> None:
    given = film(tmp_path / "given.mov", [0, 20, 40], size, form="mov", sar=sar, rotation=rotation, sound=sound)
    medium = take_medium(given, Holds.CLIP, tmp_path)
    wide = Fraction(size[0], size[1]) * sar
    wanted = 1 / wide if rotation % 180 else wide
    width, height = int(str(medium.facts["width"])), int(str(medium.facts["height"]))
    assert abs(width / height - wanted) < 0.06
    with av.open(str(medium.path)) as kept:
        assert kept.streams.video[0].sample_aspect_ratio in {None, 0, 1}
        light = next(kept.decode(video=0)).to_ndarray(format="gray")
    block = np.argwhere(light > 200)
    tall, broad = np.ptp(block, axis=0) + 1
    assert abs(broad / tall - wanted) < 0.2 * wanted


def test_a_clip_with_odd_sides_is_accepted(tmp_path: Path) -> None:
    given = film(tmp_path / "given.mov", [0, 20], (65, 49), form="mov", codec="qtrle", pix_fmt="rgb24")
    facts = take_medium(given, Holds.CLIP, tmp_path).facts
    assert (int(str(facts["width"])) % 2, int(str(facts["height"])) % 2) == (0, 0)


@pytest.mark.parametrize(("codec", "pix_fmt"), [("qtrle", "argb"), ("png", "rgba"), ("prores_ks", "yuva444p10le")])
def test_a_transparent_clip_is_shown_on_white(tmp_path: Path, codec: str, pix_fmt: str) -> None:
    with av.open(str(tmp_path / "given.mov"), "w") as sink:
        options = {"profile": "4444", "alpha_bits": "16"} if codec == "prores_ks" else {}
        stream: Any = sink.add_stream(codec, rate=30, options=options)
        stream.width, stream.height, stream.pix_fmt = 64, 48, pix_fmt
        picture = np.zeros((48, 64, 4), np.uint8)
        picture[:, :32] = (0, 0, 255, 255)
        for number in range(3):
            frame = av.VideoFrame.from_ndarray(picture, format="rgba")
            frame.pts, frame.time_base = number, Fraction(1, 30)
            sink.mux(stream.encode(frame))
        sink.mux(stream.encode(None))
    with av.open(str(take_medium(tmp_path / "given.mov", Holds.CLIP, tmp_path).path)) as kept:
        seen = next(kept.decode(video=0)).to_ndarray(format="rgb24")
    assert seen[20, 50].min() > 240
    assert seen[20, 10].argmax() == 2


def test_a_cover_is_not_a_clip(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "song.m4a"), "w", format="mp4") as sink:
        audio: Any = sink.add_stream("aac", rate=48_000, layout="mono")
        cover: Any = sink.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 48, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        sink.mux(cover.encode(av.VideoFrame(64, 48, "yuvj420p")))
        part = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        part.rate, part.pts, part.time_base = 48_000, 0, Fraction(1, 48_000)
        sink.mux(audio.encode(part))
        sink.mux(audio.encode(None))
    with pytest.raises(UnfitMediumError, match="without a moving picture"):
        take_medium(tmp_path / "song.m4a", Holds.CLIP, tmp_path)
