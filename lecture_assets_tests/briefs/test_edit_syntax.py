"""Claims about the words of an edit: what each says, what is refused, and that a history can be read back."""

import string
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.briefs.brief import KEY_OF, Brief
from lecture_assets.briefs.edit_sources import no_file
from lecture_assets.briefs.edit_syntax import edit_text, parse_edit, parse_edits
from lecture_assets.content import Effect
from lecture_assets.graph.build import build
from lecture_assets.graph.edits import (
    AddSegment,
    ChooseTake,
    Edit,
    Keep,
    Merge,
    MoveSegment,
    RemoveSegment,
    Reroll,
    SetInput,
    SetModel,
    SetText,
    Unpin,
)
from lecture_assets.graph.errors import WrongInputError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Role
from lecture_assets.graph.settings import new_settings
from lecture_assets.runner.setup.names import environment_names
from lecture_assets.timeline.title import is_title

CURRENT = new_settings(Brief(prompt="Bees", notes="They dance.").inputs({role: f"simulated:{role}" for role in Role}))


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("set image_style=ink = black", SetInput("image-style", "ink = black")),
        ("set image-style=ink", SetInput("image-style", "ink")),
        (" set\tduration = 30 ", SetInput("duration", 30)),
        ("set aspect_ratio=9:16", SetInput("size-aspect-ratio", "9:16")),
        ("set size-aspect-ratio=9:16", SetInput("size-aspect-ratio", "9:16")),
        ("set use_video=on", SetInput("use-video", True)),  # noqa: FBT003 - a value, not a flag
        ("set use-video=False", SetInput("use-video", False)),  # noqa: FBT003 - a value, not a flag
        ("set num_segments=4", SetInput("num-segments", 4)),
        ("set num_segments=auto", SetInput("num-segments", None)),
        ("set audience=1984", SetInput("audience", "1984")),
        ("set models.text=openai:x", SetInput("text-model", "openai:x")),
        ("set text_model=openai:x", SetInput("text-model", "openai:x")),
        ("set text-model=openai:x", SetInput("text-model", "openai:x")),
        ("set prompt=Wasps", SetInput("user-prompt", {"prompt": "Wasps", "notes": "They dance."})),
        ("set notes=", SetInput("user-prompt", {"prompt": "Bees", "notes": None})),
        ('set user-prompt={"prompt": "x", "notes": null}', SetInput("user-prompt", {"prompt": "x", "notes": None})),
        ("set title=Bees!", SetText("content:video-title", "Bees!")),
        (
            "text content:narration-text:segment[2]=New words = better.",
            SetText("content:narration-text:segment[2]", "New words = better."),
        ),
        ("text content:video-title=@@home", SetText("content:video-title", "@home")),
        ("text content:effect:segment[0]=zoom-in", SetText("content:effect:segment[0]", "zoom-in")),
        (
            "model asset:image:segment[0]:image[0]=replicate:a/b",
            SetModel("asset:image:segment[0]:image[0]", "replicate:a/b"),
        ),
        ("reroll llm:script-generation", Reroll("llm:script-generation")),
        ("unpin content:video-title", Unpin("content:video-title")),
        ("keep content:video-title", Keep("content:video-title")),
        ("merge content:video-title", Merge("content:video-title")),
        ("take asset:music = 2", ChooseTake("asset:music", 2)),
        ("segments add", AddSegment()),
        ("segments add:s02", AddSegment(2)),
        ("segments remove:2", RemoveSegment(2)),
        ("segments move:s98:0", MoveSegment(98, 0)),
    ],
)
def test_each_form_says_one_edit(text: str, edit: Edit) -> None:
    assert parse_edit(text, CURRENT) == edit


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("", "one of set KEY=VALUE"),
        ("make it nicer", "segments move:S:POSITION"),
        ("take asset:music=0", "the number of a take, from 1"),
        ("take asset:music", "take: found 'asset:music'; allowed: take NODE=NUMBER"),
        ("media asset:music=@song.mp3", "an edit made where media can be stored"),
        ("media content:video-title=@song.mp3", "a node that holds media: asset:image"),
        ("kep asset:music", "did you mean keep?"),
        ("sett duration=3", "did you mean set?"),
        ("set", "set: found nothing; allowed: set KEY=VALUE"),
        ("set duration", "set: found 'duration'; allowed: set KEY=VALUE"),
        ("set =3", "allowed: set KEY=VALUE"),
        ("set duration=soon", "set duration: found 'soon'; allowed: a whole number of seconds from 3 to 7200"),
        ("set duration=30.0", "found '30.0'"),
        ("set duration=" + "9" * 5000, "a whole number of seconds"),
        ("set use_video=1", "found '1'; allowed: true or false"),
        ("set num_segments=", "found ''; allowed: a whole number from 1 to 99"),
        ("set num_segments=1000", "found 1000; allowed: a whole number from 1 to 99"),
        ("set imagestyle=x", "did you mean image_style?"),
        ("set config:voice=x", "set: found 'config:voice'"),
        ("set segment-order=1", "segments move:S:POSITION"),
        ("set aspect_ratio=16:10", "one of 16:9"),
        ("set title=", "found an empty text"),
        ("set text-model=gpt", "provider:model"),
        ("set user-prompt=Bees", "both as JSON"),
        ('set user-prompt={"prompt": null, "notes": null}', "both as JSON"),
        ('set user-prompt={"prompt": 3, "notes": null}', "set prompt: found 3"),
        ("text content:nothing=x", "found 'content:nothing'"),
        ("text content:effect:segment[0]=explode", "one of none, zoom-in"),
        ("text content:video-title=@/no/such/file", "/no/such/file: text: found no such file"),
        ("text content:video-title=@/", "found a folder"),
        ("text content:video-title=🎉🎉", "a title with words, not of emoji or markup alone"),
        ("set title=🎉🎉", "a title with nothing to show but emoji or markup"),
        ("model content:video-title=openai:x", "a node made by a model"),
        ("model llm:script-generation=gpt", "provider:model"),
        ("reroll", "found ''"),
        ("reroll asset:image:segment[007]:image[0]", "found 'asset:image:segment[007]:image[0]'"),
        ("segments", "segments: found nothing; allowed: segments add[:AFTER]"),
        ("segments drop:2", "found 'drop:2'"),
        ("segments remove", "segments remove:S"),
        ("segments remove:99", "0 to 98, or s00 to s98"),
        ("segments remove:-1", "found '-1'"),
        ("segments remove:s2", "found 's2'"),
        ("segments move:1:x", "a position in the play order, counted from 0"),
        ("segments move:1:٣", "a position in the play order, counted from 0"),
    ],
)
def test_what_says_no_edit_is_refused_with_what_is_allowed(text: str, phrase: str) -> None:
    with pytest.raises(WrongInputError) as caught:
        parse_edit(text, CURRENT)
    assert phrase in str(caught.value)
    assert len(caught.value.faults) == 1


