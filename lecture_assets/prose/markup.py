"""Markdown or HTML as readers see it: words without markup, link texts without addresses, lists as sentences.

    source ─ hypertext.py ─► Markdown ─ dialect.py ─► tree ─► blocks ─► paragraphs

Text without markup is returned byte for byte. `dialect.py` defines what counts as markup.
"""

import re
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from lecture_assets.prose.dialect import ADDRESS, FORMAL, parsed, without_marks
from lecture_assets.prose.formula import formula
from lecture_assets.prose.hypertext import as_markdown
from lecture_assets.prose.lexicon import lexicon_of
from lecture_assets.prose.readable import readable
from lecture_assets.prose.sentences import CLOSERS, apart, capital, sentence
from lecture_assets.prose.typed_lists import with_lists

if TYPE_CHECKING:
    from markdown_it.token import Token
    from markdown_it.tree import SyntaxTreeNode

LONGEST_CODE = 80
"""The most characters of code that are shown and spoken: one short line. Longer code is replaced by a phrase."""
_LONE_NUMBER = re.compile(r"\s*\d+[.)]\s*")
"""A year or an ordinal, not a list without words."""
_MAYBE_MARKED = re.compile(r"[\\`*_\[\]<>&$#~|=^/]|^\s*(?:[-+:•‣◦▪●–—]|\d+[.)]|\(?[^\W_]{1,4}\))|  $", re.MULTILINE)
"""A text without a match has no markup and need not be parsed."""
_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n(?=[\w-]+:(?:\s|$))(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_TITLE = re.compile(r"^title:[ \t]*(.+?)[ \t]*$", re.MULTILINE)
_PROSE = re.compile(r"(?:^|\s)[^\W\d_]{2,}(?:$|[\s,.])")
_SPACES = re.compile(r"[ \t\n]+")
_CALLOUT = re.compile(r"^\[!\w+\][+-]?[ \t]*")
_TASK = re.compile(r"^\[[ xX]\]\s+")
_ATTRIBUTES = re.compile(r"\s*\{[#.:][^{}]*\}\s*$")
_ESCAPES = ("*_", "<&", "`*_<&$[~#^=:\\", "".join(sorted(set(string.punctuation) - set("()]"))))
"""Sets of signs to escape in text that would be read as markup, tried from the smallest; parentheses would make formulas."""


@dataclass(frozen=True, slots=True)
class _Block:
    """A future paragraph. joins: `next` for a heading, `colon` if it may continue a paragraph that ends with a colon."""

    text: str
    joins: str = ""


def as_shown(text: str, language: str = "") -> str:
    """Return the text as readers see it, with blank lines between paragraphs; empty if it consists of markup only.

    language: a BCP 47 tag; a phrase in this language replaces what does not fit on a line (long code, large formulas), or nothing
              does if `lexicon.py` lacks the language
    """
    text = readable(text)
    if not _MAYBE_MARKED.search(text) or _LONE_NUMBER.fullmatch(text):
        return text
    body = text[_front_matter(text) :]
    source = with_lists(as_markdown(body))
    env: dict[str, object] = {}
    tree = parsed(source, env)
    reader = _Reader(language, is_marked=source != text or bool(env.get("references")))
    paragraphs = _joined(reader.blocks(tree.children))
    if not reader.is_marked:
        return text
    return "\n\n".join(apart(paragraphs))


def heading_of(text: str) -> str:
    """Return a text's own title: from its front matter, or its first heading of the highest level; empty if it has none."""
    text = readable(text)
    end = _front_matter(text)
    if end and (found := _TITLE.search(text[:end])):
        return as_shown(found[1].strip("\"'"))
    tree = parsed(as_markdown(text[end:]), {})
    heads = [node for node in tree.children if node.type == "heading" and not _is_paragraph(node)]
    if not heads:
        return ""
    return _Reader("").line(min(heads, key=lambda node: node.tag)).rstrip(".:")


def escaped(text: str) -> str:
    r"""Escape plain text so that `as_shown` returns it unchanged: `*words*` becomes `\*words\*`."""
    return "\n\n".join(_escaped(part) for part in text.split("\n\n"))


def _escaped(text: str) -> str:
    for signs in ("", *_ESCAPES):
        tried = "".join(f"\\{letter}" if letter in signs else letter for letter in text)
        if as_shown(tried) == text:
            return tried
    return text


def _front_matter(text: str) -> int:
    """Return where the YAML at the start of a text ends; 0 if there is none."""
    found = _FRONT_MATTER.match(text)
    return found.end() if found else 0


class _Reader:
    """Walks a tree once. is_marked: it has found anything other than plain paragraphs."""

    def __init__(self, language: str, *, is_marked: bool = False) -> None:
        self.is_marked = is_marked
        self._lexicon = lexicon_of(language)
        self._notes: dict[object, str] = {}
        self._is_address = False

    def blocks(self, nodes: "Sequence[SyntaxTreeNode]") -> list[_Block]:
        """Return the blocks of some nodes, in order."""
        for node in nodes:
            if node.type == "footnote_block":
                self.is_marked = True
                self._notes = {note.meta.get("id"): _on_one_line(self.blocks(note.children)) for note in node.children}
        return [block for node in nodes for block in self._blocks(node)]

    def _blocks(self, node: "SyntaxTreeNode") -> list[_Block]:
        if node.type == "paragraph":
            return [_Block(text)] if (text := self.line(node)) else []
        self.is_marked = True
        if node.tag == "math" or node.type == "amsmath":
            return [_Block(self._formula(node.content), "colon")]
        made = _MADE.get(node.type)
        return made(self, node) if made else self.blocks(node.children)

    def heading(self, node: "SyntaxTreeNode") -> list[_Block]:
        """Return a heading as a sentence that joins the paragraph after it."""
        text = self.line(node)
        if _is_paragraph(node):
            return [_Block(text)]
        text = sentence(_ATTRIBUTES.sub("", text))
        return [_Block(text, "next")] if text else []

    def listed(self, node: "SyntaxTreeNode") -> list[_Block]:
        """Return a list as one paragraph of sentences."""
        return _one(self._items(node))

    def table(self, node: "SyntaxTreeNode") -> list[_Block]:
        """Return a table as one paragraph with a sentence per row."""
        return _one([sentence(_row(row, self)) for part in node.children for row in part.children])

    def definitions(self, node: "SyntaxTreeNode") -> list[_Block]:
        """Return a definition list as one paragraph."""
        return _one(self._definitions(node))

    def quotation(self, node: "SyntaxTreeNode") -> list[_Block]:
        """Return quoted blocks, without the name of a callout."""
        return [_Block(_CALLOUT.sub("", block.text), block.joins) for block in self.blocks(node.children)]

    def code(self, node: "SyntaxTreeNode") -> list[_Block]:
        """Return one line of code unchanged, and longer code as a phrase."""
        lines = [line.strip() for line in node.content.splitlines() if line.strip()]
        if len(lines) == 1 and len(lines[0]) <= LONGEST_CODE:
            return [_Block(lines[0], "colon")]
        return [_Block(self._lexicon.code, "colon")] if lines and self._lexicon else []

    def nothing(self, _node: "SyntaxTreeNode") -> list[_Block]:
        """Return nothing for what is not shown here: rules and footnotes."""
        return []

    def _items(self, node: "SyntaxTreeNode") -> list[str]:
        """Return a list's items as sentences, numbered as shown."""
        said = []
        for number, item in zip(_numbers(node), node.children, strict=True):
            text = capital(_TASK.sub("", _on_one_line(self.blocks(item.children)).rstrip(" ,")))
            if text:
                said.append(sentence(f"{number}. {text}" if node.type == "ordered_list" else text))
        return said

    def _definitions(self, node: "SyntaxTreeNode") -> list[str]:
        said: list[str] = []
        for child in node.children:
            if child.type == "dt":
                said.append(self.line(child) + ":")
            else:
                said.append(sentence(_on_one_line(self.blocks(child.children))))
        return said

    def _formula(self, latex: str) -> str:
        return formula(latex) or (self._lexicon.formula if self._lexicon else "")

    def line(self, node: "SyntaxTreeNode") -> str:
        """Return the content of a paragraph, heading or cell on one line, followed by its footnotes."""
        inline = node.children[0] if node.children and node.children[0].type == "inline" else node
        tokens = inline.token.children or [] if inline.type == "inline" and inline.token else []
        parts: list[tuple[str, bool]] = []
        notes: list[str] = []
        alone = all(token.type in {"image", "softbreak"} or not token.content.strip() for token in tokens)
        for token in tokens:
            self._add(token, parts, notes, alone=alone)
        text = _SPACES.sub(" ", _unmarked(parts, self)).strip()
        return " ".join([sentence(text), *map(sentence, notes)]) if notes else text

    def _add(self, token: "Token", parts: list[tuple[str, bool]], notes: list[str], *, alone: bool) -> None:
        """Add the text of one token to `parts` (with whether it is literal, without markup) or to `notes`."""
        kind = token.type
        if kind in {"text", "softbreak"} and not self._is_address:
            parts.append(("\n" if kind == "softbreak" else token.content, False))
            return
        self.is_marked = True
        self._is_address = token.markup == "autolink" and kind == "link_open"
        if kind == "text":
            found = ADDRESS.search(token.content)
            parts.append((found[1] if found else token.content, True))
        if kind in {"text_special", "code_inline"}:
            parts.append((token.content, True))
        elif kind == "address":
            parts.append((token.content, False))
        elif kind == "hardbreak":
            parts.append(("\n", False))
        elif kind == "image" and not alone:
            parts.append((token.content, False))
        elif kind == "footnote_ref":
            notes.extend(filter(None, [self._notes.pop(token.meta.get("id"), "")]))
        elif token.tag == "math":
            parts.append((self._inline_formula(token), True))

    def _inline_formula(self, token: "Token") -> str:
        latex = token.content
        if token.markup == "$" and _PROSE.search(latex) and not FORMAL.search(latex):
            return f"${latex}$"
        return self._formula(latex)


_MADE: Mapping[str, Callable[[_Reader, "SyntaxTreeNode"], list[_Block]]] = {
    "heading": _Reader.heading,
    "bullet_list": _Reader.listed,
    "ordered_list": _Reader.listed,
    "table": _Reader.table,
    "dl": _Reader.definitions,
    "fence": _Reader.code,
    "blockquote": _Reader.quotation,
    "footnote_block": _Reader.nothing,
    "hr": _Reader.nothing,
}
"""How each kind of block is read; other blocks are read part by part."""


def _unmarked(parts: Sequence[tuple[str, bool]], reader: _Reader) -> str:
    """Join the parts into one text, removing markup of other dialects from those that are not literal."""
    runs: list[tuple[str, bool]] = []
    for text, literal in parts:
        if runs and not literal and not runs[-1][1]:
            runs[-1] = (runs[-1][0] + text, False)
        else:
            runs.append((text, literal))
    bare = [text if literal else without_marks(text) for text, literal in runs]
    reader.is_marked |= bare != [text for text, _ in runs]
    return "".join(bare)


def _numbers(node: "SyntaxTreeNode") -> list[int]:
    """Return the numbers of a list's items: as written if they increase, otherwise counted from the first."""
    written = [int(item.info) if item.info.isdecimal() else 0 for item in node.children]
    if all(before < after for before, after in pairwise(written)):
        return written
    return [written[0] + place for place in range(len(written))]


def _is_paragraph(heading: "SyntaxTreeNode") -> bool:
    """Whether an underlined heading is really a paragraph: headings do not end with a full stop."""
    inline = heading.children[0].content.rstrip() if heading.children else ""
    return heading.markup in {"-", "="} and (inline.rstrip(CLOSERS).endswith((".", "!", "?", "…", "。")) or "\n" in inline)


def _row(row: "SyntaxTreeNode", reader: _Reader) -> str:
    return ", ".join(filter(None, (reader.line(cell) for cell in row.children)))


def _one(sentences: Sequence[str]) -> list[_Block]:
    text = " ".join(filter(None, sentences))
    return [_Block(text, "colon")] if text else []


def _joined(blocks: Sequence[_Block]) -> list[str]:
    """Join blocks into paragraphs: a heading with what follows it, a list with the colon before it."""
    out: list[str] = []
    head = False
    for block in blocks:
        if not block.text:
            continue
        if out and (head or (block.joins == "colon" and out[-1].endswith((":", "：")))):
            out[-1] += f" {block.text}"
        else:
            out.append(block.text)
        head = block.joins == "next"
    return out


def _on_one_line(blocks: Sequence[_Block]) -> str:
    """Return the content of an item on one line."""
    return " ".join(apart(_joined(blocks)))
