"""A person's own media: what plays is kept unchanged, what does not is converted, anything else is rejected."""

import hashlib
import tracemalloc
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from lecture_assets.content import HELD
from lecture_assets.graph.kind import Holds
from lecture_assets.intake import clip as clips
from lecture_assets.intake import sound as sounds
from lecture_assets.intake.form import Form, Recognised, form_of
from lecture_assets.intake.own_medium import OwnMedium, take_medium
from lecture_assets.intake.unfit import UnfitMediumError
from lecture_assets.timeline.spread import spread
from lecture_assets_tests.intake import samples


def taken(path: Path, holds: Holds, folder: Path | None = None) -> OwnMedium:
    medium = take_medium(path, holds, folder or path.parent)
    HELD[holds].validate_python({"sha256": hashlib.sha256(medium.path.read_bytes()).hexdigest(), **medium.facts})
    return medium


@pytest.mark.parametrize(("name", "media_type"), [("a.png", "image/png"), ("a.jpg", "image/jpeg"), ("a.webp", "image/webp")])
def test_a_picture_that_plays_stays_byte_for_byte(tmp_path: Path, name: str, media_type: str) -> None:
    medium = taken(samples.picture(tmp_path / name), Holds.PICTURE)
    assert medium.is_given
    assert medium.facts == {"media_type": media_type, "width": 80, "height": 60}


@pytest.mark.parametrize(
    ("name", "mode"),
    [("a.gif", "P"), ("a.bmp", "RGB"), ("a.tif", "RGB"), ("b.tif", "CMYK"), ("c.jpg", "CMYK"), ("d.png", "I;16")],
)
def test_other_pictures_are_written_as_png(tmp_path: Path, name: str, mode: str) -> None:
    medium = taken(samples.picture(tmp_path / name, mode), Holds.PICTURE)
    assert not medium.is_given
    with Image.open(medium.path) as written:
        assert (written.format, written.size) == ("PNG", (80, 60))


def test_a_photograph_is_turned_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # as a phone held upright writes it: to be turned by 90° clockwise
    medium = taken(samples.picture(tmp_path / "phone.jpg", exif=exif, quality=95), Holds.PICTURE)
    assert (medium.facts["width"], medium.facts["height"]) == (60, 80)
    with Image.open(medium.path) as upright:
        red, *_ = upright.convert("RGB").getpixel((55, 5))  # type: ignore[misc]
    assert red > 200


def test_an_animated_picture_gives_its_first_frame(tmp_path: Path) -> None:
    second = Image.new("RGB", (80, 60), "white")
    medium = taken(samples.picture(tmp_path / "a.webp", save_all=True, append_images=[second]), Holds.PICTURE)
    with Image.open(medium.path) as first:
        assert getattr(first, "n_frames", 1) == 1


@pytest.mark.parametrize(
    ("name", "form", "codec", "media_type"),
    [
        ("a.mp3", "mp3", "libmp3lame", "audio/mpeg"),
        ("a.m4a", "ipod", "aac", "audio/mp4"),
        ("a.ogg", "ogg", "libopus", "audio/ogg"),
        ("a.wav", "wav", "pcm_s24le", "audio/wav"),
    ],
)
def test_a_sound_that_plays_stays_byte_for_byte(tmp_path: Path, name: str, form: str, codec: str, media_type: str) -> None:
    medium = taken(samples.sound(tmp_path / name, form, codec), Holds.MUSIC)
    assert medium.is_given
    assert medium.facts["media_type"] == media_type
    assert abs(int(str(medium.facts["duration_ms"])) - 1000) < 60


@pytest.mark.parametrize(("name", "form", "codec"), [("a.flac", "flac", "flac"), ("a.aiff", "aiff", "pcm_s16be")])
def test_other_sounds_are_written_as_m4a(tmp_path: Path, name: str, form: str, codec: str) -> None:
    medium = taken(samples.sound(tmp_path / name, form, codec), Holds.SPEECH)
    assert (medium.facts["media_type"], medium.is_given) == ("audio/mp4", False)
    assert form_of(medium.path.read_bytes()[:16]) is not None


def test_the_sound_of_a_film_is_a_sound(tmp_path: Path) -> None:
    medium = taken(samples.clip(tmp_path / "film.mp4", with_sound=True), Holds.MUSIC)
    assert (medium.facts["media_type"], medium.is_given) == ("audio/mp4", False)
    with av.open(str(medium.path)) as written:
        assert [stream.type for stream in written.streams] == ["audio"]


def test_deep_grey_keeps_its_shades(tmp_path: Path) -> None:
    Image.fromarray(np.full((60, 80), 0x4000, np.uint16)).save(tmp_path / "scan.png")
    with Image.open(taken(tmp_path / "scan.png", Holds.PICTURE).path) as written:
        assert written.convert("L").getpixel((1, 1)) == 0x40


def test_a_clip_that_plays_stays_byte_for_byte(tmp_path: Path) -> None:
    medium = taken(samples.clip(tmp_path / "a.mp4"), Holds.CLIP)
    assert medium.is_given
    assert medium.facts == {"media_type": "video/mp4", "width": 64, "height": 48, "duration_ms": 500}