def test_the_only_part_of_a_prompt_cannot_be_taken_away() -> None:
    without_notes = parse_edits(["set notes=", "set prompt=Wasps"], CURRENT)
    assert without_notes[1] == SetInput("user-prompt", {"prompt": "Wasps", "notes": None})
    with pytest.raises(WrongInputError, match="set prompt: found an empty text"):
        parse_edits(["set notes=", "set prompt="], CURRENT)


def test_all_faults_of_a_list_of_edits_come_at_once() -> None:
    with pytest.raises(WrongInputError) as caught:
        parse_edits(["set duration=soon", "set voice=fine", "jump", "segments remove:x"], CURRENT)
    assert [fault.where for fault in caught.value.faults] == ["set duration", "edit", "segments remove"]


def test_a_file_gives_its_text_and_only_to_whom_it_may(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes("\ufeffFirst.\r\nSecond.\r\n".encode())
    text = f"text content:video-summary=@{path}"
    assert parse_edit(text, CURRENT) == SetText("content:video-summary", "First.\nSecond.")
    with pytest.raises(WrongInputError, match="the text itself"):
        parse_edit(text, CURRENT, read_file=no_file)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * 100_000])
def test_a_file_that_is_no_text_or_too_long_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes(content)
    with pytest.raises(WrongInputError, match=r"words\.txt: text: found"):
        parse_edit(f"text content:video-summary=@{path}", CURRENT)


