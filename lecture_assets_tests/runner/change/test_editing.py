"""What people supply: uploaded media, chosen takes, conflicts and how they are settled; and undo and redo."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.graph.errors import ConflictError, RefusedError, WrongInputError
from lecture_assets.runner.regenerate.scope import Scope
from lecture_assets.timeline.segment import LEAD_MS
from lecture_assets_tests.intake import samples
from lecture_assets_tests.runner.conftest import BRIEF, LECTURE, SmallLecture, Watch, open_small_lecture
from lecture_assets_tests.scenarios.quick_vendor import Mood, open_quick_lectures
from lecture_assets_tests.servers.homes import copy_home
from lecture_assets_tests.store.stored_media import lose, notice, read
from lecture_media.speak.speech import speak

SAID, IMAGE, SPEECH = "content:narration-text:segment[0]", "asset:image:segment[0]:image[0]", "asset:narration:segment[0]"
ASSEMBLERS = ["assembler:segment-timeline:segment[0]", "assembler:timeline"]
PROMPT = "content:image-prompt:segment[0]:image[0]"
HOTTER = "set notes=The hot sun warms the sea and water rises as vapour.\n\nHigh up it cools, and drops fall on the mountains."


@pytest.fixture
def mood() -> Mood:
    return Mood()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the quick vendor has generated the small lecture."""
    home = tmp_path_factory.mktemp("made") / "home"
    with open_quick_lectures(home, Mood()) as lectures:
        lectures.create(BRIEF, LECTURE)
        SmallLecture(home, lectures, Watch()).regenerate()
    return home


@pytest.fixture
def small_lecture(made: Path, tmp_path: Path, mood: Mood) -> Iterator[SmallLecture]:
    """The small lecture, in a home of its own."""
    copy_home(made, tmp_path / "home")
    with open_quick_lectures(tmp_path / "home", mood) as lectures:
        yield SmallLecture(tmp_path / "home", lectures, Watch())


def value(small_lecture: SmallLecture, node: str) -> Any:
    return small_lecture.lectures.explain(LECTURE, node)["value"]


def conflict(small_lecture: SmallLecture, node: str) -> Any:
    return small_lecture.nodes()[node]["conflict"]


def takes(small_lecture: SmallLecture, node: str) -> Any:
    return small_lecture.lectures.takes(LECTURE, node)["takes"]


def captions(small_lecture: SmallLecture) -> list[str]:
    timeline: Any = small_lecture.lectures.draft(LECTURE)
    return [caption["text"] for caption in timeline["segments"][0]["captions"]]


def bytes_in_store(small_lecture: SmallLecture) -> set[str]:
    return {path.name for path in (small_lecture.home / "artifacts").rglob("*") if path.is_file()}


@pytest.mark.slow
def test_an_uploaded_picture_is_shown_and_costs_nothing(small_lecture: SmallLecture, tmp_path: Path) -> None:
    mine = samples.picture(tmp_path / "mine.png")
    small_lecture.edit(f"media {IMAGE}=@{mine}")
    report = small_lecture.regenerate()
    assert report["made"] == ["assembler:segment-timeline:segment[0]", "assembler:timeline"]
    assert report["calls"] == {}
    assert value(small_lecture, IMAGE)["sha256"] == hashlib.sha256(mine.read_bytes()).hexdigest()
    timeline: Any = small_lecture.lectures.draft(LECTURE)
    assert timeline["segments"][0]["layers"][0]["media"]["sha256"] == value(small_lecture, IMAGE)["sha256"]
    assert mine.exists()


@pytest.mark.slow
def test_an_uploaded_recording_is_captioned_with_its_segment_s_text(small_lecture: SmallLecture, tmp_path: Path) -> None:
    recording = samples.tone(tmp_path / "mine.wav", 2.0)
    small_lecture.edit(f"media {SPEECH}=@{recording}", f"text {SAID}=Three short words")
    assert captions(small_lecture) == ["Three short words"]
    small_lecture.regenerate()
    assert captions(small_lecture) == ["Three short words"]
    small_lecture.edit(f"text {SAID}=Two words")
    report = small_lecture.regenerate()
    assert (report["made"], report["calls"]) == (ASSEMBLERS, {})
    assert captions(small_lecture) == ["Two words"]


