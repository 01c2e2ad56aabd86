"""Settings that contradict each other cause one warning each, in one sentence, before anything is bought; others cause none."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.briefs.brief import Brief
from lecture_assets.briefs.reading import example_names, read_example
from lecture_assets.cli.entry import run as run_command
from lecture_assets.graph.kind import Role
from lecture_assets.graph.settings import Settings, new_settings
from lecture_assets.providers.catalogue import Catalogue
from lecture_assets.providers.catalogue_file import built_in
from lecture_assets.providers.simulated_models import SIMULATED_DEFAULTS
from lecture_assets.runner.reading.contradictions import contradictions
from lecture_assets.runner.reading.known_parts import NOTHING_MADE, KnownParts
from lecture_assets.runner.reading.status import StatusDocument
from lecture_assets_tests.scenarios.quick_vendor import Mood, open_quick_lectures

SENTENCE = "Step {n} moves the load a little nearer to the fulcrum, and we measure again how much the effort has to be."
LONG = "\n\n".join(" ".join(SENTENCE.format(n=5 * part + n) for n in range(5)) for part in range(25))
SHORT = "The sun warms the sea. Drops fall on the hills."
MINUTE = " ".join(SENTENCE.format(n=n) for n in range(9))
GERMAN = "Die Sonne wärmt das Meer, und der Dampf steigt auf. Hoch oben wird er zu Wolken, aus denen es auf die Berge regnet."
REAL = {
    "video": "replicate:wavespeedai/wan-2.1-i2v-480p",
    "music": "replicate:meta/musicgen",
    "image": "openai:gpt-image-1-mini?size=1024x1024",
    "text": "openai:gpt-5.4-mini",
    "speech": "openai:gpt-4o-mini-tts",
}
CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "notes far longer than the duration": (
        {"notes": LONG, "duration": 60, "segment_length": 10},
        [r"16 min to narrate in 'en', not the duration of 60 s: .* in 6 segments of about 2 min 3\d s; num_segments=9\d "],
    ),
    "notes far longer than num_segments allows": (
        {"notes": LONG, "num_segments": 2, "segment_length": 20},
        [r"take about 16 min .*, not the 40 s that 2 segments of 20 s add up to: .*; num_segments=4\d would keep"],
    ),
    "notes longer than 99 segments": (
        {"notes": LONG * 2, "duration": 60, "segment_length": 5},
        [r"take about 31 min .*; the maximum is 99 segments, of about 19 s each \(num_segments=99\)"],
    ),
    "notes too long for any narration": (
        {"notes": LONG * 5, "num_segments": 2},
        [r"too long for 2 segments of at most 19,000 each, so the script will fail; use num_segments=\d or more", r"take about"],
    ),
    "notes too long for the voice's model": (
        {"notes": LONG, "num_segments": 2, "models": {"speech": REAL["speech"]}},
        [r"2 segments: openai:gpt-4o-mini-tts speaks at most 4,096 .*; use num_segments=\d or more", r"take about"],
    ),
    "notes far shorter than the duration": (
        {"notes": SHORT, "duration": 120},
        [r"about 4 s to narrate, not the duration of 2 min, and they have 2 sentences for 12 segments, so .*; num_segments=1"],
    ),
    "fewer sentences than segments": (
        {"notes": "It rains.", "num_segments": 3, "segment_length": 3},
        [r"take about 1 s to narrate, not the 9 s that 3 segments of 3 s add up to, and they have 1 sentence for 3 segments"],
    ),
    "the same, for a real model": (
        {"notes": MINUTE.replace(". ", ", "), "num_segments": 6, "models": {"text": REAL["text"]}},
        [r"the notes have 1 sentence for 6 segments, so the model has little to say in each; num_segments=1 would be enough"],
    ),
    "num_segments that do not fill the duration": (
        {"prompt": "Rain", "num_segments": 3, "duration": 300},
        [r"3 segments of 10 s add up to 30 s, .* 5 min: num_segments takes .*; set num_segments=30, or set segment_length=100$"],
    ),
    "fixed length, but notes that need longer": (
        {"notes": MINUTE, "num_segments": 4, "segment_length": 12, "assembly_strategy": "fixed-length"},
        [r"fixed-length makes segments of 12 s, but the notes fill about 1\d s each: .*; segment_length=17 would hold them"],
    ),
    "clips shorter than the segments": (
        {"prompt": "Rain", "use_video": True, "models": {"video": REAL["video"]}},
        [r"segments of about 10 s are longer than the clips of replicate:.* \(at most 6.2 s\): they are slowed to 1.6 times; "],
    ),
    "clips far shorter than the segments": (
        {"prompt": "Rain", "use_video": True, "segment_length": 15, "models": {"video": REAL["video"]}},
        [r"slowed to 1.6 times, and in each the last frame moves on for 5.0 s that no clip covers; segment_length=6 would fit"],
    ),
    "pictures that stay for long": (
        {"prompt": "Rain", "segment_length": 30, "images_per_segment": 1},
        [r"a picture stays for about 30 s, shown closer and wider in turn; images_per_segment=2 would show a new one every 15 s"],
    ),
    "several pictures where a clip is shown": (
        {"prompt": "Rain", "use_video": True, "images_per_segment": 3},
        [r"images_per_segment=3 applies only to pictures: with use_video a segment shows one clip; set images_per_segment=1"],
    ),
    "pictures too brief to be seen": (
        {"prompt": "Rain", "segment_length": 3, "images_per_segment": 4},
        [r"images_per_segment=4 in segments of 3 s means a new picture every 0.8 s; images_per_segment=1 would show one every 3"],
    ),
    "pictures of another aspect ratio": (
        {"prompt": "Rain", "aspect_ratio": "9:16", "models": {"image": REAL["image"]}},
        [r"openai:gpt-image-1-mini\?size=1024x1024 makes pictures of 1024x1024, but .* is 9:16: .*, or aspect_ratio=1:1"],
    ),
    "music shorter than the lecture": (
        {"prompt": "Rain", "models": {"music": REAL["music"]}},
        [r"music by replicate:meta/musicgen lasts at most 30 s, but the lecture about 60 s: .* repeats; supply a longer"],
    ),
    "notes in another language": (
        {"notes": GERMAN, "num_segments": 1},
        [r"the notes seem to be in 'de', but language is 'en': they are read as written, by a voice for 'en'; set language=de"],
    ),
    "notes in English in a German lecture": (
        {"notes": MINUTE, "language": "de-AT"},
        [r"the notes seem to be in 'en', but language is 'de-AT'"],
    ),
    "notes in another writing system": (
        {"notes": "雨从云里落下来。", "num_segments": 1, "language": "ru"},
        [r"the notes seem to be in another writing system, but language is 'ru': .*; set language to theirs if"],
    ),
    "a prompt in another language": (
        {"prompt": "Erkläre, warum der Himmel über der Stadt und dem Meer blau ist und nicht grün"},
        [r"the prompt seems to be in 'de', but language is 'en': it is read as written"],
    ),
    "a language that the writer cannot write": (
        {"prompt": "Rain", "language": "cy"},
        [r"no sentences of its own in 'cy'.*give notes, choose a vendor's text model, or use one of its languages"],
    ),
    "notes in the script of one language": (
        {"notes": "השמש מחממת את הים.", "num_segments": 1},
        [r"in the script of 'he', but language is 'en': .*; set language=he if that is what you meant"],
    ),
    "notes longer than a duration that fits neither number of segments": (
        {"notes": MINUTE, "duration": 20, "num_segments": 6},
        [r"take about 65 s .*, not the duration of 20 s: .* in 6 segments of about 11 s; num_segments=7 would keep"],
    ),
    "notes longer than a duration, in enough segments": (
        {"notes": MINUTE, "duration": 20, "num_segments": 9},
        [r"take about 65 s .*, not the duration of 20 s: .* in 9 segments of about 7 s; shorten them, or set duration=65$"],
    ),
    "notes in few segments, without a length that anybody asked for": (
        {"notes": LONG, "num_segments": 2},
        [r"^the notes take about 16 min to narrate in 'en': they are narrated in full, in 2 segments of about 8 min; num_segm"],
    ),
    "nothing: notes in fewer segments than they fill, of a length nobody set": ({"notes": MINUTE, "num_segments": 8}, []),
    "nothing: num_segments and its own default length": ({"prompt": "Rain", "num_segments": 3, "segment_length": 10}, []),
    "nothing: a prompt": ({"prompt": "Rain"}, []),
    "nothing: num_segments without a duration": ({"prompt": "Warum blau?", "language": "de", "num_segments": 3}, []),
    "nothing: one sentence for one segment": ({"notes": "It rains.", "num_segments": 1}, []),
    "nothing: a minute of notes for a minute": ({"notes": MINUTE, "duration": 60}, []),
    "nothing: long notes without a duration": ({"notes": LONG}, []),
    "nothing: short notes without a duration": ({"notes": SHORT}, []),
    "nothing: notes in a language without phrases": ({"notes": "Mae hi'n bwrw glaw.", "language": "cy"}, []),
    "nothing: a real model writes every language": ({"prompt": "Glaw", "language": "cy", "models": {"text": REAL["text"]}}, []),
    "nothing: notes that fit fixed lengths": ({"notes": MINUTE, "duration": 64, "assembly_strategy": "fixed-length"}, []),
}  # fmt: skip


def settings_of(brief: Brief) -> Settings:
    return new_settings(brief.inputs({role.value: SIMULATED_DEFAULTS[role] for role in Role}), brief.nodes(), brief.asked())


def warnings_about(settings: Settings, known: KnownParts = NOTHING_MADE) -> list[str]:
    catalogue = Catalogue(built_in())
    return contradictions(settings, lambda role: catalogue.find(str(settings.inputs[f"{role}-model"]), role), known)


@pytest.mark.parametrize("name", CASES)
def test_each_contradiction_is_reported_once_in_one_sentence(name: str) -> None:
    brief, expected = CASES[name]
    sentences = warnings_about(settings_of(Brief.model_validate(brief)))
    assert len(sentences) == len(expected), sentences
    for sentence, pattern in zip(sentences, expected, strict=True):
        assert re.search(pattern, sentence), sentence
        assert "\n" not in sentence


@pytest.mark.parametrize("name", example_names())
def test_no_example_contradicts_itself(name: str) -> None:
    assert warnings_about(settings_of(read_example(name))) == []


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LECTURES_HOME", str(tmp_path / "home"))

    def lectures(*words: str) -> tuple[Any, str]:
        assert run_command([*words, "--json"]) == 0
        written = capsys.readouterr()
        return json.loads(written.out), written.err

    return lectures


OF_16K = """
[[model]]
name = "openai:small"
role = "text"
seconds = 3
price = [{ usd = 1, per = 1_000_000, unit = "output token" }]
source = "our own machine"
[model.within]
"output tokens" = [16, 16_384]
"""


@pytest.mark.parametrize(("segments", "said"), [(42, 0), (43, 1), (99, 1)])
def test_a_script_longer_than_the_model_can_write_is_reported(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, segments: int, said: int
) -> None:
    Path("small.toml").write_text(OF_16K)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-none")
    monkeypatch.setenv("LECTURES_CATALOGUE", "small.toml")
    Path("b.yaml").write_text(json.dumps({"prompt": "Rain", "num_segments": segments, "models": {"text": "openai:small"}}))
    for words in (("create", "b.yaml"), ("plan", "b")):
        document, _ = run(*words)
        assert len([w for w in document["warnings"] if "openai:small gives at most 16,384: ask for fewer segments" in w]) == said


@pytest.mark.slow
def test_edit_and_plan_report_a_text_longer_than_the_speech_model_takes(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-none")
    Path("b.yaml").write_text(
        json.dumps({"prompt": "Rain", "num_segments": 1, "segment_length": 10, "models": {"speech": REAL["speech"]}})
    )
    run("create", "b.yaml")
    for length, reported in ((4_096, 0), (4_097, 1)):
        for words in (
            ("plan", "b", f"text content:narration-text:segment[0]={'x' * length}"),
            ("edit", "b", f"text content:narration-text:segment[0]={'x' * length}"),
            ("plan", "b"),
        ):
            document, _ = run(*words)
            assert len([w for w in document["warnings"] if "openai:gpt-4o-mini-tts speaks at most 4,096" in w]) == reported
    document, _ = run("plan", "b", f"model asset:narration:segment[0]={SIMULATED_DEFAULTS[Role.SPEECH]}")
    (said,) = document["warnings"]
    assert said.startswith("the narrations take about 270 s to say, not the 10 s that num_segments × segment_length asks for")


DONE = KnownParts(calls=frozenset(), writes=False, spoken=frozenset())


@pytest.mark.parametrize(
    ("brief", "known", "said"),
    [
        ({"prompt": "דג", "language": "he"}, DONE, []),
        ({"prompt": "ภาษาไทย", "language": "ja"}, DONE, []),
        ({"prompt": "Rain", "num_segments": 3, "duration": 300}, DONE, []),
        ({"notes": LONG, "duration": 20}, DONE, []),
        ({"prompt": "Rain", "use_video": True, "segment_length": 15, "models": {"video": REAL["video"]}}, DONE, []),
        ({"prompt": "Rain", "models": {"music": REAL["music"], "image": REAL["image"]}}, DONE, []),
        ({"prompt": "Rain", "use_video": True}, replace(DONE, clips_ms={0: 7_000, 1: 7_000}, heard_ms={0: 9_000, 1: 9_000}), []),
        (
            {"prompt": "Rain", "use_video": True},
            replace(DONE, clips_ms={0: 1_000, 1: 2_000}, texts={0: "Rain falls on the hills and runs to the sea."}),
            [r"^2 clips of your own are too short .*: in s00 for about 1.9 s and s01 for about 6.8 s; supply .*=@FILE`"],
        ),
        (
            {"prompt": "Rain", "num_segments": 2},
            replace(
                DONE, speech_ms={0: 20, 1: 900}, clipped={0: 20, 1: 94}, texts={0: "Rain falls on the hills.", 1: "It snows."}
            ),
            [
                r"^a recording of your own is too short for the text \(s00 with 1200 letters a second\), .*, or shorten",
                r"^a recording is clipped, which is heard as crackling \(s01 for 9.4 % of its time\): supply one ",
            ],
        ),
    ],
)
def test_what_is_there_and_what_is_to_come_decides_what_is_said(
    brief: dict[str, Any], known: KnownParts, said: list[str]
) -> None:
    found = [note for note in warnings_about(settings_of(Brief.model_validate(brief)), known) if not note.startswith("no video")]
    assert len(found) == len(said), found
    for note, pattern in zip(found, said, strict=True):
        assert re.search(pattern, note), note


def test_an_unknown_model_causes_no_warning() -> None:
    brief = Brief(prompt="Rain", use_video=True, models={"video": "replicate:no/such"})  # type: ignore[arg-type]
    assert warnings_about(settings_of(brief)) == []


@pytest.mark.parametrize(
    ("brief", "segments", "duration"),
    [
        ({"notes": LONG}, 93, 927),
        ({"notes": SHORT}, 1, 4),
        ({"notes": LONG * 4}, 99, 990),
        ({"notes": LONG, "duration": 60}, 6, 60),
        ({"notes": LONG, "num_segments": 3}, 3, 60),
        ({"notes": "雨从云里落下来。" * 30, "language": "zh"}, 7, 67),
        ({"prompt": "Rain"}, 6, 60),
    ],
)
def test_without_a_duration_a_lecture_lasts_as_long_as_its_notes(brief: dict[str, Any], segments: int, duration: int) -> None:
    settings = settings_of(Brief.model_validate(brief))
    assert abs(len(settings.order) - segments) <= 2
    assert abs(int(str(settings.inputs["duration"])) - duration) <= duration * 0.02


def test_a_stored_lecture_whose_brief_now_yields_a_shorter_one_is_the_same_lecture(tmp_path: Path) -> None:
    brief = Brief(notes=SHORT)
    with open_quick_lectures(tmp_path / "home", Mood()) as lectures:
        before = brief.inputs(lectures.context.default_models, as_long_as_notes=None)
        stored = Brief.model_validate({"notes": SHORT, "duration": before["duration"]})
        lectures.create(stored, "rain")
        assert not lectures.create(brief, "rain").new
        assert len([node for node in nodes(lectures.status("rain")) if node.startswith("asset:narration")]) == 6


def nodes(document: StatusDocument) -> list[str]:
    return [node["id"] for node in document["nodes"]]


@pytest.mark.slow
def test_create_plan_and_edit_warn_on_stderr_and_in_their_document(run: Callable[..., Any]) -> None:
    Path("long.yaml").write_text(json.dumps({"notes": LONG, "duration": 60, "segment_length": 10}))
    for words in (("create", "long.yaml"), ("create", "long.yaml"), ("plan", "long")):
        document, said = run(*words)
        assert len(document["warnings"]) == 1
        assert said.count("note: the notes take about 16 min") == 1
    calm, said = run("plan", "long", "set num_segments=93")
    assert (calm["warnings"], said) == ([], "")
    document, said = run("plan", "long", "set language=de")
    assert [warning[:24] for warning in document["warnings"]] == ["the notes take about 15 ", "the notes seem to be in "]
    document, said = run("edit", "long", "set images_per_segment=4", "set segment_length=3")
    assert [warning[:24] for warning in document["warnings"]] == ["the notes take about 16 "]
    document, said = run("edit", "long", "set use_video=true")
    (warning,) = document["warnings"]
    assert warning.startswith("images_per_segment=4 applies only to pictures: with use_video a segment shows one clip; set ")
    assert said.count("note: ") == 1
    document, said = run("edit", "long", "set voice=teacher")
    assert (document["warnings"], said) == ([], "")


def test_a_typed_prompt_is_echoed_as_it_was_understood(run: Callable[..., Any]) -> None:
    document, said = run("create", "--prompt", "Explain rain to kids, 30 seconds, square")
    assert document["lecture"] == "explain-rain"
    assert document["understood"] == {"prompt": "Explain rain", "duration": 30, "aspect_ratio": "1:1", "audience": "kids"}
    assert said == "understood duration: 30 s, aspect ratio: 1:1, audience: kids; the prompt is: Explain rain\n"
    document, said = run("create", "--prompt", "Explain snow")
    assert (document["understood"], said) == ({"prompt": "Explain snow"}, "")
    document, said = run("create", "--example", "photosynthesis")
    assert (document["understood"], said) == (None, "")
