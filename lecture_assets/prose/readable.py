"""Remove characters that terminals, subtitle readers or databases interpret instead of showing."""

import re
from typing import Any

_SEQUENCES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|(?:\x1b[\]P_^X]|[\x9d\x90\x9f\x9e\x98])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)"  # OSC, DCS, APC, PM, SOS: titles, links
    r"|\x1b[()*+][0-9A-Z]"  # character sets
)
"""Complete escape sequences of ECMA-48."""
_BREAKS = re.compile("\r\n|[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_FORMATS = (
    r"\u202a-\u202e\u2066-\u2069"  # embeddings, overrides and isolates of direction; the marks LRM, RLM, ALM may stay
    r"\u2061-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb"  # invisible operators, deprecated formats, BOM, annotations
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e0fff"  # formats of shorthand and music, tags
    r"\ufdd0-\ufdef"  # noncharacters, here and at each plane's end
    + "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(17))
)
_INVISIBLE = r"\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff" + _FORMATS
"""C0 except tab and line feed, C1, halves of surrogate pairs, and the format characters above."""
_OBEYED = re.compile(f"[{_INVISIBLE}]")
_SUSPECT = re.compile(f"[{_INVISIBLE}\r\v\f\\u2028\\u2029]")


def readable(text: str) -> str:
    """Remove control characters and complete escape sequences, and turn every line break into a line feed.

    Tabs, joiners (ZWJ, ZWNJ), direction marks and everything else that scripts need stay. Clean text is returned unchanged.
    """
    if not _SUSPECT.search(text):
        return text
    return _OBEYED.sub("", _BREAKS.sub("\n", _SEQUENCES.sub("", text)))


def without_formats(text: str) -> str:
    """Remove invisible formatting (direction overrides, a byte order mark, tags) and turn Unicode separators into line feeds."""
    return re.sub(f"[{_FORMATS}]", "", re.sub("[\u2028\u2029]", "\n", text))


def readable_value(value: Any) -> Any:
    """Apply `readable` to every text in a JSON value, including keys."""
    match value:
        case str():
            return readable(value)
        case list() | tuple():
            return [readable_value(part) for part in value]
        case dict():
            return {readable_value(key): readable_value(part) for key, part in value.items()}
        case _:
            return value
