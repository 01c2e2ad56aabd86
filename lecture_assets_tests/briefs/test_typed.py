"""What people type after --prompt: the settings that they say in passing are understood, and a topic is never taken for one."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lecture_assets.briefs.brief import Brief
from lecture_assets.briefs.reading import brief_from_prompt
from lecture_assets.briefs.typed import read_typed
from lecture_assets.graph.errors import WrongInputError

SHOULD_BE: dict[str, dict[str, Any]] = {
    "Explain photosynthesis to 12-year-olds, 90 seconds, watercolour, vertical": {
        "prompt": "Explain photosynthesis",
        "audience": "12-year-olds",
        "duration": 90,
        "image_style": "watercolour",
        "aspect_ratio": "9:16",
    },
    "Explain volcanoes, 2 minutes": {"prompt": "Explain volcanoes", "duration": 120},
    "Explain volcanoes, 1:30 min": {"prompt": "Explain volcanoes", "duration": 90},
    "Explain volcanoes (1½ minutes)": {"prompt": "Explain volcanoes", "duration": 90},
    "Explain volcanoes, 1.5 min": {"prompt": "Explain volcanoes", "duration": 90},
    "Explain volcanoes - a minute and a half": {"prompt": "Explain volcanoes", "duration": 90},
    "Explain volcanoes, one and a half minutes": {"prompt": "Explain volcanoes", "duration": 90},
    "Explain volcanoes, 2 min 30 s": {"prompt": "Explain volcanoes", "duration": 150},
    "Explain volcanoes, half a minute": {"prompt": "Explain volcanoes", "duration": 30},
    "Explain volcanoes; ninety seconds": {"prompt": "Explain volcanoes", "duration": 90},
    "Explain volcanoes, about 45s": {"prompt": "Explain volcanoes", "duration": 45},
    "Explain volcanoes. Make it two minutes long.": {"prompt": "Explain volcanoes", "duration": 120},
    "Explain volcanoes in 60 seconds": {"prompt": "Explain volcanoes", "duration": 60},
    "90 seconds, vertical: explain volcanoes": {"prompt": "explain volcanoes", "duration": 90, "aspect_ratio": "9:16"},
    "A 90-second vertical video about volcanoes": {
        "prompt": "A video about volcanoes",
        "duration": 90,
        "aspect_ratio": "9:16",
    },
    "Make a 2 minute video in German about volcanoes": {
        "prompt": "Make a video about volcanoes",
        "duration": 120,
        "language": "de",
    },
    "Explain volcanoes in 3 slides": {"prompt": "Explain volcanoes", "num_segments": 3},
    "Explain volcanoes in five segments": {"prompt": "Explain volcanoes", "num_segments": 5},
    "Explain volcanoes, 4 parts, 2 images per segment": {
        "prompt": "Explain volcanoes",
        "num_segments": 4,
        "images_per_segment": 2,
    },
    "Explain gravity for kids": {"prompt": "Explain gravity", "audience": "kids"},
    "Explain gravity for experts, 5 minutes": {"prompt": "Explain gravity", "audience": "experts", "duration": 300},
    "Explain gravity for grade 8": {"prompt": "Explain gravity", "audience": "grade 8"},
    "Explain gravity, 8th grade": {"prompt": "Explain gravity", "audience": "8th grade"},
    "Explain gravity for my 9-year-old": {"prompt": "Explain gravity", "audience": "my 9-year-old"},
    "Explain gravity to my grandmother": {"prompt": "Explain gravity", "audience": "my grandmother"},
    "Explain gravity to first-year medical students": {
        "prompt": "Explain gravity",
        "audience": "first-year medical students",
    },
    "Explain gravity, ages 9-12": {"prompt": "Explain gravity", "audience": "ages 9-12"},
    "Explain gravity, portrait": {"prompt": "Explain gravity", "aspect_ratio": "9:16"},
    "Explain gravity, square format": {"prompt": "Explain gravity", "aspect_ratio": "1:1"},
    "Explain gravity, 9:16": {"prompt": "Explain gravity", "aspect_ratio": "9:16"},
    "Explain gravity for TikTok": {"prompt": "Explain gravity", "aspect_ratio": "9:16"},
    "Explain gravity, widescreen": {"prompt": "Explain gravity", "aspect_ratio": "16:9"},
    "Explain gravity in German": {"prompt": "Explain gravity", "language": "de"},
    "Explain gravity, auf Deutsch": {"prompt": "Explain gravity", "language": "de"},
    "Explain gravity in Brazilian Portuguese": {"prompt": "Explain gravity", "language": "pt-BR"},
    "Explain gravity in the style of Van Gogh": {"prompt": "Explain gravity", "image_style": "in the style of Van Gogh"},
    "Explain gravity as a pencil sketch": {"prompt": "Explain gravity", "image_style": "pencil sketch"},
    "Explain gravity in watercolour": {"prompt": "Explain gravity", "image_style": "watercolour"},
    "Explain gravity, black and white line drawing": {
        "prompt": "Explain gravity",
        "image_style": "black and white line drawing",
    },
    "Explain gravity, comic book style": {"prompt": "Explain gravity", "image_style": "comic book"},
    "Explain gravity, style: old map, brown ink": {"prompt": "Explain gravity, style: old map, brown ink"},
    "Explain gravity; style: old map in brown ink": {"prompt": "Explain gravity", "image_style": "old map in brown ink"},
    "Explain gravity, teacher's voice": {"prompt": "Explain gravity", "voice": "teacher"},
    "Explain gravity, voice: storyteller, 30 seconds": {"prompt": "Explain gravity", "voice": "storyteller", "duration": 30},
    "Explain gravity with video clips": {"prompt": "Explain gravity", "use_video": True},
    "Explain gravity, with quiet piano music": {"prompt": "Explain gravity", "music_prompt_mod": "quiet piano"},
    'Explain gravity, titled "Down to earth"': {"prompt": "Explain gravity", "title": "Down to earth"},
    "Why is the sky blue? 2 minutes, for kids, in German": {
        "prompt": "Why is the sky blue?",
        "duration": 120,
        "audience": "kids",
        "language": "de",
    },
    "Erkläre Vulkane für 12-Jährige, 90 Sekunden, Aquarell, Hochformat": {
        "prompt": "Erkläre Vulkane",
        "audience": "12-Jährige",
        "duration": 90,
        "image_style": "Aquarell",
        "aspect_ratio": "9:16",
        "language": "de",
    },
    "Erkläre Vulkane, anderthalb Minuten": {"prompt": "Erkläre Vulkane", "duration": 90, "language": "de"},
    "Erkläre Vulkane für Kinder in drei Abschnitten": {
        "prompt": "Erkläre Vulkane",
        "audience": "Kinder",
        "num_segments": 3,
        "language": "de",
    },
    "Erkläre Vulkane auf Englisch": {"prompt": "Erkläre Vulkane", "language": "en"},
    "Warum ist der Himmel blau? Als Bleistiftzeichnung, für Anfänger": {
        "prompt": "Warum ist der Himmel blau?",
        "image_style": "Bleistiftzeichnung",
        "audience": "Anfänger",
        "language": "de",
    },
    "Pourquoi le ciel est-il bleu ?": {"prompt": "Pourquoi le ciel est-il bleu ?", "language": "fr"},
    "¿Por qué el cielo es azul?": {"prompt": "¿Por qué el cielo es azul?", "language": "es"},
    "Warum ist der Himmel über uns blau?": {"prompt": "Warum ist der Himmel über uns blau?", "language": "de"},
    "Explain entropy, please, in 2 minutes": {"prompt": "Explain entropy", "duration": 120},
    "Explain entropy (90 s, vertical)": {"prompt": "Explain entropy", "duration": 90, "aspect_ratio": "9:16"},
    "Erkläre Motoren, 1,5 Minuten, quadratisch": {
        "prompt": "Erkläre Motoren",
        "duration": 90,
        "aspect_ratio": "1:1",
        "language": "de",
    },
    "Create a one-minute explainer about tides for TikTok": {
        "prompt": "Create an explainer about tides",
        "duration": 60,
        "aspect_ratio": "9:16",
    },
    "90-second explainer on tides": {"prompt": "explainer on tides", "duration": 60 + 30},
    "Explain tides, three segments of 8 seconds": {"prompt": "Explain tides", "num_segments": 3, "segment_length": 8},
    "Explain tides for high-school students": {"prompt": "Explain tides", "audience": "high-school students"},
    "Explain tides to my 8-year-old daughter": {"prompt": "Explain tides", "audience": "my 8-year-old daughter"},
    "Explain tides like I'm five": {"prompt": "Explain tides", "audience": "five-year-olds"},
    "Photosynthesis for beginners": {"prompt": "Photosynthesis", "audience": "beginners"},
}
TOPICS = """
Explain the 30 Years' War
90 seconds to midnight
Compare 9:16 and 16:9
the history of watercolour
Explain Deutsch's algorithm
How do 12-year-olds learn?
Why the sky is blue
How far does light travel in 90 seconds?
Explain how far light travels in 90 seconds
Explain the film Gone in 60 Seconds
Explain the word order in German
What is the word for cat in German?
Explain how to say hello in Korean
Explain the techniques of painting: oil, watercolour, pencil
Compare oil painting, watercolour, fresco
Explain the difference between portrait, landscape
Explain how to paint in watercolour
How to draw a horse as a pencil sketch
Explain the primary shapes: circle, square, triangle
Explain the laws of the German language
Explain vaccines for children
Explain what schools do for kids
The best books for teenagers
Explain the rule of thirds
Explain why a cell divides in two parts
Explain the three parts of a cell
The square
Portrait of a Lady
Explain the 1990s
Explain Square, the company
Explain the 12-year cycle of Jupiter
Explain the 4-minute mile
Is 2 minutes enough to brush teeth?
Explain the student voice movement
Explain 4:3 and why televisions had it
Explain pop art
Explain how comics are made
Explain music theory
Explain title deeds
Explain the language of bees
Ten minutes that changed the world
A day in the life of a nurse, hour by hour
Explain how TikTok works
Explain marketing for TikTok
Explain rain, snow, and hail
Explain the poem "90 seconds, vertical"
90 seconds, vertical
Explain the play in three acts
Explain the minute hand, the hour hand
Explain red, green, blue
Explain French
Explain as is
I am, you are
30 seconds, 60 seconds
Explain ads of 30 seconds, 60 seconds
Explain gravity, no music
Explain gravity, 22:9
Explain how to cook rice in 10 minutes
Explain the Square Mile
Explain 1,000 seconds
90 Sekunden bis Mitternacht
Video about rain
""".strip().splitlines()


@pytest.mark.parametrize("text", SHOULD_BE)
def test_settings_said_in_passing_are_understood(text: str) -> None:
    typed = read_typed(text)
    assert {"prompt": typed.prompt, **typed.settings} == SHOULD_BE[text]


@pytest.mark.parametrize("text", TOPICS)
def test_what_may_be_the_topic_stays_in_the_prompt(text: str) -> None:
    typed = read_typed(text)
    assert (typed.prompt, dict(typed.settings)) == (text, {})


def test_there_are_as_many_cases_as_people_have_ways_to_say_it() -> None:
    assert len(SHOULD_BE) + len(TOPICS) >= 100


_WORDS = 'explain a the 90 seconds in for kids vertical watercolour German as , . ? : ( ) “ ” " - 9:16 1:30 ½ min style voice'


@given(st.lists(st.sampled_from(_WORDS.split(" ")) | st.text(max_size=5), max_size=14).map(" ".join))
@example("½")
@example("9" * 5000 + " seconds, explain rain")
@example("explain rain, " + "9" * 5000 + " seconds")
def test_whatever_is_typed_no_word_is_invented(text: str) -> None:
    typed = read_typed(text)
    assert (
        set(typed.prompt.split()) <= {*text.split(), *(word.strip(" ,;:–—?!.()") for word in text.split())} or not typed.settings
    )
    assert set(typed.settings) <= set(Brief.model_fields)
    if not typed.settings:
        assert typed.prompt == text


def test_a_typed_setting_that_cannot_be_is_one_error_that_names_it() -> None:
    with pytest.raises(WrongInputError, match=r"duration: found 10800; allowed: a whole number of seconds from 3 to 7200"):
        brief_from_prompt("Explain rain, 3 hours")


def test_a_typed_prompt_becomes_a_brief() -> None:
    brief = brief_from_prompt("Explain rain to kids, 30 seconds, square")
    assert (brief.prompt, brief.audience, brief.duration, brief.aspect_ratio) == ("Explain rain", "kids", 30, "1:1")