@pytest.mark.slow
def test_a_recording_uploaded_before_there_was_a_text_is_captioned_with_it(tmp_path: Path) -> None:
    with open_small_lecture(tmp_path / "home") as small_lecture:
        small_lecture.edit(f"media {SPEECH}=@{samples.tone(tmp_path / 'mine.wav', 2.0)}")
        small_lecture.regenerate()
        assert " ".join(captions(small_lecture)) == value(small_lecture, SAID)


@pytest.mark.slow
def test_a_chosen_take_of_an_uploaded_recording_is_captioned_with_the_current_text(
    small_lecture: SmallLecture, tmp_path: Path
) -> None:
    small_lecture.edit(f"media {SPEECH}=@{samples.tone(tmp_path / 'mine.wav', 2.0)}")
    small_lecture.edit(f"unpin {SPEECH}")
    mine = next(take["number"] for take in takes(small_lecture, SPEECH) if take["made_by"] == "person")
    small_lecture.edit(f"take {SPEECH}={mine}", f"text {SAID}=Words of today")
    small_lecture.regenerate()
    assert captions(small_lecture) == ["Words of today"]


@pytest.mark.slow
def test_words_of_an_uploaded_recording_are_where_they_are_said_and_stay_when_the_text_is_corrected(
    small_lecture: SmallLecture, tmp_path: Path
) -> None:
    text = "Plants make their own food, out of light, water and the air that animals breathe out."
    said = speak(text, "presenter", "en", tmp_path / "mine.wav")["words"]
    small_lecture.edit(f"media {SPEECH}=@{tmp_path / 'mine.wav'}", f"text {SAID}={text}")
    small_lecture.edit(f"text {SAID}={text.replace('Plants', 'Green plants')}")
    small_lecture.regenerate()
    timeline: Any = small_lecture.lectures.draft(LECTURE)
    words = [word for caption in timeline["segments"][0]["captions"] for word in caption["words"]]
    assert [word["text"] for word in words[:2]] == ["Green", "plants"]
    shift = LEAD_MS + 30  # what the picture leads by, and how early espeak-ng reports a word
    off = [abs(word["start_ms"] - spoken["start_ms"] - shift) for word, spoken in zip(words[2:], said[1:], strict=True)]
    assert sum(ms <= 80 for ms in off) >= 0.9 * len(off), off


@pytest.mark.slow
def test_a_segment_and_its_recording_can_be_added_in_one_revision(small_lecture: SmallLecture, tmp_path: Path) -> None:
    recording = f"media asset:narration:segment[2]=@{samples.tone(tmp_path / 'mine.wav')}"
    small_lecture.edit("segments add", recording, "text content:narration-text:segment[2]=Words of a new segment")
    small_lecture.regenerate()
    timeline: Any = small_lecture.lectures.draft(LECTURE)
    assert [caption["text"] for caption in timeline["segments"][2]["captions"]] == ["Words of a new segment"]
    with pytest.raises(WrongInputError) as wrong:
        small_lecture.edit(recording.replace("2", "9"), "segments remove:8")
    assert len(wrong.value.faults) == 2


@pytest.mark.slow
def test_a_refused_revision_keeps_no_bytes(small_lecture: SmallLecture, tmp_path: Path) -> None:
    before = bytes_in_store(small_lecture)
    with pytest.raises(WrongInputError):
        small_lecture.edit(f"media {IMAGE}=@{samples.picture(tmp_path / 'mine.png')}", "segments remove:9")
    with pytest.raises(ConflictError):
        small_lecture.lectures.edit(LECTURE, [f"media {IMAGE}=@{tmp_path / 'mine.png'}"], if_version=9)
    small_lecture.lectures.plan(LECTURE, [f"media {IMAGE}=@{tmp_path / 'mine.png'}"])
    assert bytes_in_store(small_lecture) == before


@pytest.mark.slow
def test_media_sent_twice_under_one_key_are_one_edit(small_lecture: SmallLecture, tmp_path: Path) -> None:
    words = [f"media asset:music=@{samples.sound(tmp_path / 'mine.flac', 'flac', 'flac')}"]
    first, again = (small_lecture.lectures.edit(LECTURE, words, client_key="k") for _ in range(2))
    assert first == again
    assert len(small_lecture.lectures.history(LECTURE)) == 2