def test_an_unknown_voice_is_refused_by_who_knows_the_voices() -> None:
    with pytest.raises(WrongInputError, match="set voice: found 'nobody'; allowed: one of narrator, teacher"):
        parse_edits(["set speech_model=simulated:openai/any", "set voice=nobody"], CURRENT, environment_names())


WORDS = (
    st.text(alphabet=st.sampled_from(string.printable[:95] + "\n\té🌱@=\u00a0"), min_size=1, max_size=20)
    .map(str.strip)
    .filter(bool)
)
SLOTS = st.integers(0, 98)
NODES = st.sampled_from(sorted(build(CURRENT).nodes))
MADE = st.sampled_from(sorted(node.id for node in build(CURRENT).made if node.kind.role))
TEXTS = st.sampled_from(["content:video-title", "content:narration-text:segment[2]"])
VALUES: dict[str, st.SearchStrategy[Json]] = {
    "duration": st.integers(3, 7200),
    "segment-length": st.integers(3, 120),
    "num-segments": st.none() | st.integers(1, 99),
    "images-per-segment": st.integers(1, 4),
    "use-video": st.booleans(),
    "language": st.sampled_from(["en", "pt-BR"]),
    "size-aspect-ratio": st.sampled_from(["16:9", "4:5"]),
    "assembly-strategy": st.sampled_from(["narration-led", "fixed-length"]),
    "music-volume": st.integers(0, 200),
    "captions": st.sampled_from(["burned", "soft", "off"]),
    "caption-place": st.sampled_from(["bottom", "top"]),
    "caption-size": st.sampled_from(["small", "medium", "large"]),
    "resolution": st.sampled_from(["720p", "1080p"]),
    "title-display": st.sampled_from(["over", "card", "none"]),
    "voice": st.sampled_from(["default", "Joe Smith"]),
    "lexicon": st.dictionaries(
        st.sampled_from(["SQL", "New York", "a = b", "Königsberg"]), st.sampled_from(["sequel", "say @ it"])
    ),
    **{f"{role}-model": st.sampled_from(["openai:x", "replicate:a/b:c"]) for role in Role},
    **dict.fromkeys(("audience", "image-style", "system-prompt", "music-prompt-mod"), WORDS),
}
PROMPTS = st.builds(lambda prompt, notes: {"prompt": prompt, "notes": notes}, st.none() | WORDS, WORDS)
EDITS = st.one_of(
    st.sampled_from(sorted(VALUES)).flatmap(lambda name: st.builds(SetInput, st.just(name), VALUES[name])),
    st.builds(SetInput, st.just("user-prompt"), PROMPTS),
    st.builds(SetText, TEXTS, WORDS).filter(lambda edit: edit.node != "content:video-title" or is_title(edit.text)),
    st.builds(SetText, st.just("content:effect:segment[0]"), st.sampled_from([str(effect) for effect in Effect])),
    st.builds(SetModel, MADE, st.sampled_from(["openai:x", "replicate:a/b"])),
    st.builds(Reroll, NODES),
    st.builds(Unpin, NODES),
    st.builds(AddSegment, st.none() | SLOTS),
    st.builds(RemoveSegment, SLOTS),
    st.builds(MoveSegment, SLOTS, SLOTS),
)


def test_every_input_that_can_be_set_is_in_the_property_below() -> None:
    assert VALUES.keys() == KEY_OF.keys()


@given(edit=EDITS)
def test_the_text_of_an_edit_reads_back_to_the_same_edit(edit: Edit) -> None:
    elsewhere = replace(CURRENT, inputs={**CURRENT.inputs, "user-prompt": {"prompt": "other", "notes": None}})
    assert parse_edit(edit_text(edit), elsewhere) == edit


@given(text=st.text(alphabet="setxregmnu =:@[]{}\"0129\n\t'content-lm,aid", max_size=40))
def test_any_words_are_an_edit_or_a_fault(text: str) -> None:
    try:
        parse_edit(text, CURRENT, read_file=no_file)
    except WrongInputError as error:
        assert all(str(fault).isprintable() for fault in error.faults)  # noqa: PT017 - it may raise or not
