"""A format is recognized by more than a signature that others share, and a format that is not accepted is rejected by name."""

import io
import struct
from collections.abc import Callable, Mapping
from pathlib import Path

import av
import pytest
from PIL import Image

from lecture_assets.graph.kind import Holds
from lecture_assets.intake.form import Form, form_of, recognise
from lecture_assets.intake.own_medium import take_medium
from lecture_assets.intake.unfit import UnfitMediumError
from lecture_assets_tests.intake import samples


def id3(version: int, inside: bytes, *, footer: bool = False) -> bytes:
    size = bytes(len(inside) >> shift & 0x7F for shift in (21, 14, 7, 0))
    tag = b"ID3" + bytes([version, 0, 0x10 if footer else 0]) + size + inside
    return tag + (b"3DI" + bytes([version, 0, 0x10]) + size if footer else b"")


def ftyp(brand: bytes, *more: bytes) -> bytes:
    return struct.pack(">I", 16 + 4 * len(more)) + b"ftyp" + brand + b"\0\0\0\0" + b"".join(more) + bytes(64)


TAGS: Mapping[str, bytes] = {
    "no tag": b"",
    "2.2": id3(2, bytes(100)),
    "2.3 with padding": id3(3, b"TIT2\0\0\0\x02\0\0\0a" + bytes(3000)),
    "2.4 with a footer": id3(4, bytes(100), footer=True),
    "2.3 of 300 kB": id3(3, b"APIC" + b"\xff\xfb\x90\x44" * 75_000),
    "two tags": id3(3, bytes(40)) + id3(4, bytes(40)),
    "padding beyond the tag": id3(3, bytes(40)) + bytes(2_000),
}
CODECS = {Form.MP3: ("mp3", "libmp3lame"), Form.AAC: ("adts", "aac"), Form.FLAC: ("flac", "flac")}


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("form", CODECS)
def test_a_sound_after_tags_is_recognized(tmp_path: Path, form: Form, tag: str) -> None:
    sound = samples.sound(tmp_path / "sound", *CODECS[form], seconds=0.3).read_bytes()
    (tmp_path / "tagged").write_bytes(TAGS[tag] + sound[sound.index(b"\xff") if sound[:3] == b"ID3" else 0 :])
    with (tmp_path / "tagged").open("rb") as file:
        assert recognise(file).form is form
    medium = take_medium(tmp_path / "tagged", Holds.SPEECH, tmp_path)
    assert medium.is_given is (form is Form.MP3)
    assert 250 <= int(str(medium.facts["duration_ms"])) <= 400
    assert medium.facts["media_type"] == ("audio/mpeg" if form is Form.MP3 else "audio/mp4")


def test_an_mp3_after_garbage_is_converted(tmp_path: Path) -> None:
    sound = samples.sound(tmp_path / "sound", "mp3", "libmp3lame").read_bytes()
    (tmp_path / "late").write_bytes(b"\xff\xfe garbage \xff\xfb" * 100 + sound[sound.index(b"\xff\xfb") :])
    medium = take_medium(tmp_path / "late", Holds.SPEECH, tmp_path)
    assert (medium.is_given, medium.facts["media_type"]) == (False, "audio/mp4")


@pytest.mark.parametrize("layer", ["mp2"])
def test_the_other_layers_are_sounds_that_are_converted(tmp_path: Path, layer: str) -> None:
    medium = take_medium(samples.sound(tmp_path / "sound", layer, layer), Holds.SPEECH, tmp_path)
    assert (medium.is_given, medium.facts["media_type"]) == (False, "audio/mp4")


@pytest.mark.parametrize("brand", [b"M4A ", b"M4B ", b"isom", b"mp42", b"3gp4", b"qt  ", b"dash", b"avc1"])
def test_brands_of_films_and_sounds_are_one_form(brand: bytes) -> None:
    assert form_of(ftyp(brand, b"isom", b"mif1")) is Form.MP4


def test_a_quicktime_film_from_before_brands_is_recognized(tmp_path: Path) -> None:
    film = samples.clip(tmp_path / "a.mov", "mov").read_bytes()
    assert film[4:8] == b"ftyp"
    (tmp_path / "b.mov").write_bytes(struct.pack(">I", int.from_bytes(film[:4])) + b"wide" + film[8:])
    assert take_medium(tmp_path / "b.mov", Holds.CLIP, tmp_path).facts["width"] == 64