@pytest.mark.slow
@pytest.mark.parametrize("after", ["unchanged", "gone", "another one", "a folder"])
@pytest.mark.parametrize("words", [f"media {IMAGE}=@FILE", "text content:narration-text:segment[0]=@FILE"])
def test_a_key_sent_again_is_recognized_by_its_words_whatever_happened_to_the_file_they_name(
    small_lecture: SmallLecture, tmp_path: Path, words: str, after: str
) -> None:
    file = samples.picture(tmp_path / "mine.png") if "media" in words else tmp_path / "mine.txt"
    if "text" in words:
        file.write_text("Rain is water that comes back.")
    edits = [words.replace("FILE", str(file))]
    first = small_lecture.lectures.edit(LECTURE, edits, client_key="k")
    if after != "unchanged":
        file.unlink()
    if after == "another one":
        file.write_text("something else")
    if after == "a folder":
        file.mkdir()
    assert small_lecture.lectures.edit(LECTURE, edits, client_key="k") == first
    assert len(small_lecture.lectures.history(LECTURE)) == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    "other", [f"media {IMAGE}=@gone.png", "text content:narration-text:segment[0]=@gone.txt", "set voice=nobody", "nonsense"]
)
def test_a_key_with_other_words_is_refused_whatever_they_say(small_lecture: SmallLecture, tmp_path: Path, other: str) -> None:
    small_lecture.lectures.edit(LECTURE, [f"media {IMAGE}=@{samples.picture(tmp_path / 'mine.png')}"], client_key="k")
    with pytest.raises(RefusedError, match="with other edits"):
        small_lecture.lectures.edit(LECTURE, [other], client_key="k")


def test_a_key_with_the_same_edit_in_other_words_is_the_same_edit(small_lecture: SmallLecture) -> None:
    first = small_lecture.lectures.edit(LECTURE, ["set image_style=ink"], client_key="k")
    assert small_lecture.lectures.edit(LECTURE, ["set  image-style = ink"], client_key="k") == first


def test_an_upload_in_the_history_can_be_sent_again_as_it_is_written_there(small_lecture: SmallLecture, tmp_path: Path) -> None:
    small_lecture.edit(f"media {IMAGE}=@{samples.picture(tmp_path / 'mine.gif', 'P')}")
    history: Any = small_lecture.lectures.history(LECTURE)
    (said,) = history[-1]["edits"]
    there = value(small_lecture, IMAGE)
    small_lecture.edit(f"unpin {IMAGE}")
    small_lecture.edit(said)
    assert value(small_lecture, IMAGE) == there


@pytest.mark.slow
def test_uploaded_media_whose_bytes_are_lost_fail_with_a_remedy_and_are_never_replaced(
    small_lecture: SmallLecture, tmp_path: Path
) -> None:
    small_lecture.edit(f"media {IMAGE}=@{samples.picture(tmp_path / 'mine.png')}")
    there = value(small_lecture, IMAGE)["sha256"]
    lose(small_lecture.lectures.context.artifacts, there)
    notice(small_lecture.lectures.context.artifacts, there)
    report = small_lecture.regenerate()
    assert [node["id"] for node in report["failed"]] == [IMAGE]
    assert f"`media {IMAGE}=@FILE`" in report["failed"][0]["message"]
    assert report["calls"] == {}
    small_lecture.edit(f"media {IMAGE}=@{tmp_path / 'mine.png'}")
    assert small_lecture.regenerate()["failed"] == []


@pytest.mark.slow
def test_takes_are_listed_and_choosing_an_earlier_one_is_free(small_lecture: SmallLecture) -> None:
    small_lecture.edit(f"reroll {IMAGE}")
    small_lecture.regenerate()
    first, second = takes(small_lecture, IMAGE)
    assert (first["counts"], second["counts"], second["chosen"]) == (False, True, False)
    artifacts = small_lecture.lectures.context.artifacts
    assert [artifacts.address(take["value"]["sha256"]) for take in (first, second)] == [first["path"], second["path"]]
    assert read(artifacts, first["value"]["sha256"]) != read(artifacts, second["value"]["sha256"])
    small_lecture.edit(f"take {IMAGE}=1")
    assert small_lecture.nodes()[IMAGE]["take"] == 1
    assert [take["chosen"] for take in takes(small_lecture, IMAGE)] == [True, False]
    report = small_lecture.regenerate()
    assert (report["made"], report["calls"]) == ([], {})
    assert set(report["restored"]) == {"assembler:segment-timeline:segment[0]", "assembler:timeline"}
    small_lecture.edit(f"text {PROMPT}=Another picture altogether.")
    assert small_lecture.regenerate()["calls"] == {}
    assert small_lecture.nodes()[IMAGE]["take"] == 1


