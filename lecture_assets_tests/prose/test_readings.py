"""Numbers, units, money, dates and abbreviations are said as people say them: as the voice says the same text written out.

espeak-ng transcribes both. Stress and spaces are left aside: it stresses `46` and `forty-six` differently. German pairs avoid
numbers such as 14 and 25, whose digits it pronounces with other sounds than their words (vierzehn, fünfundzwanzig).
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.prose.spoken import as_said
from lecture_media.speak.espeak import phonemes_of

ENGLISH = {
    "$25.4 billion": "twenty-five point four billion dollars",
    "60 km/h": "sixty kilometres per hour",
    "3/4 of it": "three quarters of it",
    "Mt. Everest": "Mount Everest",
    "Sweden vs. Norway": "Sweden versus Norway",
    "x² + 1": "x squared plus one",
    "10^12": "ten to the power of twelve",
    "8,800 m": "eight thousand eight hundred metres",
    "in 1914": "in nineteen fourteen",
    "since 1905": "since nineteen oh five",
    "by 1900": "by nineteen hundred",
    "in 2009": "in two thousand and nine",
    "in 2024": "in twenty twenty-four",
    "1960–1980": "nineteen sixty to nineteen eighty",
    "(1879–1955)": "eighteen seventy-nine to nineteen fifty-five",
    "the 1990s": "the nineteen nineties",
    "the ’80s": "the eighties",
    "the 1800s": "the eighteen hundreds",
    "May 3, 2024": "May third, twenty twenty-four",
    "3 May 1945": "the third of May nineteen forty-five",
    "Sept. 11": "September eleventh",
    "2024-05-03": "May third twenty twenty-four",
    "at 9:05": "at nine oh five",
    "at 9:00": "at nine o’clock",
    "at 14:30": "at fourteen thirty",
    "$1.50": "one dollar fifty",
    "€2.05": "two euros five",
    "$0.99": "ninety-nine cents",
    "£3.99": "three pounds ninety-nine",
    "£5m": "five million pounds",
    "2/5": "two fifths",
    "1/10": "one tenth",
    "5/8 inch": "five eighths inch",
    "½ cup": "one half cup",
    "7½": "seven and a half",
    "Louis XIV": "Louis the fourteenth",
    "Henry VIII": "Henry the eighth",
    "World War II": "World War two",
    "chapter IV": "chapter four",
    "Elizabeth I": "Elizabeth the first",
    "the 21st": "the twenty-first",
    "2nd–4th": "second to fourth",
    "-5 °C": "minus five degrees Celsius",
    "10⁻³": "ten to the power of minus three",
    "9.8 m/s²": "nine point eight metres per second squared",
    "5 kWh": "five kilowatt hours",
    "3 GB": "three gigabytes",
    "100 m²": "one hundred square metres",
    "No. 5": "number five",
    "fig. 3": "figure three",
    "pp. 3–5": "pages three to five",
    "c. 1500": "circa fifteen hundred",
    "Dr. Smith": "Doctor Smith",
    "i.e. bees": "that is bees",
    "e.g. bees": "for example bees",
    "Prof. Lee": "Professor Lee",
    "5 hrs": "five hours",
    "16:9": "sixteen to nine",
    "±2 %": "plus or minus two percent",
    "20 €/kg": "twenty euros per kilogram",
    "CO₂": "C O two",
    "5 × 3": "five times three",
    "1,000,000": "one million",
    "24/7": "twenty-four seven",
    "in 1066": "in ten sixty-six",
}
GERMAN = {
    "z. B. Salz": "zum Beispiel Salz",
    "ca. 5 km": "circa fünf Kilometer",
    "50 n. Chr. war": "fünfzig nach Christus war",
    "30 v. Chr. war": "dreißig vor Christus war",
    "5 km/h": "fünf Kilometer pro Stunde",
    "1 km": "ein Kilometer",
    "1 h": "eine Stunde",
    "1 %": "ein Prozent",
    "1 Mio. €": "eine Million Euro",
    "3/4": "drei Viertel",
    "2/5": "zwei Fünftel",
    "1/10": "ein Zehntel",
    "2½": "zwei einhalb",
    "x²": "x zum Quadrat",
    "10^12": "zehn hoch zwölf",
    "8.000 m": "acht tausend Meter",
    "25,4 Mrd. $": "fünfundzwanzig Komma vier Milliarden Dollar",
    "1,50 €": "ein Euro fünfzig",
    "0,90 €": "neunzig Cent",
    "2,05 €": "zwei Euro fünf",
    "am 3. Oktober 1990": "am dritten Oktober neunzehnhundertneunzig",
    "am 3.10.1990": "am dritten Oktober neunzehnhundertneunzig",
    "der 9.11.1990": "der neunte November neunzehnhundertneunzig",
    "im Jahr 1960": "im Jahr neunzehnhundertsechzig",
    "1960–1980": "neunzehnhundertsechzig bis neunzehnhundertachtzig",
    "um 16:30 Uhr": "um sechzehn Uhr dreißig",
    "um 9:05": "um neun Uhr fünf",
    "um 1:00 Uhr": "um ein Uhr",
    "16.30 Uhr": "sechzehn Uhr dreißig",
    "Ludwig XIV. regierte": "Ludwig der vierzehnte regierte",
    "unter Ludwig XIV. war": "unter Ludwig dem vierzehnten war",
    "Ludwigs XIV. Hof": "Ludwigs des vierzehnten Hof",
    "Heinrich VIII.": "Heinrich der achte",
    "im 2. Weltkrieg": "im zweiten Weltkrieg",
    "die 1. Liga": "die erste Liga",
    "im 19. Jh. war": "im neunzehnten Jahrhundert war",
    "Dr. Müller": "Doktor Müller",
    "St. Gallen": "Sankt Gallen",
    "Nr. 5": "Nummer fünf",
    "S. 12": "Seite zwölf",
    "Abb. 3": "Abbildung drei",
    "vgl. § 5": "vergleiche Paragraf fünf",
    "20 °C": "zwanzig Grad Celsius",
    "-5 °C": "minus fünf Grad Celsius",
    "5 m³": "fünf Kubikmeter",
    "10–20 %": "zehn bis zwanzig Prozent",
    "bzw. Eis": "beziehungsweise Eis",
    "die 1990er": "die neunzehnhundertneunziger",
    "3:2": "drei zu zwei",
    "max. 5": "maximal fünf",
    "5 × 3": "fünf mal drei",
    "2 € oder 5 $": "zwei Euro oder fünf Dollar",
}
UNCHANGED = {
    "en": [
        "In 1,914 cases, page 1914 and 1500 m.",
        "C. elegans, Mary I saw, Gate 5 May open. 3/4/2024",
        "Room 2024, v1.2.3, 90 km, 12:45, IV drip, AC/DC, St. Mary",
        "the 1 and the other, B12, A4, 5 of 6",
    ],
    "de": ["Seite 1, 12:45:30, Raum 2024, 1. Dann kam er.", "1 und 1, Franz I und V, der 3. Hebel", "B 12, A4"],
}
"""What looks like it and is something else keeps its digits."""


def said(text: str, language: str) -> str:
    return " ".join(filter(None, as_said(text, language)))


def sounds(texts: list[str], voice: str) -> list[str]:
    return [re.sub(r"[ˈˌ\s]", "", phonemes) for phonemes in phonemes_of(texts, voice)]


@pytest.mark.parametrize(("language", "voice", "pairs"), [("en", "gmw/en", ENGLISH), ("de", "gmw/de", GERMAN)])
def test_what_is_shown_sounds_like_the_same_written_out(language: str, voice: str, pairs: dict[str, str]) -> None:
    heard = dict(zip(pairs, sounds([said(shown, language) for shown in pairs], voice), strict=True))
    assert heard == dict(zip(pairs, sounds(list(pairs.values()), voice), strict=True))


def test_there_are_as_many_pairs_as_were_asked_for() -> None:
    assert len(ENGLISH) >= 60
    assert len(GERMAN) >= 40


@pytest.mark.parametrize(("language", "text"), [(language, text) for language, texts in UNCHANGED.items() for text in texts])
def test_what_only_looks_like_a_number_that_is_said_otherwise_stays(language: str, text: str) -> None:
    assert re.findall(r"\d+", said(text, language)) == re.findall(r"\d+", text)


_PLAIN = {"en": ["and", "water", "rises", "fast", "glaciers"], "de": ["und", "Wasser", "steigt", "schnell", "Gletscher"]}


def _mixed(language: str, pairs: dict[str, str]) -> st.SearchStrategy[tuple[str, str]]:
    parts = st.lists(st.sampled_from([*pairs, *_PLAIN[language]]), min_size=1, max_size=5)
    return parts.map(" ".join).map(lambda text: (language, text))


@given(_mixed("en", ENGLISH) | _mixed("de", GERMAN))
def test_every_shown_word_keeps_one_piece_and_reading_twice_changes_nothing(mixed: tuple[str, str]) -> None:
    language, text = mixed
    pieces, words = as_said(text, language), text.split()
    assert len(pieces) == len(words)
    for word, piece in zip(words, pieces, strict=True):
        if word in _PLAIN[language]:
            assert piece == word, "a plain word is neither lost nor changed"
    assert all(pieces), "every shown word of these is said"
    assert said(" ".join(pieces), language) == " ".join(pieces)