def _packets(start: int, step: int) -> bytes:
    return b"".join(bytes(start) + b"\x47" + bytes(step - 1 - start) for _ in range(5))


def _film(form: str, codec: str) -> Callable[[Path], bytes]:
    return lambda folder: samples.clip(folder / "film", form, codec).read_bytes()


def _still(form: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (32, 32)).save(file, form)
    return file.getvalue()


def _remuxed(form: str) -> Callable[[Path], bytes]:
    def write(folder: Path) -> bytes:
        with (
            av.open(str(samples.sound(folder / "a.m4a", "ipod", "aac"))) as source,
            av.open(str(folder / "b"), "w", form) as sink,
        ):
            stream = sink.add_stream_from_template(source.streams.audio[0])
            for packet in source.demux(source.streams.audio[0]):
                if packet.dts is not None:
                    packet.stream = stream
                    sink.mux(packet)
        return (folder / "b").read_bytes()

    return write


NAMED: Mapping[str, tuple[Callable[[Path], bytes], str]] = {
    "heic": (lambda _: ftyp(b"heic", b"mif1"), "HEIC"),
    "heic by a general brand": (lambda _: ftyp(b"mif1", b"heic"), "HEIC"),
    "heif": (lambda _: ftyp(b"mif1"), "HEIF"),
    "avif": (lambda _: _still("AVIF"), "AVIF"),
    "avif by a general brand": (lambda _: ftyp(b"mif1", b"avif"), "AVIF"),
    "jpeg 2000": (lambda _: _still("JPEG2000"), "JPEG 2000"),
    "icon": (lambda _: _still("ICO"), "icon"),
    "avi": (_film("avi", "mpeg4"), "AVI"),
    "transport stream": (_film("mpegts", "libx264"), "transport stream"),
    "packets with times": (lambda _: _packets(4, 192), "transport stream"),
    "program stream": (_film("mpeg", "mpeg2video"), "program stream"),
    "flash": (_film("flv", "flv"), "Flash"),
    "windows media": (_film("asf", "wmv2"), "Windows Media"),
    "latm": (_remuxed("latm"), "LOAS"),
    "adif": (lambda _: b"ADIF" + bytes(100), "ADIF"),
    "au": (lambda folder: samples.sound(folder / "s", "au", "pcm_s16be").read_bytes(), "Sun sound"),
    "wave64": (lambda folder: samples.sound(folder / "s", "w64", "pcm_s16le").read_bytes(), "Wave64"),
    "caf": (lambda folder: samples.sound(folder / "s", "caf", "pcm_s16le").read_bytes(), "Core Audio"),
    "ac3": (lambda folder: samples.sound(folder / "s", "ac3", "ac3").read_bytes(), "AC-3"),
    "midi in riff": (lambda _: b"RIFF\0\0\0\0RMIDdata", "MIDI"),
    "cursor in riff": (lambda _: b"RIFF\0\0\0\0ACONdata", "cursor"),
    "iff of another kind": (lambda _: b"FORM\0\0\0\x208SVXVHDR", "IFF"),
    "ebml of another kind": (lambda _: b"\x1a\x45\xdf\xa3\x88\x42\x82\x85other", "EBML"),
    "svg": (lambda _: b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
    "page": (lambda _: b"\n<!DOCTYPE HTML><html>", "web page"),
    "pdf": (lambda _: b"%PDF-1.7", "PDF"),
    "zip": (lambda _: b"PK\x03\x04" + bytes(100), "ZIP"),
}
UNKNOWN = [b"BMW is a make of cars, and no picture", "ÿþ says a text".encode("utf-16"), b"WAVE at 8? WAVE!", b"12345678WEBP"]


@pytest.mark.parametrize("name", NAMED)
def test_a_format_that_is_not_accepted_is_named_when_rejected(tmp_path: Path, name: str) -> None:
    write, said = NAMED[name]
    (tmp_path / "given").write_bytes(write(tmp_path))
    for holds in (Holds.PICTURE, Holds.CLIP, Holds.SPEECH):
        with pytest.raises(UnfitMediumError, match=said):
            take_medium(tmp_path / "given", holds, tmp_path)


@pytest.mark.parametrize("content", UNKNOWN)
def test_a_signature_alone_does_not_make_a_medium(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "given").write_bytes(content + bytes(3))
    for holds in (Holds.PICTURE, Holds.CLIP, Holds.SPEECH):
        with pytest.raises(UnfitMediumError, match=r"no known media format|cannot be read"):
            take_medium(tmp_path / "given", holds, tmp_path)