@pytest.mark.slow
def test_an_edited_prompt_of_an_uploaded_picture_is_a_conflict_until_somebody_decides(
    small_lecture: SmallLecture, tmp_path: Path
) -> None:
    small_lecture.edit(f"media {IMAGE}=@{samples.picture(tmp_path / 'mine.png')}")
    assert conflict(small_lecture, IMAGE) is None
    then = takes(small_lecture, IMAGE)[0]["value"]
    small_lecture.edit(f"text {PROMPT}=Another picture altogether.")
    found = conflict(small_lecture, IMAGE)
    assert (found["base"], found["mine"], found["theirs"]) == (then, value(small_lecture, IMAGE), None)
    report = small_lecture.regenerate()
    assert (report["calls"], report["conflicts"]) == ({}, [IMAGE])
    small_lecture.edit(f"keep {IMAGE}")
    assert conflict(small_lecture, IMAGE) is None
    small_lecture.edit(f"unpin {IMAGE}")
    assert small_lecture.regenerate()["calls"] == {"image": 1}


@pytest.mark.slow
def test_a_pinned_text_that_the_model_changed_meanwhile_is_a_conflict_with_three_values(small_lecture: SmallLecture) -> None:
    then = value(small_lecture, SAID)
    small_lecture.edit(f"text {SAID}={then.replace('sea', 'wide sea')}")
    edited: Any = small_lecture.lectures.edit(LECTURE, [HOTTER])
    assert edited["conflicts"] == []  # unknown until the script is made again
    assert small_lecture.regenerate()["conflicts"] == [SAID]
    now = then.replace("sun", "hot sun")
    assert conflict(small_lecture, SAID) == {
        "base": then,
        "mine": then.replace("sea", "wide sea"),
        "theirs": now,
        "merged": now.replace("sea", "wide sea"),
    }
    assert value(small_lecture, SAID) == then.replace("sea", "wide sea")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("settle", "said"),
    [
        (f"keep {SAID}", "The sun warms the wide sea and water rises as vapour."),
        (f"unpin {SAID}", "The hot sun warms the sea and water rises as vapour."),
        (f"merge {SAID}", "The hot sun warms the wide sea and water rises as vapour."),
        (f"text {SAID}=Words of my own.", "Words of my own."),
    ],
)
def test_a_conflict_can_be_settled_in_each_way(small_lecture: SmallLecture, settle: str, said: str) -> None:
    small_lecture.edit(f"text {SAID}={value(small_lecture, SAID).replace('sea', 'wide sea')}")
    small_lecture.edit(HOTTER)
    small_lecture.regenerate()
    small_lecture.edit(settle)
    report = small_lecture.regenerate()
    assert report["conflicts"] == []
    assert value(small_lecture, SAID) == said
    small_lecture.edit("set audience=children")
    assert SAID not in small_lecture.regenerate()["conflicts"]


@pytest.mark.slow
def test_the_same_text_from_a_person_and_the_model_is_not_a_conflict(small_lecture: SmallLecture) -> None:
    small_lecture.edit(f"text {SAID}=The hot sun warms the sea and water rises as vapour.")
    small_lecture.edit(HOTTER)
    assert small_lecture.regenerate()["conflicts"] == []


@pytest.mark.slow
def test_the_call_that_a_pinned_node_makes_idle_is_bought_on_request(small_lecture: SmallLecture) -> None:
    small_lecture.edit(f"text {PROMPT}=My own picture of rain.")
    small_lecture.edit("set image_style=ink")
    above = "llm:image-prompt:segment[0]:image[0]"
    assert small_lecture.lectures.plan(LECTURE)["idle"] == [above]
    found = conflict(small_lecture, PROMPT)
    assert (found["theirs"], found["mine"]) == (None, "My own picture of rain.")
    report = small_lecture.regenerate(Scope(only=(above,)))
    assert (report["made"], report["calls"]) == ([above], {"text": 1})
    assert "ink" in conflict(small_lecture, PROMPT)["theirs"]


