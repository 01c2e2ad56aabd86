"""The simulated writer says what the notes say, in order and nothing else; without notes it states no fact about the topic."""

import itertools
import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.content import Script, SegmentScript, VideoPrompts
from lecture_assets.graph.fingerprint import Json, canonical
from lecture_assets.graph.lecture import MAX_SEGMENTS
from lecture_assets.prose.markup import as_shown
from lecture_assets.prose.readable import readable
from lecture_assets.providers.simulated.phrasebook import find_phrases
from lecture_assets.providers.simulated.writer import VIEWS, write
from lecture_assets_tests.project import THOROUGH
from lecture_media.words import paragraphs, sentences, words

NOTES = (
    "Plants catch light with a green dye. The dye is called chlorophyll, and it sits in tiny bodies in the leaf.\n\n"
    "The caught light splits water. Oxygen leaves through small pores; hydrogen stays.\n\n"
    "From hydrogen and carbon dioxide the plant builds sugar. E.g. wood is made of it. Dr. Calvin found out how in 1950!"
)
LONG_NOTES = "\n\n".join(
    " ".join(f"In part {part} the traveller met person number {number}, who told a tale." for number in range(6))
    for part in range(40)
)
LANGUAGES = {
    "de": "Pflanzen fangen Licht ein. Das geschieht im Blatt, z.B. in den Chloroplasten. Übrig bleibt Sauerstoff.",
    "fr": "L’eau monte « très haut » ; puis elle retombe. Qu’est-ce que la pluie ? C’est de l’eau.",
    "es": "¿Por qué llueve? El sol calienta el mar. ¡El vapor sube!",
    "ru": "Растения ловят свет. Вода поднимается по стеблю.",
    "zh": "植物用叶绿素捕捉阳光。水被分解成氧和氢。植物由此制造糖。",
    "ar": "النباتات تصنع السكر. الماء يصعد من الجذور.",
    "hi": "पौधे प्रकाश पकड़ते हैं। पानी जड़ों से ऊपर जाता है।",
}
ENGLISH = find_phrases("en")
COUNTS = range(1, MAX_SEGMENTS + 1) if THOROUGH else (1, 2, 3, 4, 5, 6, 7, 13, 40, MAX_SEGMENTS)
STYLES = ["watercolour, soft edges", "Style: flat. No text!", "a 1960s poster; two colours (red & black)", "水墨画"]


def script(notes: str | None = NOTES, count: int = 3, prompt: str | None = "Explain photosynthesis", **more: Json) -> Script:
    facts: dict[str, Json] = {
        "user-prompt": {"prompt": prompt, "notes": notes},
        "segment-length": 10,
        "num-segments": count,
        "reroll": 0,
    }
    return Script.model_validate(write("script-generation", facts | more, "key"))


def said(written: Script) -> list[str]:
    return [segment.narration for segment in written.segments]


def text(task: str, facts: Mapping[str, Json], key: str = "key") -> str:
    answer: Any = write(task, facts, key)
    assert set(answer) == {"text"}
    return str(answer["text"])


def image_prompt(image: int = 0, visual: str = "A bee on a flower.", style: str = "woodcut", reroll: int = 0) -> str:
    return text("image-prompt", {"visual": visual, "image-style": style, "image": image, "reroll": reroll})


def flat(notes: str) -> str:
    return " ".join(notes.split())


def assert_only_recaps(told: list[str], notes: str) -> None:
    """Each is an opener from the list and a piece of the notes, word for word."""
    for narration in told:
        recap = re.sub(r"^Once more, for the \d+\. time: |^Recap \d+\. ", "", narration)
        assert ENGLISH is not None
        opener = next(opener for opener in ENGLISH.recaps if recap.startswith(opener))
        assert recap.removeprefix(opener).strip() in flat(notes)


@pytest.mark.parametrize("count", range(1, 8))
def test_with_notes_the_narration_is_the_notes_word_for_word(count: int) -> None:
    assert " ".join(said(script(count=count))) == flat(NOTES)


@pytest.mark.slow
@pytest.mark.parametrize(
    "notes", [NOTES, LONG_NOTES, "One short sentence.", "Word", *LANGUAGES.values()], ids=lambda notes: notes[:9]
)
def test_any_number_of_segments_is_written_and_every_sentence_is_said_in_order(notes: str) -> None:
    wanted = [sentence for paragraph in paragraphs(notes) for sentence in sentences(paragraph)]
    for count in COUNTS:
        told = said(script(notes, count))
        assert len(told) == count
        assert len(set(told)) == count
        ends = list(itertools.accumulate((len(squeezed(narration)) for narration in told), initial=0))
        first = ends.index(len(squeezed(notes)))
        assert squeezed("".join(told[:first])) == squeezed(notes) == squeezed("".join(wanted))
        assert_only_recaps(told[first:], notes)


