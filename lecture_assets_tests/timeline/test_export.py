import html
import re
import unicodedata
from pathlib import Path
from typing import Any

import av
import pysubs2
import pytest
from av.subtitles.subtitle import AssSubtitle
from hypothesis import given
from jsonschema import Draft202012Validator

from lecture_assets.timeline.export import media_names, to_remotion, to_srt, to_vtt, with_sources
from lecture_assets.timeline.schema import json_schema
from lecture_assets_tests.timeline.samples import clip, lecture, lectures, picture, segment, sha, speech


def test_media_have_readable_names_and_equal_bytes_have_one() -> None:
    segments = {0: segment(), 1: segment(slot=1, narration=None, pictures=[], clip=clip())}
    assert media_names(lecture(segments)) == {
        sha("speech"): "media/s00-narration.wav",
        sha("a"): "media/s00-image-0.png",
        sha("b"): "media/s00-image-1.png",
        sha("clip"): "media/s01-video.mp4",
        sha("music"): "media/music.m4a",
    }
    twice = lecture({0: segment(pictures=[picture("a"), picture("a")]), 1: segment(slot=1, pictures=[picture("a")])})
    assert media_names(twice)[sha("a")] == "media/s00-image-0.png"


def test_sources_are_beside_the_media_and_what_is_missing_has_none() -> None:
    timeline = lecture({0: segment(pictures=[picture("a"), None])}, music=None)
    exported = with_sources(timeline, media_names(timeline))
    shown, missing = exported["segments"][0]["layers"]
    assert shown["src"] == "media/s00-image-0.png"
    assert "src" not in missing
    assert "src" not in timeline["segments"][0]["layers"][0], "the stored timeline is left alone"


def test_vtt_escapes_markup_and_times_each_word_after_the_first() -> None:
    vtt = to_vtt(lecture({0: segment(narration=speech("a<b & c --> d"))}))
    assert vtt == (
        "WEBVTT\n\n00:00:00.200 --> 00:00:02.300\n"
        "a&lt;b <00:00:00.560>&amp; <00:00:00.920>c <00:00:01.280>--&gt; <00:00:01.640>d\n"
    )


def test_words_at_the_same_moment_have_one_tag() -> None:
    spoken = speech("one two three")
    spoken["words"][0]["end_ms"] = 0
    spoken["words"][1] |= {"start_ms": 0, "end_ms": 700}
    assert "one two <00:00:00.920>three" in to_vtt(lecture({0: segment(narration=spoken)}))


def test_srt_numbers_its_cues_and_leaves_text_as_it_is() -> None:
    srt = to_srt(lecture({0: segment(narration=speech("a>b. c & d.", word_ms=900, gap_ms=100))}))
    assert srt == "1\n00:00:00,200 --> 00:00:01,200\na>b.\n\n2\n00:00:01,200 --> 00:00:04,500\nc & d.\n"


LIKE_MARKUP = (
    "The <b> tag. vector<int> holds. a < b && b > c. {\\an8} stands. <i>x</i> too. x --> y. &amp; and &lt;b&gt; too. 42. "
    "C:\\New\\no\\house. <font color=red> red. {x} and {. <!-- c --> ends. <3 you. WEBVTT NOTE. 00:00:01,000 --> 00:00:02,000. "
    "vector<T> & Map<K, V>. e^{-x} dx} and } too. #1 is it. \\{a\\} and a\\. 7"
)


def test_what_looks_like_markup_is_read_back_as_it_was_said(tmp_path: Path) -> None:
    timeline = lecture({0: segment(narration=speech(LIKE_MARKUP))})
    captions = [caption["text"] for caption in timeline["segments"][0]["captions"]]
    assert " ".join(captions) == LIKE_MARKUP
    srt, vtt = to_srt(timeline), to_vtt(timeline)
    assert [plain(event.plaintext) for event in pysubs2.SSAFile.from_string(srt, format_="srt")] == captions
    assert [plain(text) for text in decoded(tmp_path / "c.srt", srt)] == captions
    assert [plain(text) for text in decoded(tmp_path / "c.vtt", vtt)] == captions
    payloads = [cue.partition("\n")[2] for cue in vtt.split("\n\n")[1:]]
    assert [html.unescape(re.sub(r"<[^<>]*>", "", payload)).strip() for payload in payloads] == captions


def test_braces_of_srt_are_wide_on_both_sides() -> None:
    srt = to_srt(lecture({0: segment(narration=speech("f(x) = e^{-x²} } {"))}))
    assert "e^｛-x²｝ ｝ ｛" in srt
    assert not set("{}") & set(srt)


def plain(text: str) -> str:
    """As it is seen: the joiner is not, a wide bracket is a bracket."""
    return unicodedata.normalize("NFKC", text.replace("\u2060", ""))


def decoded(file: Path, written: str) -> list[str]:
    r"""The cues as FFmpeg hands them over: the last field of ASS, in which `\{{}` is a bracket, and `{\b1}` would be markup."""
    file.write_text(written, encoding="utf-8")
    with av.open(str(file)) as container:
        cues = [sub for packet in container.demux(subtitles=0) for sub in packet.decode()]
    return [cue.ass.decode().split(",", 8)[8].replace("\\{{}", "{") for cue in cues if isinstance(cue, AssSubtitle)]


def test_times_of_an_hour_and_more_are_written_whole() -> None:
    segments = {i: segment(slot=i, narration=speech("word") | {"duration_ms": 3_600_000}) for i in range(2)}
    assert "\n01:00:00.700 --> 01:00:01.720\n" in to_vtt(lecture(segments))


@pytest.mark.slow
@given(lectures())
def test_other_peoples_readers_find_every_caption(timeline: Any) -> None:
    seen = [c for s in timeline["segments"] for c in s["captions"] if c["end_ms"] > c["start_ms"]]
    vtt, srt = to_vtt(timeline), to_srt(timeline)
    assert len(re.findall(r"^\d\d:\d\d:\d\d\.\d{3} --> ", vtt, re.MULTILINE)) == len(seen)
    if seen:
        events = pysubs2.SSAFile.from_string(srt, format_="srt")
        assert [(e.start, e.end) for e in events] == [(c["start_ms"], c["end_ms"]) for c in seen]


def test_remotion_props_are_those_of_a_composition() -> None:
    timeline = lecture()
    props = to_remotion(timeline, media_names(timeline))
    assert set(props) == {"id", "durationInFrames", "fps", "width", "height", "defaultProps"}
    assert (props["durationInFrames"], props["fps"]) == (timeline["duration_in_frames"], 30)
    assert props["defaultProps"]["timeline"]["music"]["src"] == "media/music.m4a"
    assert re.fullmatch("[a-zA-Z0-9-]+", props["id"]), "Remotion allows no other letters in an id"


@pytest.mark.parametrize(
    ("src", "is_allowed"),
    [
        ("media/s01-image-0.png", True),
        ("media/..ab/Ü b.png", True),
        ("https://example.org/a.png?x=1", True),
        ("/etc/passwd", False),
        ("//example.org/x", False),
        ("../x.wav", False),
        ("media/../../x.wav", False),
        ("media/..", False),
        ("..\\x.wav", False),
        ("C:\\x.wav", False),
        ("file:///etc/passwd", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_the_schema_refuses_a_source_outside_the_folder(src: str, is_allowed: bool) -> None:  # noqa: FBT001 - a row of a table
    timeline = lecture()
    exported = with_sources(timeline, media_names(timeline))
    exported["music"]["src"] = src
    assert Draft202012Validator(json_schema()).is_valid(exported) is is_allowed
