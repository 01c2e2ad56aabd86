"""What is shown is what a reader of Markdown or HTML sees, and a text without markup is left alone."""

import unicodedata
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lecture_assets.prose.formula import formula
from lecture_assets.prose.markup import as_shown, escaped, heading_of
from lecture_assets.prose.readable import readable

SHOWN = {
    "# Levers\n\nA **lever** is a *bar* that __turns__ _about_ a ~~fixed~~ point.": (
        "Levers. A lever is a bar that turns about a fixed point."
    ),
    "See [the proof](https://example.org/a/b?c=d#e) and [this][1].\n\n[1]: https://example.org": "See the proof and this.",
    "See https://example.org/a_b/c?x=1. And <https://www.example.com/y>.": "See example.org. And example.com.",
    "Read www.example.org/a/b, docs.example.org/x#y.": "Read example.org, docs.example.org.",
    "- load at one end\n- effort\n  - nested": "Load at one end. Effort. Nested.",
    "1. first\n2. second\n": "1. First. 2. Second.",
    "There are two:\n\n* one kind\n* another!": "There are two: One kind. Another!",
    "- [x] read it\n- [ ] do it": "Read it. Do it.",
    "| kind | example |\n|:--|--:|\n| first | `see` *saw* |": "kind, example. first, see saw.",
    "> It was said\n> so.\n\n> [!NOTE]\n> Twice.": "It was said so.\n\nTwice.",
    "Rain.\n\n***\n\nSun.\n\n---\n\n____\n\nWind.": "Rain.\n\nSun.\n\nWind.",
    "Rain falls.\n---\nThen sun.": "Rain falls.\n\nThen sun.",
    "a <!-- not\n\nthis --> b": "a b",
    "Salt &amp; sand &lt; &#169; &nbsp;x": "Salt & sand < © \u00a0x",
    "![a picture](x.png)\n\nText.": "Text.",
    "The symbol ![water](w.png) flows.": "The symbol water flows.",
    "Run `git push` now.": "Run git push now.",
    "```py\nx = 2\n```": "x = 2",
    "Look:\n\n```\na\nb\n```\n": "Look: Here is a code example.",
    "Water[^1] boils.\n\n[^1]: At sea level.": "Water boils. At sea level.",
    "Lever\n: a bar": "Lever: a bar.",
    "When $F_1 d_1 = F_2 d_2$, $$E = mc^2$$ and \\(a^{-1}\\) or \\[x \\le 1\\].": "When F₁ d₁ = F₂ d₂, E = mc² and a⁻¹ or x ≤ 1.",
    "$$\n\\frac{1}{2} m v^2\n$$": "1/2 m v²",
    "So $\\begin{pmatrix}1\\\\2\\end{pmatrix}$ it is.": "So a formula it is.",
    "---\ntitle: Rain\ntags: [a]\n---\n\nIt rains.": "It rains.",
    "one  \ntwo\\\nthree": "one two three",
    "\\*not emphasis\\*, \\# no heading \\[x\\]": "*not emphasis*, # no heading [x]",
    "<h1>Levers</h1><p>A <b>bar</b>.</p><ul><li>one<li>two</ul>": "Levers. A bar.\n\nOne. Two.",
    "x<sup>2</sup>, H<sub>2</sub>O<br/>now <img src='a.png' alt='a bar'>": "x², H₂O now a bar",
    "<table><tr><th>kind</th><th>example</th></tr><tr><td>1</td><td>saw</td></tr></table>": "Kind, example. 1, saw.",
    "Use <code>&lt;b&gt;</code>.<script>alert(1)</script><style>p{}</style>": "Use <b>.",
    "<details><summary>More</summary>\n\nHidden **text**.\n</details>": "More.\n\nHidden text.",
    "H~2~O, x^2^, ==marked==, [[Page|a link]]": "H₂O, x², marked, a link",
    "- Sea\n  - Salt\n- Water": "Sea. Salt. Water.",
    "1. Step\n\n   Detail here\n2. Two:\n   - a,\n   - b": "1. Step. Detail here. 2. Two: a. b.",
    "Lever\n: a bar\n\n  It turns": "Lever: a bar. It turns.",
    "Kinds:\n• one\n• two": "Kinds: One. Two.",
    "•one thing\n•two\n  things": "One thing. Two things.",
    "– rain\n– sun": "Rain. Sun.",
    "— rain,\n— sun.": "Rain. Sun.",
    "Two kinds\na) one\nb) two": "Two kinds. a) one. b) two.",
    "(i) one,\n(ii) two;\n(iii) three": "(i) one. (ii) two; (iii) three.",
    "(1) rain, and\n(2) sun": "(1) rain, and (2) sun.",
    "1) one\n2) two": "1. One. 2. Two.",
    "<table><tr><th>Metal<th>Weight<tr><td>Iron<td>7.9<tr><td>Gold</td><td>19.3</table>": "Metal, Weight. Iron, 7.9. Gold, 19.3.",
    "<table>\n<tr>\n<td>Iron\n<td>7.9\n<tr>\n<td>Gold\n<td>19.3\n</table>": "Iron, 7.9. Gold, 19.3.",
    "<table>\n<tr>\n<td>\nIron\n</td>\n<td>7.9</td>\n</tr>\n</table>": "Iron, 7.9.",
    "<ul>\n<li>\nOne\n</li>\n<li>\n<b>Two</b></li>\n</ul>": "One. Two.",
    "$\\bar{x}$ $\\dot x$ $\\ddot{x}$ $\\vec{F}$ $\\hat{y}$ $\\tilde{a}$": ("x\u0304 x\u0307 x\u0308 F\u20d7 y\u0302 a\u0303"),
    "$\\vec{AB} = 2\\vec{v}_1^2$, $\\bar{x_1}$, $\\overline{AB}$, $\\hat{ab}$": "AB\u20d7 = 2v\u20d7₁², x\u0304₁, AB, ab",
    "<p>One<p>Two": "One.\n\nTwo",
    "<li>One<li>Two": "One. Two.",
    "<ruby>漢<rt>kan</rt></ruby> <ruby>字<rp>(</rp><rt>ji</rt><rp>)</rp></ruby>": "漢 字",
    "<ruby>漢<rt>kan</ruby> <ruby>字<rp>(<rt>ji<rp>)</ruby>": "漢 字",
    "the 21<sup>st</sup>, <b>10</b><sup>th</sup>, n<sup>th</sup>": "the 21st, 10th, nth",
    "XX<sup>e</sup> 1<sup>re</sup> 1<sup>er</sup> n<sup>o</sup> 5, M<sup>me</sup> 10<sup>a</sup>": "XXe 1re 1er no 5, Mme 10a",
    "21^st^ and n^th^, XX^e^, $21^{st}$, $n^{\\text{th}}$": "21st and nth, XXe, 21st, nth",
    "Brand<sup>TM</sup> and Brand<sup>SM</sup>": "Brand™ and Brand℠",
    "e<sup>x</sup>, x<sup>e</sup>, x<sup>a</sup>, $a^n$": "e^x, x^e, x^a, aⁿ",
}
ALONE = [
    "Plain words, 2*3 and 2*3*4, a * b * c.",
    "a_b_c, __init__, snake_case_name, C#, #1, F#",
    "5 < 6, a < b && b > c, <T>, vector<int>, Map<String, List<T>>",
    "The <b> tag makes text bold.",
    "Lehrer*innen und Schüler*innen",
    "It costs $5, or $10 at most; US$ and A$.",
    "~5 and ~6; 3–5; -5; x = y; 50 % & more @ home",
    "> 50 % of people",
    "+ 5 °C in the morning",
    "1990. That was the year.",
    "{an8} [x] (y) a[i] x[[1]] a==b",
    "First line\nsecond line\n\n  an indented one",
    "    four spaces are no code",
    "— Good day!\n— And to you.",
    "• one alone",
    "– it rains",
    "a) alone",
    "Use <p> and <td> tags, <rt> too.",
    "植物用叶绿素捕捉阳光。水被分解。",
    "",
]
_MARKS = st.sampled_from(
    [*"*_`#<>[]()!&$~|\\-+=:^\n .123", "\n\n", "**", "- ", "1. ", "# ", "```\n", "<b>", "</b>", "&amp;", "$x^2$"]
)
_MORE = st.sampled_from(
    ["https://a.org/b", "[^1]", "[^1]: n", "| a |\n|---|\n", "---\n", "<li>", "<!--", "-->", "\\(", "\\)", "<pre>", "$$"]
)
TEXTS = st.lists(st.text(max_size=3) | _MARKS | _MORE, max_size=20).map("".join)