def squeezed(text: str) -> str:
    """A text without spaces: some languages have none between sentences."""
    return "".join(text.split())


def test_no_segment_ends_within_a_date() -> None:
    notes = "Gutenberg druckte in Mainz mit Lettern aus Metall. Am 3. Oktober 1454 erschien ein Ablassbrief, dann mehr."
    assert said(script(notes, 2, language="de"))[1].startswith("Am 3. Oktober 1454")


def test_notes_are_split_at_paragraphs_if_there_is_one_per_segment() -> None:
    assert said(script(count=3)) == paragraphs(NOTES)


def test_segments_have_similar_lengths() -> None:
    lengths = [len(narration) for narration in said(script(LONG_NOTES, 20))]
    assert max(lengths) < 1.6 * min(lengths)


@pytest.mark.slow
@given(
    notes=st.lists(
        st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(["Bees fly. ", "\n\n", "e.g. "]), max_size=12
    ),
    count=st.integers(1, MAX_SEGMENTS),
)
def test_whatever_the_notes_are_the_script_fits_and_says_them(notes: list[str], count: int) -> None:
    joined = "".join(notes)
    written = script(joined, count)
    assert len(written.segments) == count
    assert len(set(said(written))) == count
    if words(as_shown(joined)):
        apart = re.sub(r"Once more, for the \d+\. time: ", "", " ".join(map(as_shown, said(written))))
        assert flat(apart).startswith(" ".join(paragraphs(as_shown(joined))))


MARKDOWN = """[back to the course](../index.md)

# Levers

A **lever** is a bar that turns about a *fulcrum*. See [the long proof](https://example.org/a/very/long/path?to=proof#s4).

<!-- ask Tom for the picture -->

- load at one end
- load in the middle

| kind | example |
|------|---------|
| first | seesaw |

Salt &amp; sand weigh the same when $F_1 d_1 = F_2 d_2$, and `<b>x</b>` is bold.
"""


@pytest.mark.parametrize("count", [1, 2, 5])
def test_markdown_is_said_and_shown_as_its_reader_sees_it(count: int) -> None:
    written = script(MARKDOWN, count, None)
    assert written.title == "Levers"
    told = " ".join(as_shown(narration) for narration in said(written))
    assert told == (
        "back to the course. Levers. A lever is a bar that turns about a fulcrum. See the long proof. "
        "Load at one end. Load in the middle. kind, example. first, seesaw. "
        "Salt & sand weigh the same when F₁ d₁ = F₂ d₂, and <b>x</b> is bold."
    )
    assert not re.search(r"[#*`|$]|https|Tom", " ".join(segment.visual for segment in written.segments))


@pytest.mark.parametrize("rule", ["***", "---", "____", "* * *", "🌱", "— … —", "<hr>", "![](x.png)"])
def test_a_paragraph_without_a_word_is_not_a_segment(rule: str) -> None:
    five = ["The sun warms the sea.", "Vapour rises.", "It cools.", "Drops fall.", "Rivers run."]
    notes = f"\n\n{rule}\n\n".join(five[:3]) + "\n\n" + "\n\n".join(five[3:])
    assert said(script(notes, 5)) == five
    assert all(words(narration) for narration in said(script(notes, 9)))


def test_notes_that_repeat_themselves_still_give_segments_that_differ() -> None:
    assert len(set(said(script("It rains.\n\nIt rains.\n\nIt rains.", 3)))) == 3


@pytest.mark.slow
def test_notes_too_long_for_the_segments_are_refused_with_the_number_needed() -> None:
    notes = "This sentence is of thirty-six signs. " * 2_000
    with pytest.raises(ValueError, match=r"76,000 characters.*ask for 4 segments or more"):
        script(notes, 3)
    assert len(said(script(notes, 5))) == 5


@pytest.mark.slow
@pytest.mark.parametrize(
    "prompt", ["Explain why the sky is blue to children", "TCP", "Warum regnet es?", "黑洞是什么？", "!?", "why?", "{about} {0}"]
)
@pytest.mark.parametrize("seconds", [3, 10, 120])
def test_without_notes_any_number_of_segments_is_written_about_the_prompt_and_all_differ(prompt: str, seconds: int) -> None:
    for count in COUNTS:
        written = script(None, count, prompt, **{"segment-length": seconds})
        assert len(set(said(written))) == len(written.segments) == count
        assert "lorem" not in " ".join(said(written)).lower()


