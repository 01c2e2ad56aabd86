"""A hyphen is said as the minus or the range that it stands for, and not at all within a word."""

import pytest

from lecture_assets.prose.spoken import as_said

MINUS = {
    "-x², -(a+b)": "minus x squared, minus (a plus b)",
    "y = -x": "y equals minus x",
    "f(x) = -x + 1": "f(x) equals minus x plus 1",
    "y = -sin(x) = -(a + b)": "y equals minus sin(x) equals minus (a plus b)",
    "e^(−x²/2) e^-x 2^-1": "e to the power of minus x squared over 2 e to the power of minus x 2 to the power of minus 1",
    "x - y, a - b = c": "x minus y, a minus b equals c",
    "3x - 2y, f(x) - g(x), x² - y², 2 - (3 + 4)": "3x minus 2y, f(x) minus g(x), x squared minus y squared, 2 minus (3 plus 4)",
    "2(n-1), f(x-y), (a-b)²": "2(n minus 1), f(x minus y), (a minus b) squared",
    "n-1 items, 1-x": "n minus 1 items, 1 minus x",
    "5-3 = 2, x = 7-4": "5 minus 3 equals 2, x equals 7 minus 4",
    "Cl⁻ ions, Na⁺, e⁻": "Cl minus ions, Na plus, e minus",
    "SO₄²⁻ and Ca²⁺": "S O 4 2 minus and Ca 2 plus",
    "xₙ₋₁ 10⁻³": "x n minus 1 10 to the power of minus 3",
}
RANGES = {
    "3-5 kg, 20-25 °C, 0.5-1.5 m": "3 to 5 kilograms, 20 to 25 degrees Celsius, 0.5 to 1.5 metres",
    "10-20%, 5-10 %, 5%–10%, 5%-10%": "10 to 20 percent, 5 to 10 percent, 5 percent to 10 percent, 5 percent to 10 percent",
    "p. 3-5 (1914-1918), 1914-18": "page 3 to 5 (nineteen fourteen to nineteen eighteen), nineteen fourteen to nineteen eighteen",
    "10 km–20 km": "10 kilometres to 20 kilometres",
    "$5–$10 $5-$10 €3–5 3–5€": "5 to 10 dollars 5 to 10 dollars 3 to 5 euros 3 to 5 euros",
    "1st–3rd 1st-3rd": "1st to 3rd 1st to 3rd",
    "5–10kg 5-10kg 20–25°C": "5 to 10 kilograms 5 to 10 kilograms 20 to 25 degrees Celsius",
    "300-400 people": "300 to 400 people",
}
STAYS = [
    "well-known e-mail x-ray t-shirt a-b x-axis",
    "word - word, a - the",
    "Option A - I think",
    "Vitamin A - a must",
    "ls -l and rm -rf",
    "vitamin B-12, COVID-19, an F-16, 3-D",
    "a 5-year-old, pre-x",
    "e-mail(s) well-known(ish)",
    "Ost- und West",
    "with -h [-v] and (see e-mail)",
]
NO_RANGE = ["2026-11-29", "555-1234", "030-1234567", "4-4-2", "3-1", "737-800", "A4-80", "1.2.3-4", "07-08"]


@pytest.mark.parametrize("text", MINUS | RANGES)
def test_a_hyphen_of_a_formula_is_a_minus_and_one_of_a_range_is_to(text: str) -> None:
    assert " ".join(filter(None, as_said(text, "en"))) == (MINUS | RANGES)[text]


@pytest.mark.parametrize("text", ["--mode=-x", "[^a-z]", "^(git|git-shell)", "-i/-p", "LV=-c", "DATE=2014-12-10"])
def test_code_is_no_formula(text: str) -> None:
    assert "minus" not in as_said(text, "en")[0]


@pytest.mark.parametrize("text", STAYS)
def test_a_hyphen_of_a_word_stays(text: str) -> None:
    assert " ".join(as_said(text, "en")) == text


@pytest.mark.parametrize("text", NO_RANGE)
def test_dates_telephones_scores_and_names_are_no_ranges(text: str) -> None:
    assert not {"to", "minus"} & set(as_said(text, "en")[0].split())


def test_in_the_words_of_the_language() -> None:
    assert " ".join(as_said("10-12 Uhr, x = -y", "de")) == "10 bis 12 Uhr, x gleich minus y"
    assert " ".join(as_said("10-12 h, x = -y", "fr")) == "10 à 12 heures, x égale moins y"