@pytest.mark.parametrize(
    ("options", "size"),
    [
        ({"with_sound": True}, (64, 48)),
        ({"form": "mov", "codec": "mpeg4"}, (64, 48)),
        ({"form": "webm", "codec": "libvpx-vp9"}, (64, 48)),
        ({"form": "matroska"}, (64, 48)),
        ({"rate": 120, "frames": 60}, (64, 48)),
        ({"size": (2560, 1440), "frames": 3}, (1920, 1080)),
    ],
    ids=str,
)
def test_other_clips_are_written_as_h264_without_sound(tmp_path: Path, options: dict[str, Any], size: tuple[int, int]) -> None:
    medium = taken(samples.clip(tmp_path / "given", **options), Holds.CLIP, tmp_path)
    assert not medium.is_given
    with av.open(str(medium.path)) as written:
        assert [stream.type for stream in written.streams] == ["video"]
        context = written.streams.video[0].codec_context
        assert (context.name, context.pix_fmt, (context.width, context.height)) == ("h264", "yuv420p", size)
    wanted = 1000 * options.get("frames", 15) / options.get("rate", 30)
    assert abs(int(str(medium.facts["duration_ms"])) - wanted) < 40


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    digests = set()
    given = samples.clip(tmp_path / "a.mov", "mov", "mpeg4")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        digests.add(hashlib.sha256(take_medium(given, Holds.CLIP, tmp_path / name).path.read_bytes()).hexdigest())
    assert len(digests) == 1


@pytest.mark.parametrize("holds", [Holds.PICTURE, Holds.MUSIC, Holds.CLIP])
@pytest.mark.parametrize(
    "content", [b"", b"x", b"\0" * 100, b"#EXTM3U\n/etc/passwd\n", b"ffconcat version 1.0\nfile /etc/passwd\n"]
)
def test_bytes_that_are_not_a_medium_are_rejected(tmp_path: Path, holds: Holds, content: bytes) -> None:
    (tmp_path / "file.mp4").write_bytes(content)
    with pytest.raises(UnfitMediumError, match="no known media format"):
        take_medium(tmp_path / "file.mp4", holds, tmp_path)


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("a.png", Holds.PICTURE),
        ("a.jpg", Holds.PICTURE),
        ("a.webp", Holds.PICTURE),
        ("a.mp4", Holds.CLIP),
        ("a.m4a", Holds.MUSIC),
    ],
)
def test_a_medium_that_ends_early_is_rejected(tmp_path: Path, name: str, holds: Holds, share: float) -> None:
    whole = tmp_path / f"whole.{name[2:]}"
    if holds is Holds.PICTURE:
        samples.picture(whole, size=(400, 300))
    elif holds is Holds.CLIP:
        samples.clip(whole)
    else:
        samples.sound(whole, "ipod", "aac")
    content = whole.read_bytes()
    (tmp_path / name).write_bytes(content[: int(len(content) * share)])
    with pytest.raises(UnfitMediumError):
        take_medium(tmp_path / name, holds, tmp_path)


def test_another_kind_of_medium_is_rejected(tmp_path: Path) -> None:
    samples.clip(tmp_path / "a.mp4")
    samples.tone(tmp_path / "a.wav")
    for name, holds, found in (
        ("a.wav", Holds.PICTURE, "another kind"),
        ("a.wav", Holds.CLIP, "another kind"),
        ("a.mp4", Holds.MUSIC, "without sound"),
    ):
        with pytest.raises(UnfitMediumError, match=found):
            take_medium(tmp_path / name, holds, tmp_path)


def test_silence_is_not_music(tmp_path: Path) -> None:
    with pytest.raises(UnfitMediumError, match="nothing to hear"):
        take_medium(samples.tone(tmp_path / "a.wav", loudness=0), Holds.MUSIC, tmp_path)


def test_sides_beyond_the_limits_are_rejected_before_anything_is_decoded(tmp_path: Path) -> None:
    samples.picture(tmp_path / "thin.png", size=(9_000, 20))
    samples.picture(tmp_path / "tiny.png", size=(15, 15))
    tracemalloc.start()
    for name in ("thin.png", "tiny.png"):
        with pytest.raises(UnfitMediumError, match="pixels"):
            take_medium(tmp_path / name, Holds.PICTURE, tmp_path)
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()


def test_a_medium_that_is_too_long_is_rejected_as_soon_as_that_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sounds, "MAX_SECONDS", 1)
    monkeypatch.setattr(clips, "MAX_SECONDS", 0)
    with pytest.raises(UnfitMediumError, match="more than"):
        sounds.take_sound(samples.tone(tmp_path / "a.wav", 2), Recognised(Form.WAV), tmp_path)
    with pytest.raises(UnfitMediumError, match="more than"):
        clips.take_clip(samples.clip(tmp_path / "a.mp4"), Recognised(Form.MP4), tmp_path)


def test_words_are_spread_by_their_length() -> None:
    words: Any = spread("a longer  word", 1_400)
    assert [word["text"] for word in words] == ["a", "longer", "word"]
    assert [(word["start_ms"], word["end_ms"]) for word in words] == [(0, 200), (200, 900), (900, 1400)]
    assert spread("", 1_400) == []