def test_without_notes_it_is_about_the_topic_and_admits_having_no_notes() -> None:
    written = script(None, 6, "Explain how volcanoes erupt to ten-year-olds")
    assert all("volcanoes" in segment.visual.lower() for segment in written.segments)
    assert sum("volcanoes" in narration for narration in said(written)) >= 4
    assert "no notes" in said(written)[-1]
    assert "ten-year-olds" not in " ".join(said(written))


@given(prompt=st.text(min_size=1, max_size=60).map(readable).filter(bool), count=st.integers(1, 30))
def test_any_prompt_gives_a_script_that_fits(prompt: str, count: int) -> None:
    if not prompt.strip():
        with pytest.raises(ValueError, match="neither a prompt nor notes"):
            script(None, count, prompt)
        return
    written = script(None, count, prompt)
    assert len(set(said(written))) == count


def test_an_empty_request_is_refused_in_a_sentence() -> None:
    with pytest.raises(ValueError, match="neither a prompt nor notes"):
        script(None, 2, None)


@pytest.mark.parametrize("notes", [None, NOTES])
@pytest.mark.parametrize(
    "prompt",
    [
        None,
        "Explain photosynthesis",
        "Tell me about " + "the long and winding story of how one small thing led to the next " * 3,
        "x" * 500,
        "Explain the rules of chess, the openings, the middle game, the end game, and how to lose with grace",
    ],
)
def test_a_title_is_at_most_ten_words_and_begins_with_a_capital(prompt: str | None, notes: str | None) -> None:
    if prompt or notes:
        title = script(notes, 2, prompt).title
        assert 1 <= len(title.split()) <= 10
        assert title[0] == title[0].upper()
        assert title[-1] not in ",;:"


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_languages_are_said_and_shown_without_breaking(language: str) -> None:
    notes = LANGUAGES[language]
    for count in (1, 2, 3, 7):
        written = script(notes, count, None, language=language)
        assert "".join(" ".join(said(written)).split()).startswith("".join(notes.split()))
        assert language != "zh" or not any(" " in text for text in said(written)), "no space between sentences"
        for segment in written.segments:
            assert image_prompt(visual=segment.visual)
        whole: Json = written.model_dump(mode="json")
        assert text("video-summary", {"script-generation": whole})
        place: Json = {"previous": said(written)[0], "next": None}
        facts: dict[str, Json] = {"script-generation": whole, "place": place, "segment": 5, "reroll": 0}
        SegmentScript.model_validate(write("segment-script", facts, "key"))


def test_visuals_use_the_words_of_the_narration() -> None:
    for segment in script(count=3).segments:
        clause = segment.visual.partition(";")[0].rstrip(".")
        assert clause.lower() in segment.narration.lower()


@pytest.mark.parametrize("notes", [None, NOTES])
def test_a_re_roll_rewrites_some_segments_and_leaves_the_others(notes: str | None) -> None:
    before = script(notes, 6)
    for reroll in range(1, 12):
        after = script(notes, 6, reroll=reroll)
        kept = [old == new for old, new in zip(before.segments, after.segments, strict=True)]
        assert True in kept
        assert False in kept
        assert all(old in new for old, new in zip(said(before), said(after), strict=True))
        assert after != script(notes, 6, reroll=reroll + 1)


@given(
    style=st.sampled_from(STYLES) | st.text(min_size=1, max_size=40).filter(str.strip),
    image=st.integers(0, 3),
    reroll=st.integers(0, 9),
)
def test_an_image_prompt_keeps_the_style_word_for_word(style: str, image: int, reroll: int) -> None:
    assert image_prompt(image, style=style, reroll=reroll).endswith(f"Style: {style.strip()}")
    prompts: Any = write("video-prompts", {"visual": "A bee.", "image-style": style, "reroll": reroll}, "key")
    assert prompts["starting_image"].endswith(f"Style: {style.strip()}")


@pytest.mark.parametrize("visual", ["A bee on a flower.", "叶子", "…", "Nothing that can be drawn"])
def test_the_pictures_of_a_segment_and_its_re_rolls_are_all_different_and_name_what_is_seen(visual: str) -> None:
    prompts = [image_prompt(image, visual, reroll=reroll) for image in range(len(VIEWS)) for reroll in range(12)]
    assert len(set(prompts)) == len(prompts)
    assert all(visual.rstrip(".") in prompt for prompt in prompts)


