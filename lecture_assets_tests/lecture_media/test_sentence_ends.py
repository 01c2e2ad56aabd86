"""Sentences end where they end: after no abbreviation, initial, ordinal, decimal or list number."""

import pytest

from lecture_media.sentence_ends import sentence_ends

ABBREVIATIONS = {
    "en": """
        Dr.|Smith Mr.|Hill Mrs.|Hill Ms.|Hill Prof.|Hill St.|Ives Mt.|Etna Rev.|Hill Gen.|Hill Capt.|Hill e.g.|Rome i.e.|Rome
        vs.|Rome cf.|Rome approx.|3 ca.|1900 No.|5 Fig.|3 vol.|2 p.|5 pp.|5 Sept.|3 Jan.|1 a.m.|Monday p.m.|Monday U.S.|Army
        U.K.|Parliament Jr.|Hall Inc.|Chairman J.|Smith Ph.D.|Students etc.|Paris B.C.|Rome
    """,
    "de": """
        Dr.|Maier Prof.|Maier Hr.|Maier St.|Gallen z.B.|Rom d.h.|Rom u.a.|Rom i.d.R.|Wasser bzw.|Eis vgl.|Abb. Abb.|3 Nr.|5
        Bd.|2 S.|12 ca.|5 sog.|Blätter evtl.|Regen ggf.|Regen inkl.|Eis Mio.|Euro Mrd.|Euro Chr.|Geburt Jh.|Europa Std.|Fahrt
        usw.|Wasser 3.|Oktober 12.|Jahrhundert J.|Bach Kap.|7 geb.|Maier XIV.|Ludwig
    """,
    "fr": """
        M.|Dupont Mme.|Curie Mlle.|Curie Dr.|Curie MM.|Dupont p.ex.|Paris ex.|Paris cf.|Paris env.|300 av.|J.-C. J.-C.|Rome
        no.|5 vol.|2 fig.|3 chap.|2 p.|12 St.|Denis etc.|Paris janv.|1900 c.-à-d.|Paris éd.|Gallimard
    """,
    "es": """
        Sr.|García Sra.|García Srta.|García Dr.|García Dra.|García D.|Juan Dña.|Juana p.ej.|Roma ej.|Roma EE.|UU. UU.|México
        núm.|5 pág.|3 art.|5 cap.|2 fig.|3 aprox.|300 Ud.|Juan Sto.|Domingo etc.|Madrid S.A.|Ciudad a.C.|Roma
    """,
}
ENDS = [
    ("en", "It was vitamin C. The dose was 3.5 g. Then came No. 3. It was 1969. Apollo flew at 5 p.m. The end."),
    ("de", "Es waren 12. Dann kam 1990. Danach war Schluss usw. Die Reise ging weiter. Am 3. Tag ruhten wir."),
    ("fr", "Il est né en 1900. Il vit à Paris, etc. Puis il part."),
    ("es", "Vive en EE. UU. Es médico. Nació en 1900. Murió joven."),
    ("hi", "यह पानी है। वह आग है।"),
    ("ar", "هل هذا ماء؟ نعم."),
    ("ur", "یہ پانی ہے۔ وہ آگ ہے۔"),
]


BEGINNINGS = frozenset("The Then It Apollo Dann Danach Die Am Il Puis Es Nació Murió वह نعم. وہ".split())  # noqa: SIM905


@pytest.mark.parametrize("language", ABBREVIATIONS)
@pytest.mark.parametrize("is_known", [True, False])
def test_no_sentence_ends_at_an_abbreviation(language: str, is_known: bool) -> None:  # noqa: FBT001 - a parameter of the table
    pairs = [pair.split("|") for pair in ABBREVIATIONS[language].split()]
    ended = [pair for pair in pairs if sentence_ends(["So", *pair, "x."], language if is_known else "")[1]]
    ordinals = [["3.", "Oktober"], ["12.", "Jahrhundert"], ["XIV.", "Ludwig"], ["S.", "12"]]
    assert [pair for pair in ended if is_known or pair not in ordinals] == []


def test_the_table_has_sixty_abbreviations() -> None:
    assert sum(len(row.split()) for row in ABBREVIATIONS.values()) >= 60


@pytest.mark.parametrize(("language", "text"), ENDS)
def test_sentences_end_before_a_word_that_begins_one(language: str, text: str) -> None:
    words = text.split()
    ends = sentence_ends(words, language)
    begun = [after for (_, is_end), after in zip(zip(words, ends, strict=True), words[1:], strict=False) if is_end]
    assert ends[-1]
    assert begun == [after for after in words[1:] if after in BEGINNINGS]


def test_lists_quotations_names_and_dots_do_not_deceive() -> None:
    assert sentence_ends(["1.", "Heat", "it.", "2.", "Stir", "it."]) == [False, False, True, False, False, True]
    assert sentence_ends(["“Why?”", "he", "asked.", "“Go!”", "She", "left."]) == [False, False, True, True, False, True]
    assert sentence_ends(["It", "works.", "iPhone", "too.", "mRNA…", "and", "more.", "Wait…"])[1:] == [
        True,
        False,
        True,
        False,
        False,
        True,
        True,
    ]
    assert sentence_ends(["all", "is", "small.", "it", "ends.", "so"]) == [False, False, True, False, True, False]
