"""A line of any script is drawn as raqm shapes it as a whole, in fonts that have its letters, whatever its directions."""

from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from lecture_assets.languages import direction_of
from lecture_assets.prose.bidi import Direction, direction_of_line, levels_of, runs_of
from lecture_assets.render.font import line_of, spaced_words
from lecture_assets.render.letters import can_shape
from lecture_assets.render.overlay import _draw_words
from lecture_assets.render.typeface import Typeface
from lecture_assets_tests.project import THOROUGH

pytestmark = pytest.mark.skipif(not can_shape(), reason="FriBiDi is not installed, which Pillow needs for joined letters")
WORDS_OF = {
    "ar": """
        الماء شمس في ٣٤٫٥ ٢٠٢٤ 97% 3.5 HTML (NASA) x+y «نص» [a] 10–20 1,000 ، ؟ ! -5 C° 5kg a(b) 12:30 وهذا،
        e.g. ٪71 مُسخّن
    """,
    "he": """
        מים שמש של 97% 3.5 HTML (NASA) x+y [אב] 10–20 1,000 , ? ! -5 5kg ב-71% 12:30 ו(א) e.g. (ab cd) "אב"
        $5 5$ +3 a/b 1/2
    """,
    "fa": """
        آب خورشید است ۹۷٪ ۳٫۵ HTML (NASA) می‌شود، ۱۰–۲۰ ؟ 5kg «متن» پژوهش
    """,
    "ur": """
        پانی زمین ہے۔ ٪71 HTML (NASA) ۱۲ ڈھانپتا ٹکڑا، 3.5
    """,
}
WORDS = {language: words.split() for language, words in WORDS_OF.items()}


def lines(language: str) -> list[str]:
    dice = Random(language)  # noqa: S311 - the same ones each time
    return [" ".join(dice.choices(WORDS[language], k=dice.randint(1, 8))) for _ in range(400 if THOROUGH else 15)]


def whole(line: str, face: Typeface, direction: Direction) -> NDArray[np.uint8]:
    """The line as raqm shapes it in one font."""
    mask = Image.new("L", (1600, 90))
    ImageDraw.Draw(mask).text((10, 60), line, 255, face.font, anchor="ls", direction=direction, language=face.language)
    return np.asarray(mask)


@pytest.mark.parametrize("language", WORDS)
def test_runs_drawn_one_after_the_other_are_the_whole_line(language: str) -> None:
    face = Typeface(40, "strong", language, "rtl")
    for line in lines(language):
        directions: tuple[Direction, ...] = ("rtl", "ltr")
        for direction in directions:
            mask, x = Image.new("L", (1600, 90)), 10.0
            for run in runs_of(line, direction):
                piece = line[run.start : run.end]
                way, pen = run.direction, ImageDraw.Draw(mask)
                pen.text((x, 60), piece, 255, face.font, anchor="ls", direction=way, language=language)
                x += face.font.getlength(piece, direction=way, language=language)
            assert np.array_equal(np.asarray(mask), whole(line, face, direction)), (line, direction, levels_of(line, direction))


@pytest.mark.parametrize("language", WORDS)
def test_the_line_of_a_caption_is_the_whole_line_but_for_its_colours(language: str) -> None:
    face = Typeface(38, "strong", language, "rtl")
    for line in lines(language)[:5]:
        words = spaced_words(line, language)
        width = int(face.getlength(line)) // 2 * 2 + 40
        drawn = []
        for current in (-1, 0, len(words) - 1):
            plate = Image.new("RGBA", (width, 80), (0, 0, 0, 255))
            _draw_words(plate, words, face, (width / 2, 40), current)
            drawn.append(np.asarray(plate)[:, :, 0])
        ascent, descent = face.font.getmetrics()
        mask = Image.new("L", (width, 80))
        left, baseline = width / 2 - face.getlength(line) / 2, round(40 - (ascent + descent) / 2) + ascent
        way = direction_of_line(line, "rtl")
        ImageDraw.Draw(mask).text((left, baseline), line, 255, face.font, anchor="ls", direction=way, language=language)
        for red in drawn:
            assert np.abs(red.astype(int) - np.asarray(mask)).max() <= 255 - 250, "white has 250 of red, amber all"


SCRIPTS = {
    "en": "The area ≈ 71 % → √2 ∞ ∫ ≤ 3 µm, naïve “Füße” – €",
    "ru": "Вода покрывает 71 % поверхности",
    "el": "Το νερό καλύπτει το 71 %",
    "ar": "تُسخّن الشمس مياه البحر بنسبة 97%",
    "he": "השמש מחממת את מי הים ב-71%",
    "hi": "सूर्य समुद्र के पानी को गर्म करता है",
    "bn": "পানি পৃথিবীর পৃষ্ঠের ৭১%",
    "ta": "நீர் பூமியின் 71%",
    "te": "నీరు భూమి ఉపరితలం",
    "th": "น้ำเป็นสิ่งสำคัญ",
    "lo": "ນ້ຳເປັນສິ່ງສຳຄັນ",
    "km": "ទឹកគឺជាធាតុសំខាន់",
    "my": "ရေသည် အရေးကြီးသည်။",
    "am": "ውሃ የምድርን ገጽ 71% ይሸፍናል።",
    "ka": "წყალი დედამიწის ზედაპირის 71%",
    "zh": "水占地球表面的71%，很重要。",
    "ja": "水は地球の表面の約70%を覆う",
    "ko": "물은 지구 표면의 71%를 덮고 있습니다.",
}


@pytest.mark.parametrize("language", SCRIPTS)
def test_no_letter_of_any_script_is_a_box(language: str) -> None:
    """Every letter in the font in which it is drawn is another picture than that font's box for a letter that it has not."""
    text = SCRIPTS[language]
    face = Typeface(38, "strong", language, direction_of(language))
    parts = face.parts(text)
    assert "".join(text[part.start : part.end] for part in sorted(parts, key=lambda part: part.start)) == text
    for part in parts:
        box = bytes(part.font.getmask("\U0010fffd"))
        assert not [letter for letter in text[part.start : part.end] if bytes(part.font.getmask(letter)) == box and letter != " "]


def test_only_the_letters_that_need_it_are_in_another_font() -> None:
    line = "The area ≈ 71 % of it"
    face = Typeface(38, "strong")
    usual = face.font
    assert [line[part.start : part.end] for part in face.parts(line) if part.font is not usual] == ["≈"]
    assert len(Typeface(38, "strong", "ar", "rtl").parts(SCRIPTS["ar"] + " (HTML)")) == 1, "in the script's own font as a whole"


def test_letters_are_drawn_as_their_region_writes_them() -> None:
    drawn = {language: bytes(Typeface(60, "regular", language).font.getmask("直")) for language in ("zh", "ja", "zh-TW", "ko")}
    assert len(set(drawn.values())) >= 2


def test_the_words_of_a_line_cover_it_once() -> None:
    for language in WORDS:
        face = Typeface(38, "strong", language, "rtl")
        for line in lines(language)[:10]:
            words = spaced_words(line, language)
            assert line_of(words) == line
            spans = [span for place in _places(words) for span in face.spans(line, *place)]
            assert sum(right - left for left, right in spans) <= face.getlength(line) + 1
            assert min(left for left, _ in spans) >= -1
            assert max(right for _, right in spans) <= face.getlength(line) + 1


def _places(words: list[str]) -> list[tuple[int, int]]:
    ends = [len("".join(words[: number + 1]).lstrip()) for number in range(len(words))]
    return [(end - len(word.strip()), end) for word, end in zip(words, ends, strict=True)]
