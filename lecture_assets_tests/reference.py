"""Parts of docs/ that are written from the code: commands with their JSON, keys of briefs, kinds, inputs. Writes no file."""

import inspect
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import click

from lecture_assets.briefs.brief import INPUT_OF
from lecture_assets.cli.entry import cli
from lecture_assets.graph.kind import Editable, Kind, Read, When
from lecture_assets.graph.lecture import KINDS
from lecture_assets_tests.cli.all_commands import all_commands
from lecture_assets_tests.schemas import ANSWERS, file_of, schemas

Schema = Mapping[str, Any]
_WIDE = 120


@cache
def _schemas() -> Mapping[str, Schema]:
    return schemas()


def commands_reference() -> str:
    """A section a command: how it is typed, what it does, its options, what it prints with --json."""
    return "\n\n".join(_command(name, command) for name, command in all_commands().items())


def _command(name: str, command: click.Command) -> str:
    usage = " ".join(("lectures", name, *command.collect_usage_pieces(_context(command))))
    parts = [f"### {name}", f"`{usage}`", inspect.cleandoc(command.help or ""), *_options(command)]
    if name in ANSWERS:
        parts.append(_answer(name))
    return "\n\n".join(parts)


def _context(command: click.Command) -> click.Context:
    """A context with the names of the option for help that `lectures` has: a command remembers those of its first context."""
    return click.Context(command, help_option_names=cli.context_settings["help_option_names"])


_LINES = {"watch": ", each line is one of these"}
"""Commands that print more than one document."""


def _answer(name: str) -> str:
    """What it prints with --json, or which command before it prints the same."""
    first = next(other for other, shape in ANSWERS.items() if shape is ANSWERS[name])
    output = f"With `--json`{_LINES.get(name, '')} ([schema](schemas/{file_of(name)}))"
    return f"{output}: the same as `{first}`." if first != name else f"{output}:\n\n{in_words(_schemas()[file_of(name)])}"


def _options(command: click.Command) -> Iterator[str]:
    """A table of the command's own options, where it has some."""
    own = [option for option in command.params if isinstance(option, click.Option) and option.name != "as_json"]
    context = _context(command)
    records = [record for record in (option.get_help_record(context) for option in own) if record]
    if records:
        rows = [f"| `{name}` | {' '.join(text.split())} |" for name, text in records]
        yield "\n".join(["| option | meaning |", "|---|---|", *rows])


def in_words(schema: Schema) -> str:
    """The shape of a document, with what is said of each object above it."""
    choices = schema.get("anyOf", [schema])
    return "\n\n".join(_block(_resolved(choice, schema), schema) for choice in choices)


def _block(shape: Schema, schema: Schema) -> str:
    about = _about(_resolved(shape.get("items", shape), schema), "")
    return "\n".join(["```text", *about, *_lines(shape, schema, ""), "```"])


def _resolved(shape: Schema, schema: Schema) -> Schema:
    found: Schema = schema["$defs"][shape["$ref"].rpartition("/")[2]] if "$ref" in shape else shape
    return found


def _about(shape: Schema, indent: str) -> list[str]:
    """What the type of an object says of it, as comments."""
    if "properties" not in shape:
        return []
    return [f"{indent}// {line}" for line in _wrapped(shape.get("description", ""), _WIDE - len(indent))]


def _wrapped(text: str, width: int) -> Iterator[str]:
    """Wrap each paragraph. A line `name: meaning` is a paragraph of its own, with its meaning aligned."""
    for part in re.split(r"\n\s*\n|\n(?=\w+: )", text.strip()):
        name = re.match(r"\w+: +", part)
        if "\n" in text and name:
            yield from textwrap.wrap(part, width, subsequent_indent=" " * len(name[0]))
        else:
            yield from textwrap.wrap(" ".join(part.split()), width)


def _lines(shape: Schema, schema: Schema, indent: str) -> list[str]:
    """A value, over as many lines as its objects take."""
    shape = _resolved(shape, schema)
    if "anyOf" in shape:
        first, *others = (_lines(choice, schema, indent) for choice in shape["anyOf"])
        return [*first[:-1], " or ".join([first[-1], *(other[-1] for other in others)])]
    if "properties" in shape:
        return ["{", *(line for key in shape["properties"] for line in _entry(key, shape, schema, indent + "  ")), indent + "}"]
    if "items" in shape:
        return _within("[", _lines(shape["items"], schema, indent), "]")
    if isinstance(shape.get("additionalProperties"), dict):
        return _within("{name: ", _lines(shape["additionalProperties"], schema, indent), "}")
    if "enum" in shape or "const" in shape:
        return [" | ".join(f'"{word}"' for word in shape.get("enum") or [shape["const"]])]
    return [str(shape.get("type", "any JSON")) if shape.get("type") != "object" else "{name: any JSON}"]


def _within(begin: str, lines: list[str], end: str) -> list[str]:
    inner = [begin + lines[0], *lines[1:]]
    return [*inner[:-1], inner[-1] + end]


