"""Rewrite HTML in a text as equivalent Markdown. What only looks like HTML stays: `vector<int>`, a lone `<b>`.

A tag counts as markup if HTML has the element and the text closes it, or the element needs no end tag, or it is a block at the
start of a line. Code in fences and backticks is left alone.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from lecture_assets.prose.formula import lowered, raised_behind


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BLOCKS = _names("""
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form frameset h1 h2 h3 h4 h5 h6 head header html legend li main menu nav ol optgroup option p pre section
    summary table tbody td tfoot th thead tr ul
""")
_INLINE = _names("""
    a abbr acronym b bdi bdo big button cite code data del dfn em font i ins kbd label mark math meter nobr output
    picture progress q rp rt ruby s samp small span strike strong sub sup time tt u var
""")
_UNSHOWN = _names("""
    audio canvas embed iframe math noscript object rp rt script select style svg template textarea title video
""")
_END_LEFT_OUT = _names("""
    p li dt dd td th tr thead tbody tfoot option
""")
_EMPTY = _names("""
    area base br col embed hr img input link meta param source track wbr
""")
_STARTS = re.compile(
    r"^[ \t]*(?P<fence>`{3,}|~{3,})[^\n]*$"
    r"|(?P<ticks>`+)"
    r"|(?P<escape>\\.)"
    r"|(?P<comment><!--)"
    r"|(?P<aside><!\[CDATA\[|\]\]>|<\?[a-z][^<>]*>|<!DOCTYPE[^<>]*>)"
    r"""|(?P<tag></?(?P<name>[A-Za-z][A-Za-z0-9]*)(?=[\s/>])[^<>"']*(?:"[^"<]*"[^<>"']*|'[^'<]*'[^<>"']*)*>)""",
    re.MULTILINE | re.IGNORECASE,
)
_ALT = re.compile(r"""\salt\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_LINE: Mapping[str, str] = {"br": "  \n", "hr": "\n\n---\n\n", "wbr": ""}
_OPENING: Mapping[str, str] = {
    **{f"h{level}": f"\n\n{'#' * level} " for level in range(1, 7)},
    "li": "\n- ",
    "dd": "\n- ",
    "tr": "\n- ",
}
_CELLS = frozenset({"td", "th"})
_ITEMS = frozenset({"li", "dd", "tr"})
_CODE = frozenset({"pre", "code", "samp", "kbd"})
_FENCES = ("\n\n```\n", "\n```\n\n")
_READINGS = frozenset({"rt", "rp"})
_ENDED_BY: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(_CELLS, _CELLS | _names("tr tbody tfoot table")),
    **dict.fromkeys(_READINGS, _READINGS | {"ruby", "rb"}),
}
"""The tags that end an element with an omitted end tag."""
_LONGEST_INDEX = 20
"""The most characters in an exponent or index; longer text is just set small."""
_LONGEST_BASE = 80
_BASE = re.compile(r"([^\W_]+)(?:[*_]*|</?[a-z][^<>]*>)*<sup[^<>]*>$", re.IGNORECASE)
"""The base of an exponent, before the tag."""


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag or a comment (which has no name), and its position in the text."""

    start: int
    end: int
    name: str = ""
    is_end: bool = False
    begins_line: bool = False


def as_markdown(text: str) -> str:
    """Return the text with its HTML as Markdown, or unchanged if it has none."""
    if "<" not in text:
        return text
    found = list(_tags(text))
    names = {(tag.name, tag.is_end) for tag in found}
    closed = {name for name, is_end in names if is_end and (name, False) in names}
    begun = {tag.name for tag in found if tag.begins_line and not tag.is_end}
    markup = [tag for tag in found if not tag.name or _is_markup(tag, closed, begun)]
    return "".join(_written(text, list(_ended(markup)))) if markup else text


def _tags(text: str) -> Iterator[_Tag]:
    """Yield the tags and comments of the text, except those in code."""
    place, no_comment_ends = 0, False
    while start := _STARTS.search(text, place):
        place = start.end()
        if start["fence"]:
            place = _end_of(re.compile(rf"^[ \t]*{start['fence']}[`~]*[ \t]*$", re.MULTILINE), text, place)
        elif start["ticks"]:
            ticks = re.compile(rf"[^`]*{start['ticks']}(?!`)").match(text, place)
            place = ticks.end() if ticks else place
        elif start["comment"] and not no_comment_ends:
            end = text.find("-->", place)
            no_comment_ends = end < 0
            if end >= 0:
                place = end + len("-->")
                yield _Tag(start.start(), place)
        elif start["aside"]:
            yield _Tag(start.start(), place)
        elif start["tag"]:
            name, is_end = start["name"].lower(), start["tag"][1] == "/"
            begins_line = not text[text.rfind("\n", 0, start.start()) + 1 : start.start()].strip()
            yield _Tag(start.start(), place, name, is_end, begins_line)


def _end_of(pattern: re.Pattern[str], text: str, place: int) -> int:
    found = pattern.search(text, place)
    return found.end() if found else len(text)


def _ended(tags: Sequence[_Tag]) -> Iterator[_Tag]:
    """Yield the tags, adding omitted end tags of cells and ruby readings (`<rt>`)."""
    is_open = ""
    for tag in tags:
        if is_open and tag.name in _ENDED_BY[is_open] and (tag.name, tag.is_end) != (is_open, True):
            yield _Tag(tag.start, tag.start, is_open, is_end=True)
            is_open = ""
        if tag.name in _ENDED_BY:
            is_open = "" if tag.is_end else tag.name
        yield tag


def _is_markup(tag: _Tag, closed: AbstractSet[str], begun: AbstractSet[str]) -> bool:
    if tag.name not in _BLOCKS | _INLINE | _UNSHOWN | _EMPTY:
        return False
    if tag.name in closed or tag.name in _EMPTY or (tag.name in _READINGS and "ruby" in closed):
        return True
    if tag.name in _BLOCKS and tag.begins_line:
        return True
    return tag.name in _END_LEFT_OUT and (bool(closed & _BLOCKS) or tag.name in begun)


def _written(text: str, tags: Sequence[_Tag]) -> Iterator[str]:
    """Yield the text tag by tag, without hidden parts and with superscripts and subscripts rewritten."""
    done, skipped, within, opened = 0, "", "", ""
    for tag in tags:
        if skipped:
            if tag.is_end and tag.name == skipped:
                done, skipped = tag.end, ""
            continue
        inner = text[done : tag.start].lstrip() if opened in _ITEMS | _CELLS else text[done : tag.start]
        inner = inner.rstrip() if tag.is_end and tag.name in _CELLS else inner
        opened = "" if tag.is_end else tag.name
        yield _in_place(tag.name if tag.is_end else "", html.unescape(inner) if within else inner, text[:done])
        done, source = tag.end, text[tag.start : tag.end]
        if tag.name in _UNSHOWN and not tag.is_end and not source.endswith("/>"):
            skipped = tag.name
        elif tag.name in _CODE and (not within or within == tag.name):
            within = "" if tag.is_end else tag.name
            yield _FENCES[tag.is_end] if tag.name == "pre" else "`"
        elif not within:
            yield _mark(source, tag)
    if not skipped:
        yield text[done:]


def _in_place(ended: str, inner: str, before: str) -> str:
    """Return the content of an element that ends here: as superscript, subscript or unchanged."""
    if ended not in {"sup", "sub"} or not inner.strip() or len(inner) > _LONGEST_INDEX:
        return inner
    if ended == "sub":
        return lowered(inner)
    base = _BASE.search(before[-_LONGEST_BASE:])
    return raised_behind(base[1] if base else "", inner)


def _mark(source: str, tag: _Tag) -> str:
    """Return the Markdown for a tag."""
    name = tag.name
    if name == "img":
        found = _ALT.search(source)
        alt = next((part for part in found.groups() if part), "") if found else ""
        return f"![{alt.replace('[', '').replace(']', '')}](_)"
    if name in _CELLS:
        return ", " if tag.is_end else ""
    if name in _LINE:
        return _LINE[name]
    if name in _OPENING and not tag.is_end:
        return _OPENING[name]
    return "\n\n" if name in _BLOCKS - _ITEMS else ""