@pytest.mark.parametrize("text", SHOWN, ids=range(len(SHOWN)))
def test_markup_is_shown_as_a_reader_sees_it(text: str) -> None:
    assert as_shown(text, "en") == SHOWN[text]


@pytest.mark.parametrize("text", ALONE, ids=range(len(ALONE)))
def test_a_text_without_markup_comes_back_byte_for_byte(text: str) -> None:
    assert as_shown(text, "en") == text


@pytest.mark.parametrize("language", ["de", "ja", "sw", ""])
def test_what_is_left_out_is_told_in_the_language_of_the_text_or_not_at_all(language: str) -> None:
    shown = as_shown("Los $\\begin{cases}1\\end{cases}$.\n\n```\na\nb\n```", language)
    assert shown == ("Los eine Formel.\n\nHier steht ein Codebeispiel." if language == "de" else "Los .")


@pytest.mark.parametrize(
    ("notes", "title"),
    [
        ("[back](../index.md)\n\n# Levers\n\n## Kinds", "Levers"),
        ("## Kinds of *levers*:\n\ntext", "Kinds of levers"),
        ("---\ntitle: 'Rain'\n---\n# No", "Rain"),
        ("<h1>Levers</h1>", "Levers"),
        ("Rain falls.\n---\nSun.", ""),
        ("no heading", ""),
    ],
)
def test_notes_are_called_as_they_call_themselves(notes: str, title: str) -> None:
    assert heading_of(notes) == title