def _entry(key: str, shape: Schema, schema: Schema, indent: str) -> list[str]:
    value = shape["properties"][key]
    first, *rest = _lines(value, schema, indent)
    left_out = "" if key in shape["required"] else "?"
    return [*_about(_innermost(value, schema), indent), f'{indent}"{key}"{left_out}: {first}', *rest]


def _innermost(shape: Schema, schema: Schema) -> Schema:
    """The object that a value is, or that it has in a list, in a mapping or beside null."""
    shape = _resolved(shape, schema)
    for inner in (shape.get("items"), shape.get("additionalProperties"), *shape.get("anyOf", ())):
        if isinstance(inner, dict) and "properties" not in shape:
            return _innermost(inner, schema)
    return shape


def brief_keys() -> str:
    """A row a key of a brief: what it allows, its default, the input it becomes."""
    rows = [_key_row(key, rule) for key, rule in _schemas()["brief.json"]["properties"].items()]
    return "\n".join(["| key | type | allowed | default | input |", "|---|---|---|---|---|", *rows])


def _key_row(key: str, rule: Schema) -> str:
    default = rule.get("default", "–")
    shown = {"system_prompt": "see below"}.get(key) or (str(default).lower() if isinstance(default, bool) else str(default))
    becomes = f"`config:{INPUT_OF[key]}`" if key in INPUT_OF else {"models": "`config:text-model`, …"}.get(key, "–")
    kind = rule.get("type", "object")
    return f"| `{key}` | {kind} | {rule['description'].replace('|', '/')} | {shown} | {becomes} |"


def import_keys() -> str:
    """A row a key of an import file."""
    schema = _schemas()["import-file.json"]
    rows = [row for place, shape in _places(schema) for row in _rows(place, shape, schema)]
    return "\n".join(["| key | type | needed | default |", "|---|---|---|---|", *rows])


def _places(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """The objects of an import file, each after what it is in."""
    segment = schema["$defs"]["AdoptedSegment"]
    yield "", schema
    yield "segments[].", segment
    yield "segments[].images[].", schema["$defs"]["AdoptedPicture"]
    yield "segments[].starting_image.", schema["$defs"]["AdoptedPicture"]
    yield "segments[].clip.", schema["$defs"]["AdoptedClip"]
    yield "music.", schema["$defs"]["AdoptedMusic"]


def _rows(place: str, shape: Schema, schema: Schema) -> Iterator[str]:
    for key, rule in shape["properties"].items():
        resolved = _resolved(rule, schema)
        bounds = {"maxLength": "of at most {:,} characters", "maxItems": "of at most {:,}"}
        limit = next((f" {words.format(resolved[name])}" for name, words in bounds.items() if name in resolved), "")
        allowed = f"`{rule['const']}`" if "const" in rule else " ".join([str(resolved.get("type", "string")) + limit])
        if "enum" in resolved:
            allowed = "one of " + ", ".join(resolved["enum"])
        needed = "yes" if key in shape.get("required", ()) else ""
        default = rule.get("default", "")
        yield f"| `{place}{key}` | {allowed} | {needed} | {default if default not in ([], {}) else ''} |"


def kinds_table() -> str:
    """A row a kind that a run makes."""
    made = [kind for kind in KINDS.values() if not kind.is_input]
    head = ["| kind | one per | made by | reads | exists if | a person may supply |", "|---|---|---|---|---|---|"]
    return "\n".join([*head, *(_kind_row(kind) for kind in made)])


def _kind_row(kind: Kind) -> str:
    where = "" if kind.when is When.ALWAYS else kind.when.value
    given = {Editable.NO: "", Editable.TEXT: "a text", Editable.MEDIA: "a medium"}[kind.editable]
    maker = f"{kind.role} model" if kind.role else f"code{', on demand' if kind.on_demand else ''}"
    reads = ", ".join(_read(read) for read in kind.reads)
    return f"| `{kind.name}` | {kind.per} | {maker} | {reads} | {where} | {given} |"


def _read(read: Read) -> str:
    condition = "" if read.when is When.ALWAYS else f" ({read.when})"
    return f"{read.kind.removeprefix('config:')}{condition}"


def inputs_table() -> str:
    """A row an input: the key that sets it, who reads it."""
    key_of = {name: key for key, name in INPUT_OF.items()} | {"user-prompt": "prompt, notes"}
    rows = [_input_row(kind, key_of.get(kind.name.partition(":")[2], "segments")) for kind in KINDS.values() if kind.is_input]
    return "\n".join(["| input | key | read by |", "|---|---|---|", *rows])


def _input_row(kind: Kind, key: str) -> str:
    readers = [reader.name for reader in KINDS.values() if kind.name in {read.kind for read in reader.reads}]
    effect = "determines which nodes exist" if kind.structural else ", ".join(f"`{reader}`" for reader in readers)
    return f"| `{kind.name}` | {key} | {effect} |"


PARTS: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "commands.md": {"reference": commands_reference},
    "brief.md": {"keys": brief_keys},
    "import.md": {"keys": import_keys},
    "graph.md": {"kinds": kinds_table, "inputs": inputs_table},
}
"""The written parts of each file of docs/."""
