"""A lexicon is found in a text by whole words, the longest entry first, in any script; every shown word keeps its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.prose.pronunciation import entries_in, pronounced

FOUND = [
    ({"SQL": "sequel"}, "SQL, “SQL” and MySQL; NoSQL, SQLite, sql", "sequel, “sequel” and MySQL; NoSQL, SQLite, sql"),
    ({"sql": "sequel"}, "SQL, Sql and sql", "sequel, sequel and sequel"),
    ({"US": "you ess"}, "US and us", "you ess and us"),
    ({"us": "them", "US": "you ess"}, "US and us", "you ess and them"),
    ({"New York": "noo yawk", "York": "jork"}, "New York, York and New\nYork", "noo yawk, jork and noo yawk"),
    ({"York": "jork", "New York City": "the city"}, "New York", "New jork"),
    ({"Navier": "nah-vee-ay"}, "Navier–Stokes, Navier’s", "nah-vee-ay–Stokes, nah-vee-ay’s"),
    ({"C++": "see plus plus"}, "C++, C++17 and C", "see plus plus, see plus plus17 and C"),
    ({"café": "kaff-ay"}, "cafe\u0301 and CAFÉ but cafés", "kaff-ay and kaff-ay but cafés"),
    ({"東京": "とうきょう"}, "東京都で、東京", "とうきょう都で、とうきょう"),
    ({"サーバー": "server"}, "新サーバーは", "新serverは"),
    ({"서울": "seo ul"}, "서울은 크다", "seo ul은 크다"),
    ({"กรุง": "krung"}, "กรุงเทพ", "krungเทพ"),
    ({"ماء": "moya"}, "ماء، وماء", "moya، وماء"),
    ({"हिन्द": "hind"}, "हिन्द हिन्दी", "hind हिन्दी"),
    ({"Größe": "grösse"}, "Größe, Größen", "grösse, Größen"),
    ({"Java": "yava"}, "Javaを使う", "yavaを使う"),
    ({"a": "b", "b": "a"}, "a b", "b a"),
    ({"x y": "one", "y z": "two"}, "x y z", "one z"),
    ({}, "as it is", "as it is"),
]


@pytest.mark.parametrize(("lexicon", "text", "said"), FOUND)
def test_entries_are_found_as_whole_words_the_longest_first(lexicon: dict[str, str], text: str, said: str) -> None:
    assert pronounced(text, lexicon).text.split() == said.split()


def test_words_that_are_said_together_are_said_at_the_first() -> None:
    found = pronounced("See “New\nYork/New York”, then.", {"New York": "noo yawk"})
    assert found.show == ("See", "“New", "York/New", "York”,", "then.")
    assert found.say == ("See", "“noo yawk/noo yawk”,", "", "", "then.")
    assert found.text == "See “noo yawk/noo yawk”, then."


def test_line_breaks_stay_where_they_are_pauses() -> None:
    assert pronounced("SQL.\n\nThen SQL.", {"SQL": "sequel"}).text == "sequel.\n\nThen sequel."


def test_only_what_is_used_counts() -> None:
    lexicon = {"York": "jork", "New York": "noo yawk", "rain": "rayn"}
    assert entries_in(lexicon, "New York") == {"New York": "noo yawk"}
    assert entries_in(lexicon, "Rainy") == {}


_PIECES = [
    "New",
    "York",
    "new",
    "york",
    "Yorker",
    "a",
    "the",
    "C++",
    "東",
    "京",
    "東京",
    " ",
    " ",
    "\n",
    ", ",
    "-",
    "’s",
    "é",
    "e\u0301",
]
_TEXT = st.lists(st.sampled_from(_PIECES), max_size=12).map("".join)
_LEXICON = st.dictionaries(
    st.sampled_from(["New York", "York", "york", "a", "the new", "C++", "東京", "京", "York York", "é"]),
    st.sampled_from(["one", "two words", "x"]),
    max_size=5,
)


@given(_TEXT | st.text(max_size=30), _LEXICON)
def test_every_shown_word_keeps_its_place_and_no_word_is_lost_or_invented(text: str, lexicon: dict[str, str]) -> None:
    found = pronounced(text, lexicon)
    assert list(found.show) == text.split()
    assert len(found.say) == len(found.show)
    assert [word for said in found.say for word in said.split()] == found.text.split()
    changed = [place for place, (shown, said) in enumerate(zip(found.show, found.say, strict=True)) if shown != said]
    assert bool(changed) <= bool(found.used)
    assert not found.say or found.say[0]


@given(_TEXT, _LEXICON)
def test_the_used_entries_alone_say_the_same(text: str, lexicon: dict[str, str]) -> None:
    found = pronounced(text, lexicon)
    assert pronounced(text, dict(found.used)) == found
    assert {entry: lexicon[entry] for entry in found.used} == found.used