@settings(deadline=None)
@given(TEXTS)
def test_any_text_is_shown_and_what_is_shown_can_be_written_down_and_read_again(text: str) -> None:
    shown = " ".join(as_shown(text, "en").split())
    assert as_shown(escaped(shown)) == shown or "\\" in shown or "`" in shown
    heading_of(text)


_WORDS = st.lists(st.text("ab12 *_~#", min_size=1, max_size=8), max_size=12).map(" ".join)


@settings(deadline=None)
@given(_WORDS)
def test_no_figure_is_lost(text: str) -> None:
    figures = Counter(letter for letter in text if letter.isdigit())
    assert Counter(letter for letter in unicodedata.normalize("NFKC", as_shown(text)) if letter.isdigit()) == figures


@given(st.text(st.characters(exclude_categories=["P", "S", "C", "Z", "N"]) | st.sampled_from(" \n.,;!?"), max_size=60))
def test_words_and_punctuation_alone_are_never_touched(text: str) -> None:
    assert as_shown(readable(text)) == readable(text)


@pytest.mark.parametrize(
    ("latex", "line"),
    [
        (r"\int_0^1 x\,dx", "∫₀¹ x dx"),
        (r"a\,b\:c\;d\>e\ f~g\quad h\qquad i", "a b c d e f g h i"),
        (r"a\thinspace b\medspace c\thickspace d\enspace e\enskip f\space g\nobreakspace h\hfill i", "a b c d e f g h i"),
        (r"a\hspace{1em}b\hspace*{2em}c\mspace{3mu}d\hskip 1em plus 2pt minus 1fil e\kern3pt f\mskip 2mu g", "a b c d e f g"),
        (r"a\!b\negthinspace{}c\mkern-3mu{}d\hspace{-1em}e\vphantom{x}f", "abcdef"),
        (r"a\phantom{xx}b\hphantom{y}c", "a b c"),
        (r"10\,000\,000", "10000000"),
        (r"3.141\,592\,65", "3.14159265"),
        (r"5\,\text{kg}", "5 kg"),
        (r"20\,^\circ\mathrm{C}", "20°C"),
        (r"\left(\,x\,\right) + \bigl[\,y\,\bigr] + |\,z\,|", "(x) + [y] + |z|"),
        (r"\{x\,|\,x>0\}", "{x | x > 0}"),
        (r"f(x)\,=\,2", "f(x) = 2"),
    ],
)
def test_spaces_of_tex_are_spaces_but_within_numbers_and_brackets(latex: str, line: str) -> None:
    assert formula(latex) == line


@pytest.mark.parametrize(
    "latex", [r"a\hskip b", "{", "}", "^", "_", "\\frac{1}", "\\unknown{x}", "a & b", "{" * 40, "\\", "x" * 500, ""]
)
def test_a_formula_that_no_line_holds_is_none(latex: str) -> None:
    assert formula(latex) is None
