"""The Markdown that people write: CommonMark, tables, footnotes, definition lists, formulas; and what they do not mean as markup.

2*3*4   Lehrer*innen   __init__   `+ 5 °C`   1990. Then …      stay unchanged       https://example.org/a  becomes its host
"""

import re
from functools import cache
from typing import TYPE_CHECKING

from lecture_assets.prose.formula import LONGEST_SOURCE, lowered, raised_behind

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline
    from markdown_it.tree import SyntaxTreeNode

ADDRESS = re.compile(r"://(?:[^\s/?#@<>\"]*@)?(?:www\.)?([^\s/?#<>\"'`:()\[\]{}|\\^]+)(?::\d+)?[^\s<>\"`|\\]*")
_SCHEME = re.compile(r"(?:https?|ftp)$", re.IGNORECASE)
AFTER_ADDRESS = ".,;:!?'*_~)]}”’»…"
_ESCAPED = re.compile(r"\\[^A-Za-z]")
_DUNDER = re.compile(
    r"__(?:init|main|name|str|repr|len|file|doc|call|iter|next|new|del|enter|exit|all|dict|eq|hash|add|getitem)__"
)
_BARE = re.compile(
    r"(?<![\w@./-])(?:www\.((?:[\w-]+\.)+\w+)|((?:[\w-]+\.)+(?:com|org|net|edu|gov|io|de|fr|eu|uk|int)))/[^\s<>\"]*"
)
_MARKS = (
    (re.compile(r"^:{3,}[^\n]*$", re.MULTILINE), ""),
    (re.compile(r"(?<!\w)\[\[(?:[^\]\[|\n]*\|)?([^\]\[|\n]+)\]\]"), r"\1"),
    (re.compile(r"(?<![\w=])==(?=[^\s=])([^=\n]*[^\s=])==(?![\w=])"), r"\1"),
)
_LOWERED = re.compile(r"(?<=[^\W\d_])~(\w{1,3})~")
_RAISED = re.compile(r"(?<=[\w)])\^([\w+\-]{1,6})\^")
FORMAL = re.compile(r"[\\^_=+<>{}]")


def parsed(source: str, env: dict[str, object]) -> "SyntaxTreeNode":
    """Parse the text into a tree of blocks. env: receives the definitions in the text."""
    from markdown_it.tree import SyntaxTreeNode  # noqa: PLC0415 - most texts need no parser, and commands start faster

    return SyntaxTreeNode(_markdown().parse(source, env))


@cache
def _markdown() -> "MarkdownIt":
    """Make the parser, without HTML (which `hypertext.py` rewrites) and indented code."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - the same
    from mdit_py_plugins.amsmath import amsmath_plugin  # noqa: PLC0415 - the same
    from mdit_py_plugins.deflist import deflist_plugin  # noqa: PLC0415 - the same
    from mdit_py_plugins.dollarmath import dollarmath_plugin  # noqa: PLC0415 - the same
    from mdit_py_plugins.footnote import footnote_plugin  # noqa: PLC0415 - the same
    from mdit_py_plugins.texmath import texmath_plugin  # noqa: PLC0415 - the same

    parser = MarkdownIt("commonmark", {"html": False}).enable("table").enable("strikethrough")
    parser.disable(["code", "text_join"])
    footnote_plugin(parser)
    deflist_plugin(parser)
    dollarmath_plugin(parser, allow_space=False, allow_digits=False, allow_blank_lines=False, double_inline=True)
    texmath_plugin(parser, delimiters="brackets")
    amsmath_plugin(parser)
    parser.inline.ruler.before("emphasis", "signs", _signs)
    parser.inline.ruler.before("escape", "address", _address)
    parser.inline.ruler.before("escape", "display", _display)
    parser.block.ruler.before("blockquote", "amount", _amount)
    return parser


def _signs(state: "StateInline", silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    """Keep stars within words and numbers, and Python's double-underscore names, from being read as emphasis."""
    source, start = state.src, state.pos
    if source[start] == "_":
        dunder = _DUNDER.match(source, start)
        end = dunder.end() if dunder else start
    elif source[start] == "*":
        end = start + len(source[start:]) - len(source[start:].lstrip("*")) if source.startswith("**", start) else start + 1
        before, after = source[start - 1 : start], source[end : end + 1]
        within = before.isdigit() and after.isdigit() if end - start > 1 else before.isalnum() and after.isalnum()
        end = end if within else start
    else:
        return False
    if end > start and not silent:
        state.pending += source[start:end]
    state.pos = max(end, start)
    return end > start


def _address(state: "StateInline", silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    """Replace a bare address with its host."""
    if state.src[state.pos] != ":" or not (found := ADDRESS.match(state.src, state.pos)):
        return False
    scheme = _SCHEME.search(state.pending)
    if not scheme or (state.pending[: scheme.start()][-1:].isalnum()):
        return False
    whole = found[0].rstrip(AFTER_ADDRESS)
    if "(" in whole and found[0][len(whole) : len(whole) + 1] == ")":
        whole += ")"
    if not silent:
        state.pending = state.pending[: scheme.start()]
        token = state.push("address", "", 0)
        token.content = found[1].rstrip(AFTER_ADDRESS)
    state.pos += max(len(whole), len("://"))
    return True


def _display(state: "StateInline", silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    r"""Read `\[a = b\]` within a paragraph as a formula, but escaped brackets around words as brackets."""
    start = state.pos
    end = state.src.find("\\]", start, start + LONGEST_SOURCE) if state.src.startswith("\\[", start) else -1
    latex = state.src[start + 2 : end]
    if end < 0 or not FORMAL.search(_ESCAPED.sub("", latex)):
        return False
    if not silent:
        token = state.push("display", "math", 0)
        token.content = latex
    state.pos = end + 2
    return True


_AMOUNT = re.compile(r"([+>]) ?\d|\d{3,9}[.)] ")


def _amount(state: "StateBlock", start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    """Read `+ 5 °C` and `> 50 %` on a line of their own as amounts instead of a list or quotation, and `1990. ` as text."""
    if silent:
        return False

    def line(number: int) -> str:
        return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]] if 0 <= number < end else ""

    here = _AMOUNT.match(line(start))
    if not here or (here[1] and here[1] in {line(start - 1)[:1], line(start + 1)[:1]}):
        return False
    from markdown_it.rules_block.paragraph import paragraph  # noqa: PLC0415 - the same

    return paragraph(state, start, end, silent)


def without_marks(text: str) -> str:
    """Remove the markup of other dialects from plain text: [[links]], ==marks==, ::: fences, H~2~O, x^2^, addresses."""
    for pattern, replacement in _MARKS:
        text = pattern.sub(replacement, text)
    text = _LOWERED.sub(lambda found: lowered(found[1]), text)
    text = _RAISED.sub(lambda found: raised_behind(found.string[: found.start()], found[1]), text)
    return _BARE.sub(_host, text)


def _host(found: re.Match[str]) -> str:
    kept = found[0].rstrip(AFTER_ADDRESS)
    return (found[1] or found[2]) + found[0][len(kept) :]
