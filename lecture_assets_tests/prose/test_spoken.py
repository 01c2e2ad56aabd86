"""What is said means what is written, word for word, in the language of the text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.prose.lexicon import LEXICONS
from lecture_assets.prose.spoken import as_said
from lecture_media.speak.espeak import has_word_for

ENGLISH = {
    "Step 1️⃣ 👍🏽 A⃣ ❤️ 👩🏽\u200d🔬 ok🎉.": "Step 1 A ok.",
    "5㎞ 3㎡ 20㎏": "5 kilometres 3 square metres 20 kilograms",
    "6×10^23": "6 times 10 to the power of 23",
    "6×10²³": "6 times 10 to the power of 23",
    "10² x³ xⁿ 10⁻³": "10 squared x cubed x to the power of n 10 to the power of minus 3",
    "2^10, 2**10": "2 to the power of 10, 2 to the power of 10",
    "2*3 10·3 5*(3+2)*4": "2 times 3 10 times 3 5 times (3 plus 2) times 4",
    "100 °C.": "100 degrees Celsius.",
    "100°C 1 km 5km/h": "100 degrees Celsius 1 kilometre 5 kilometres per hour",
    "9.81 m/s² 3 m² 2 kg/m³": "9.81 metres per second squared 3 square metres 2 kilograms per cubic metre",
    "№ 5 #1 #tag": "number 5 number 1 hashtag tag",
    "H₂O CO₂ F₁": "H 2 O C O 2 F 1",
    "½ 1/2 3/8 3/11": "one half one half 3 eighths 3 over 11",
    "5 ± 2 ≤ 7 → 8": "5 plus or minus 2 is at most 7 to 8",
    "5% €20 20 € $5 million": "5 percent 20 euros 20 euros 5 million dollars",
    "3–5 10:30 16:9": "3 to 5 10:30 16 to 9",
    "1,000 1.5 v1.2.3": "1,000 1.5 version 1.2.3",
    "AT&T you@example.org": "AT and T you at example.org",
    "x = y ~5 -5 a/b": "x equals y about 5 minus 5 a over b",
    "C# C++ F#": "C sharp C plus plus F sharp",
    "a < b && b > c": "a is less than b and b is greater than c",
    "vector<int> 90s 4K figure 3 A": "vector, int, nineties 4K figure 3 A",
    "21ˢᵗ nᵗʰ XXᵉ 1ʳᵉ": "21st nth XXe 1re",
    "eˣ 2ˣ⁺¹ tʰ": "e to the power of x 2 to the power of x plus 1 tʰ",
    "ℝ ℕ ℤ³ ℓ 𝑥": "R N Z cubed l x",
    "£5m $2bn $3.5M, $10k (€2B)": "5 million pounds 2 billion dollars 3.5 million dollars, 10 thousand dollars (2 billion euros)",
    "$5–10m $5-10m": "5 to 10 million dollars 5 to 10 million dollars",
    "5 €/kg, 100 €/m² $5/h €5/kg 1 €/l $20/month": (
        "5 euros per kilogram, 100 euros per square metre 5 dollars per hour 5 euros per kilogram 1 euro per litre "
        "20 dollars per month"
    ),
    "years.³ “quoted”² why?¹² (brackets)¹ word¹ cat² Mass³, 1990.⁴ end": (
        "years. “quoted” why? (brackets) word cat Mass, 1990. end"
    ),
    "cos² sinh² 5 mol² (speed)² x¹ km² mass⁻¹": (
        "cos squared sinh squared 5 square moles (speed) squared x to the power of 1 km squared mass to the power of minus 1"
    ),
    "x̄ = 5, ẋ ẍ F⃗ = m·a⃗ ŷ, ŷ a\u0303 θ̇": (
        "x bar equals 5, x dot x two dots vector F equals m times vector a y hat, y hat a tilde θ dot"
    ),
    "AB⃗ v⃗² x̄₁ ħω = ℏ −x̂": "vector AB vector v squared x bar 1 h bar ω equals h bar minus x hat",
    "the letters ä, ñ and o\u0308l": "the letters ä, ñ and o\u0308l",
    "1½ cups, 2½ kg, 2¼ 3¾": "1 and a half cups, 2 and a half kilograms, 2 and a quarter 3 and three quarters",
    "1 000 000 people, 12 345 678, 5 000 kg": "1000000 people, 12345678, 5000 kilograms",
    "in 1999 300 people, page 5 300 people": "in nineteen ninety-nine 300 people, page 5 300 people",
    "5 mL 5 L 2 µL 100 TL figure 3 A": "5 millilitres 5 litres 2 microlitres 100 TL figure 3 A",
    "100 Mbit/s 5 kg·m/s² 5 N·m 2 kg⋅m": (
        "100 megabits per second 5 kilogram metres per second squared 5 newton metres 2 kilogram metres"
    ),
    "6 ft 3 oz, 5lb 2 mi 30 mph 5 in a row": "6 feet 3 ounces, 5 pounds 2 miles 30 miles per hour 5 in a row",
    "24/7 on 9/11 w/o 3/8 030/1234567": "24 7 on 9 11 without 3 eighths 030, 1234567",
    "1e-5 2.5e6 3E8 1e 59362e5": "1 times 10 to the power of minus 5 2.5 times 10 to the power of 6 3E8 1e 59362e5",
    "§§ 3–5, § 3, p. 5, vs. him": "sections 3 to 5, section 3, page 5, versus him",
    "(n-1)/2, 1/(n+1), f(x)/g and/(or)": "(n minus 1) over 2, 1 over (n plus 1), f(x) over g and, (or)",
    "area² = 5, v = length³": "area squared equals 5, v equals length cubed",
    "well-known don’t “quoted” e.g.": "well-known don’t “quoted” for example.",
}
GERMAN = {
    "6×10²³ 2^10": "6 mal 10 hoch 23 2 hoch 10",
    "100 °C 5 km/h 3 m²": "100 Grad Celsius 5 Kilometer pro Stunde 3 Quadratmeter",
    "5 €/kg 3 M€ 1 M€": "5 Euro pro Kilogramm 3 Millionen Euro 1 Million Euro",
    "§§ 3–5, § 7": "Paragrafen 3 bis 5, Paragraf 7",
    "z. B. Salz, z.B. (d. h. Wasser) bzw. Eis, u. a. dort.": (
        "zum Beispiel Salz, zum Beispiel (das heißt Wasser) beziehungsweise Eis, unter anderem dort."
    ),
    "Z. B. 44 v. Chr. und 50 n. Chr.": "zum Beispiel 44 vor Christus und 50 nach Christus.",
    "50 n. Chr. Dann kam er.": "50 nach Christus. Dann kam er.",
    "Nr. 5, ca. 3, im 19. Jh. war": "Nummer 5, circa 3, im neunzehnten Jahrhundert war",
    "um 14.30 Uhr. 9.00 Uhr": "um 14 Uhr 30. 9 Uhr",
    "am 1. und 2. Mai, vom 3. bis 19. Juni, 3. Er kam.": (
        "am ersten und zweiten Mai, vom dritten bis neunzehnten Juni, 3. Er kam."
    ),
    "am 3. Oktober, der 1. Mai, 3. Oktober": "am dritten Oktober, der erste Mai, dritter Oktober",
    "im 19. Jahrhundert, des 21. Jahrhunderts, 3. Hebel": (
        "im neunzehnten Jahrhundert, des einundzwanzigsten Jahrhunderts, 3. Hebel"
    ),
    "Tel. 030/1234567, 3/8": "Telefon 030, 1234567, 3 Achtel",
    "2½ Liter, 5 Mio. €": "2 einhalb Liter, 5 Millionen Euro",
    "3–5 € 20 %": "3 bis 5 Euro 20 Prozent",
    "№ 5 & 6": "Nummer 5 und 6",
}
FRENCH = {
    "n° 5, N° 5, nº 7, no 5, p. 3": "numéro 5, numéro 5, numéro 7, numéro 5, page 3",
    "14h30, 9h-17h, 9h–17h. 1h": "14 heures 30, 9 heures à 17 heures, 9 heures à 17 heures. 1 heure",
    "XXe siècle, 19e siècle, XIXᵉ, 1er, 1re, Ve": (
        "vingtième siècle, dix-neuvième siècle, dix-neuvième, premier, première, cinquième"
    ),
    "Xe et Kr, 2d": "Xe et Kr, 2d",
    "44 av. J.-C. environ": "44 avant Jésus-Christ environ",
    "v⃗ x̄": "vecteur v x barre",
    "1,5 M€ 5 k€ 2 M$": "1,5 millions d’euros 5 mille euros 2 millions de dollars",
}
OTHER = ["bg", "cs", "el", "hi", "ja", "ru", "sv", "tr", "zh", "xx"]
_SIGNS = "×÷±=≠≤≥→%‰°&@№§√∞∑½€$#*_^~|<>\\/🌱→+-–"


@pytest.mark.parametrize("text", ENGLISH)
def test_signs_powers_units_and_money_are_said_in_english(text: str) -> None:
    assert " ".join(filter(None, as_said(text, "en-US"))) == ENGLISH[text]


@pytest.mark.parametrize("text", GERMAN)
def test_and_in_german(text: str) -> None:
    assert " ".join(filter(None, as_said(text, "de"))) == GERMAN[text]


@pytest.mark.parametrize("text", FRENCH)
def test_and_in_french(text: str) -> None:
    assert " ".join(filter(None, as_said(text, "fr"))) == FRENCH[text]


@pytest.mark.parametrize("language", [*OTHER, *LEXICONS])
@pytest.mark.parametrize("sign", _SIGNS)
def test_no_sign_between_two_figures_is_said_as_nothing(sign: str, language: str) -> None:
    said = " ".join(as_said(f"4{sign}7", language, lambda _sign: False))
    assert re.search(r"4\D+7", said) or said in {"4 sevenths", "4 Siebtel"}, said


@pytest.mark.parametrize("language", OTHER)
def test_a_language_without_words_here_is_given_no_english_ones(language: str) -> None:
    text = "6×10^23 100 °C 3 m² €20 5 % v1.2.3 a/b 16:9 3–5 № 5 #tag ½ ±5 ≤ 2"
    assert set(re.findall(r"[a-z]{2,}", " ".join(as_said(text, language, lambda sign: sign in "×%")))) <= {"tag"}


@pytest.mark.slow
def test_a_voice_has_words_for_what_it_says_in_its_own_language() -> None:
    assert has_word_for("×", "roa/fr")
    assert has_word_for("%", "zls/bg")
    assert not has_word_for("±", "zls/bg"), "it is said in English there"
    assert not has_word_for("∞", "roa/fr"), "it is not said at all there"


@given(st.text(max_size=40) | st.lists(st.sampled_from([*_SIGNS, *"12ab.,() "]), max_size=20).map("".join))
def test_any_text_is_said_word_by_word(text: str) -> None:
    for language in ("en", "de", "bg"):
        assert len(as_said(text, language)) == len(text.split())


_SHORT = st.sampled_from(
    [
        "z.",
        "B.",
        "z.B.,",
        "v.",
        "Chr.",
        "1",
        "000",
        "12",
        "3.",
        "Oktober",
        "14.30",
        "Uhr",
        "p.",
        "5",
        "w/",
        "14h30",
        "XXe",
        "J.-C.",
        "av.",
        "und",
        "-",
        "x",
        "−x",
        "5-7",
        "km",
        "$5m",
    ]
)


@given(st.lists(_SHORT, max_size=12).map(" ".join))
def test_what_is_short_over_words_is_said_word_by_word(text: str) -> None:
    for language in LEXICONS:
        assert len(as_said(text, language)) == len(text.split())