@pytest.mark.slow
def test_undo_and_redo_cost_nothing(small_lecture: SmallLecture) -> None:
    texts = []
    for edit in ("set image_style=ink", f"text {SAID}=Rain falls.", "set use_video=true", "segments add:0"):
        small_lecture.edit(edit)
        small_lecture.regenerate()
        texts.append(small_lecture.lectures.export(LECTURE, small_lecture.home.parent / "out", video=False).read_text())
    walk: list[tuple[Callable[[str], Any], int]] = [
        *((small_lecture.lectures.undo, position) for position in (2, 1, 0)),
        *((small_lecture.lectures.redo, position) for position in (1, 2, 3)),
    ]
    for way, position in walk:
        way(LECTURE)
        assert small_lecture.regenerate()["calls"] == {}
        assert (
            small_lecture.lectures.export(LECTURE, small_lecture.home.parent / "out", video=False).read_text() == texts[position]
        )
    assert [row["edits"] for row in small_lecture.lectures.history(LECTURE)][-6:] == [["undo"]] * 3 + [["redo"]] * 3


def test_undo_and_redo_are_refused_if_there_is_nothing_to_undo_or_redo(small_lecture: SmallLecture) -> None:
    with pytest.raises(RefusedError, match="in its original state; there is nothing to undo"):
        small_lecture.lectures.undo(LECTURE)
    small_lecture.edit("set voice=teacher")
    with pytest.raises(RefusedError, match="nothing to redo"):
        small_lecture.lectures.redo(LECTURE)
    small_lecture.lectures.undo(LECTURE)
    small_lecture.edit("set voice=student")
    with pytest.raises(RefusedError, match="nothing to redo"):
        small_lecture.lectures.redo(LECTURE)
    with pytest.raises(ConflictError, match="is at version 4, but this request was for version 2"):
        small_lecture.lectures.undo(LECTURE, if_version=2)
    first, again = (small_lecture.lectures.undo(LECTURE, client_key="u") for _ in range(2))
    assert first["version"] == again["version"] == 5
    assert small_lecture.lectures.history(LECTURE)[-1]["edits"] == ["undo"]


@pytest.mark.slow
def test_redo_chooses_the_chosen_take_again(small_lecture: SmallLecture) -> None:
    small_lecture.edit(f"reroll {IMAGE}")
    small_lecture.regenerate()
    small_lecture.edit(f"take {IMAGE}=1")
    small_lecture.lectures.undo(LECTURE)
    small_lecture.regenerate()
    assert small_lecture.nodes()[IMAGE]["take"] == 2
    small_lecture.lectures.redo(LECTURE)
    assert small_lecture.nodes()[IMAGE]["take"] == 1
    assert small_lecture.nodes()[IMAGE]["status"] == "fresh"


@pytest.mark.slow
def test_a_run_held_to_an_outdated_plan_is_refused_with_the_differences(small_lecture: SmallLecture) -> None:
    asked: Any = small_lecture.lectures.plan(LECTURE, ["set voice=teacher"])
    small_lecture.edit("set voice=teacher", f"text {SAID}=Rain falls.")
    with pytest.raises(RefusedError) as refused:
        small_lecture.regenerate(Scope(token=asked["token"]))
    said = str(refused.value)
    assert f"1 with other inputs or another price ({SPEECH});" in said
    assert "it was 5 nodes, 2 calls" in said
    assert "for version 1; it is 5 nodes, 2 calls" in said
    with pytest.raises(RefusedError, match="that token is unknown for this lecture"):
        small_lecture.regenerate(Scope(token="0" * 32))
    assert small_lecture.nodes()[SPEECH]["status"] == "stale"
    now: Any = small_lecture.lectures.plan(LECTURE)
    assert small_lecture.regenerate(Scope(token=now["token"]))["calls"] == {"speech": 2}


@pytest.mark.slow
def test_explain_names_the_words_that_changed_and_the_inputs_that_did_not(small_lecture: SmallLecture) -> None:
    small_lecture.edit(f"text {SAID}={value(small_lecture, SAID).replace('sea', 'lake')}")
    explained: Any = small_lecture.lectures.explain(LECTURE, SPEECH)
    (reason,) = explained["reasons"]
    assert reason["parts"] == [{"from": "sea", "to": "lake"}]
    assert explained["unchanged"] == ["config:voice", "config:language", "config:lexicon", "config:speech-model"]
    small_lecture.edit(HOTTER, f"unpin {SAID}")
    chain: Any = small_lecture.lectures.explain(LECTURE, "assembler:timeline")["chain"]
    (deepest,) = (link for link in chain if link["id"] == "llm:script-generation")
    assert deepest["reasons"][0]["parts"] == [{"from": "The sun", "to": "The hot sun"}]
