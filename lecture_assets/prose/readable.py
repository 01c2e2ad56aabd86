"""Text without characters that a terminal, a subtitle reader or a database obeys instead of showing them."""

import re
from typing import Any

_SEQUENCES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|(?:\x1b[\]P_^X]|[\x9d\x90\x9f\x9e\x98])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)"  # OSC, DCS, APC, PM, SOS: titles, links
    r"|\x1b[()*+][0-9A-Z]"  # character sets
)
"""Escape sequences of ECMA-48, whole."""
_BREAKS = re.compile("\r\n|[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_FORMATS = (
    r"\u202a-\u202e\u2066-\u2069"  # embeddings, overrides and isolates of direction; the marks LRM, RLM, ALM may stay
    r"\u2061-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb"  # invisible operators, deprecated formats, BOM, annotations
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e0fff"  # formats of shorthand and music, tags
    r"\ufdd0-\ufdef"  # noncharacters, here and at each plane's end
    + "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(17))
)
_INVISIBLE = r"\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff" + _FORMATS
"""C0 without tab and line feed, C1, halves of surrogate pairs, and the formats."""
_OBEYED = re.compile(f"[{_INVISIBLE}]")
_SUSPECT = re.compile(f"[{_INVISIBLE}\r\v\f\\u2028\\u2029]")


def readable(text: str) -> str:
    """The text without control characters: every break of a line as a line feed, escape sequences taken out whole.

    Tabs, joiners (ZWJ, ZWNJ), direction marks and whatever else a script needs stay. A text without such comes back as it is.
    """
    if not _SUSPECT.search(text):
        return text
    return _OBEYED.sub("", _BREAKS.sub("\n", _SEQUENCES.sub("", text)))


def without_formats(text: str) -> str:
    """The text without formats that nobody types: overrides of direction, a byte order mark, tags; separators as line feeds."""
    return re.sub(f"[{_FORMATS}]", "", re.sub("[\u2028\u2029]", "\n", text))


def readable_value(value: Any) -> Any:
    """A JSON value with every text in it, keys included, readable."""
    match value:
        case str():
            return readable(value)
        case list() | tuple():
            return [readable_value(part) for part in value]
        case dict():
            return {readable_value(key): readable_value(part) for key, part in value.items()}
        case _:
            return value