def test_a_clip_s_prompts_fit_and_a_re_roll_gives_others() -> None:
    asked: list[dict[str, Json]] = [
        {"visual": "A bee on a flower.", "image-style": "ink", "reroll": reroll} for reroll in range(12)
    ]
    prompts = [VideoPrompts.model_validate(write("video-prompts", facts, "key")) for facts in asked]
    assert len({prompt.starting_image for prompt in prompts}) == len({prompt.movie_direction for prompt in prompts}) == 12
    assert all("no cuts" in prompt.movie_direction for prompt in prompts)


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ("96 bpm, please", ", 96 bpm"),
        ("slow and quiet", r", (6\d|7[0-8]) bpm"),
        ("lively", r", 1[012]\d bpm"),
        ("electronic", "synth|bass|arpeggio|electric|drums"),
        ("", r", (7[89]|8\d|9\d) bpm"),
    ],
)
def test_a_music_prompt_has_title_tempo_and_instruments_as_requested(wish: str, found: str) -> None:
    facts: dict[str, Json] = {"video-title": "Bees", "video-summary": "Of bees.", "music-prompt-mod": wish}
    prompt = text("music-prompt", facts)
    assert "“Bees”" in prompt
    assert re.search(found, prompt)
    assert "piano" not in text("music-prompt", facts | {"music-prompt-mod": "no piano"}).partition("As asked")[0]
    assert len({text("music-prompt", facts | {"reroll": reroll}) for reroll in range(8)}) == 8


def test_a_summary_names_the_title_and_quotes_the_script() -> None:
    written = script()
    summary = text("video-summary", {"script-generation": written.model_dump(mode="json")})
    assert written.title in summary
    assert sentences(said(written)[0])[0] in summary
    assert sentences(said(written)[-1])[-1] in summary


def test_an_added_segment_joins_its_neighbours_in_their_words() -> None:
    whole: Json = script().model_dump(mode="json")
    ends: list[dict[str, Json]] = [
        {"previous": "Water rises.", "next": "Rain falls."},
        {"previous": None, "next": "Rain falls."},
        {"previous": "Water rises.", "next": None},
        {},
    ]
    for place in ends:
        facts: dict[str, Json] = {"script-generation": whole, "place": place, "segment": 3, "reroll": 0}
        segment = SegmentScript.model_validate(write("segment-script", facts, "key"))
        assert all(str(words).rstrip(".") in segment.narration for words in place.values() if words)
        assert segment.narration != SegmentScript.model_validate(write("segment-script", facts | {"reroll": 1}, "key")).narration


FACTS = "{'user-prompt': {'prompt': 'Explain bees', 'notes': None}, 'segment-length': 9, 'num-segments': 7, 'reroll': 3}"


@pytest.mark.slow
def test_equal_requests_have_equal_answers_in_every_process() -> None:
    code = (
        "import sys; from lecture_assets.graph.fingerprint import canonical\n"
        "from lecture_assets.providers.simulated.writer import write\n"
        f"sys.stdout.buffer.write(canonical(write('script-generation', {FACTS}, 'k')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env={"PYTHONHASHSEED": "7"})
    facts: dict[str, Json] = {
        "user-prompt": {"prompt": "Explain bees", "notes": None},
        "segment-length": 9,
        "num-segments": 7,
        "reroll": 3,
    }
    assert canonical(write("script-generation", facts, "k")) == done.stdout


@pytest.mark.parametrize(
    ("task", "facts", "sentence"),
    [
        ("poem", {}, "does not know the task 'poem'"),
        ("script-generation", {}, "needs the fact 'user-prompt'"),
        ("script-generation", {"user-prompt": "Bees"}, "'user-prompt'.*allowed: an object"),
        (
            "image-prompt",
            {"image": 4, "visual": "x", "image-style": "y"},
            "'image' .* is 4; allowed: whole numbers from 0 to 3",
        ),
        ("image-prompt", {"image": 0, "visual": "x", "image-style": "y", "reroll": -1}, "'reroll'"),
        ("video-summary", {"script-generation": {"title": "x"}}, "segments"),
    ],
)
def test_an_invalid_request_is_an_error_that_names_the_fault(task: str, facts: dict[str, Json], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        write(task, facts, "key")
