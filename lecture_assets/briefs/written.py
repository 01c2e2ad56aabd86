"""Read YAML as written: each key and value with its line and spelling. The rules of a brief are not checked here.

YAML nodes are read, never constructed: no tag creates an object, no alias is expanded, and numbers are taken as decimal.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml
from yaml.constructor import ConstructorError, SafeConstructor
from yaml.reader import ReaderError

from lecture_assets.briefs.rules import SHOWN, shown
from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.fingerprint import Json

_TAG = "tag:yaml.org,2002:"
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_WRONG: Json = {"": "no key of a brief holds this"}
_TAGGED = "a value with the tag"
_LARGE = 10**18
"""From here on numbers are repeated as written, without an interpretation."""
_MAX_VALUES = 1_000
"""The most keys and values in a file; a brief with every key has fewer than 50."""
_TOO_MANY = f"more than {_MAX_VALUES:,} keys and values"
_TRUE = {"yes", "true", "on"}
_SYNTAX: Mapping[str, tuple[str, str]] = {
    "found character '\\t'": ("a tab", "spaces before a key and after its colon"),
    "mapping values are not allowed": (
        "a second colon, or an indented key",
        'keys that start in the first column; put text with ": " in quotes, or on lines of its own under |',
    ),
    "alias": ("text that begins with *", "that text in quotes"),
    "an anchor": ("text that begins with &", "that text in quotes"),
    "expected ',' or": ("an unclosed bracket or a missing comma", "text that begins with [ or { in quotes"),
    "found another document": ("a second document (---)", "one brief per file"),
    "cannot start any token": ("text that begins with @, ` or %", "that text in quotes"),
    "found unexpected end of stream": ("an unclosed quote or bracket", "a closing quote or bracket"),
    "could not find expected ':'": ("a line without a colon", "key: value (put long texts on lines of their own under |)"),
    "expected <block end>": ("a line indented differently from those before it", "keys that start in the first column"),
}
"""PyYAML 6's messages about common slips, to what the person did and what would be right."""


@dataclass(frozen=True, slots=True)
class WrittenBrief:
    """One value as written in a file.

    value: as YAML reads it; None if `wrong`
    found: the value as shown in errors
    raw:   the characters of an unquoted word or number, otherwise None
    wrong: no key of a brief can hold such a value
    """

    line: int
    value: Json
    found: str
    raw: str | None = None
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class WrittenEntry:
    """A key and its value, which is a WrittenBrief or the entries of a mapping."""

    key: str
    line: int
    value: "WrittenBrief | tuple[WrittenEntry, ...]"


class _Loader(yaml.SafeLoader):
    """Stops at a file far larger than a brief can be: PyYAML reads only 25,000 values per second."""

    _count = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self._count += 1
        if self._count > _MAX_VALUES:
            raise yaml.MarkedYAMLError(problem=_TOO_MANY, problem_mark=self.get_mark())
        return super().compose_node(parent, index)


def entries(text: str, file: str) -> tuple[WrittenEntry, ...]:
    """Return the entries of a document in order, including repeated keys. Raise WrongInputError if it is not a YAML mapping."""
    node = _compose(text, file)
    if node is None:
        raise WrongInputError([Fault("brief", "an empty file", "lines like `prompt: Explain photosynthesis`", file)])
    if not isinstance(node, yaml.MappingNode):
        fault = Fault("brief", _written(node).found, "a mapping: lines like `prompt: Explain photosynthesis`", file, _line(node))
        raise WrongInputError([fault])
    return tuple(_entries(node, depth=2))


def _compose(text: str, file: str) -> yaml.Node | None:
    try:
        return _Loader(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        raise WrongInputError([_syntax_fault(error, file)]) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        found = f"the control character U+{int(error.character):04X}"
        raise WrongInputError([Fault("YAML", found, "text without control characters", file, line)]) from None
    except RecursionError:
        raise WrongInputError([Fault("YAML", "brackets nested too deeply", "a flat list of keys", file)]) from None


def _syntax_fault(error: yaml.MarkedYAMLError, file: str) -> Fault:
    said = f"{error.context or ''} {error.problem or ''}".strip()
    found, allowed = next((both for start, both in _SYNTAX.items() if start in said), (said, "YAML: lines of key: value"))
    begins_there = ("end of stream" in said or "could not find expected" in said) and error.context_mark is not None
    mark = error.context_mark if begins_there else error.problem_mark
    return Fault("YAML", found, allowed, file, mark.line + 1 if mark else None)


def _entries(mapping: yaml.MappingNode, depth: int) -> Iterator[WrittenEntry]:
    """Yield entries of mappings up to `depth` levels; deeper ones are `wrong`, so that aliases are not followed for long."""
    for key, value in mapping.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else _written(key).found
        nested = isinstance(value, yaml.MappingNode) and depth > 1
        yield WrittenEntry(_whole(name), _line(key), tuple(_entries(value, depth - 1)) if nested else _written(value))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _written(node: yaml.Node) -> WrittenBrief:
    line = _line(node)
    if not isinstance(node, yaml.ScalarNode):
        return WrittenBrief(line, None, "a list" if isinstance(node, yaml.SequenceNode) else "a mapping", wrong=True)
    value, found = _scalar(node, str(node.tag).removeprefix(_TAG))
    raw = node.value if node.style is None and not found.startswith(_TAGGED) else None
    return WrittenBrief(line, None if value is _WRONG else value, found, raw, value is _WRONG)


def _scalar(node: yaml.ScalarNode, tag: str) -> tuple[Json, str]:
    """Return the value (`_WRONG` if no key can hold it) and its text for errors."""
    short = node.value if len(node.value) <= SHOWN else f"{node.value[: SHOWN - 1]}…"
    if tag in {"str", "value", "merge"}:
        text = _whole(node.value)
        return text, shown(text)
    if tag == "bool":
        value = node.value.lower() in _TRUE
        return value, _read_as(short, shown(value))
    if tag == "null":
        return None, shown(None)
    if tag == "int" and _DECIMAL.fullmatch(node.value):
        return int(node.value), short
    return _WRONG, _odd(node, tag, short)


def _odd(node: yaml.ScalarNode, tag: str, short: str) -> str:
    match tag:
        case "int":
            return _odd_number(node, short)
        case "float":
            return short
        case "timestamp":
            return _read_as(short, "a date")
        case _:
            return f"{_TAGGED} {shown(tag)}"


def _read_as(written: str, read: str) -> str:
    return written if written == read else f"{written}, which YAML reads as {read}"


def _odd_number(node: yaml.ScalarNode, short: str) -> str:
    """Describe a number that YAML 1.1 reads unexpectedly, such as `1:30` (90) or `017` (15), and which is therefore refused."""
    try:
        number = SafeConstructor().construct_yaml_int(node)
    except (ValueError, IndexError, ConstructorError):
        return short
    return _read_as(short, shown(number)) if abs(number) < _LARGE else short


def _whole(text: str) -> str:
    r"""Join surrogate pairs: JSON writes 🌱 as `\ud83c\udf31`, and PyYAML leaves the halves apart. A lone half stays."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
