"""What a server with OpenAI's API does not support, learned from its refusals, which cost nothing, and remembered.

    400 or 422 that names a field ─► the same request without it ─► openai/dialects/SHA256.json, by address and model

Only fields that the protocol does not need and our own defaults are left out; a parameter that a person chose is not. If a server
stores no completions, a lost reply cannot be looked up.
"""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lecture_assets.providers.answers import UnreadableAnswerError, at, listed, read_json
from lecture_assets.providers.failures import Problem

_REFUSALS = frozenset({400, 422})
_STORED = frozenset({"store", "metadata"})
"""Neither is useful without the other."""
_FORMAT, _MOST = "response_format", "max_completion_tokens"
_MOST_OF_OLD = "max_tokens"
_NEEDED = frozenset({"model", "messages", "input", "prompt", "voice", "n"})
_UNKNOWN = re.compile(
    r"un(?:supported|known|recogni[sz]ed|expected)|not (?:supported|permitted|allowed|known|recogni[sz]ed|available|implemented)"
    r"|(?:does not|doesn't|cannot|can't) (?:support|take|accept|be used)|extra|additional|invalid|forbidden",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d[\d,_]{0,11}")
_OF_TOKENS = re.compile(r"max_(completion_)?tokens|(completion|output) tokens", re.IGNORECASE)
_LEAST_TOKENS = 16


@dataclass(frozen=True, slots=True)
class Dialect:
    """What to change in requests to one server's model.

    left_out:    fields that are not sent
    json_object: ask for JSON without a schema
    most_tokens: the server's limit on an answer, if known
    """

    left_out: frozenset[str] = frozenset()
    json_object: bool = False
    most_tokens: int | None = None

    @property
    def stores(self) -> bool:
        """Whether a lost text can be looked up."""
        return not self.left_out & _STORED

    def translate(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Translate a request for this server."""
        said = {key: value for key, value in body.items() if key not in self.left_out}
        if _MOST in body:
            most = self.most_tokens if _is_enough(self.most_tokens, body[_MOST]) else body[_MOST]
            if _MOST not in self.left_out:
                said[_MOST] = most
            elif _MOST_OF_OLD not in self.left_out:
                said[_MOST_OF_OLD] = most
        if _FORMAT in body and "messages" in body and (self.json_object or _FORMAT in self.left_out):
            said["messages"] = _with_schema(body)
            if _FORMAT in said:
                said[_FORMAT] = {"type": "json_object"}
        return said

    def after(self, status: int, problem: Problem, sent: Mapping[str, Any], chosen: frozenset[str]) -> "Dialect | None":
        """Return the dialect that a refusal implies; None if it names nothing that can be left out.

        chosen: parameters that a person chose, which stay
        """
        if status not in _REFUSALS:
            return None
        named = {field for field in sent if field not in _NEEDED | chosen and _names(problem, field)}
        if most := _most_in(problem.message, sent):
            return replace(self, most_tokens=most)
        if _FORMAT in named and not self.json_object and "messages" in sent:
            return replace(self, json_object=True)
        if named & _STORED:
            named |= _STORED
        named -= self.left_out
        return replace(self, left_out=self.left_out | named) if named else None


def _names(problem: Problem, field: str) -> bool:
    is_in_words = re.search(rf"(?<![A-Za-z0-9_]){field}(?![A-Za-z0-9_])", problem.message) is not None
    return field in problem.fields or (is_in_words and _UNKNOWN.search(problem.message) is not None)


def _most_in(message: str, sent: Mapping[str, Any]) -> int | None:
    """Return how many tokens a refusal allows, if it is about tokens: the largest number in it below what was requested."""
    asked = sent.get(_MOST) or sent.get(_MOST_OF_OLD) or 0
    if not asked or not _OF_TOKENS.search(message):
        return None
    found = (int(re.sub("[,_]", "", number)) for number in _NUMBER.findall(message[:1000]))
    return max((number for number in found if number < asked and _is_enough(number, asked)), default=None)


def _is_enough(most: int | None, asked: int) -> bool:
    """Whether this limit still leaves enough for an answer: four times the normal length is requested (`amounts.py`)."""
    return most is not None and asked // 4 <= most <= asked


def _with_schema(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the messages with the schema added to them in words."""
    schema = json.dumps(body[_FORMAT]["json_schema"]["schema"], ensure_ascii=False)
    system, *others = body["messages"]
    told = f"{system['content']}\n\nAnswer with one JSON object of this JSON Schema, and nothing else:\n{schema}"
    return [{**system, "content": told}, *others]


class Dialects:
    """What is known about servers, in a folder that any number of processes may share. Damaged files count as unknown."""

    def __init__(self, folder: Path, base_url: str) -> None:
        """`folder` is created when the first refusal is learned."""
        self._folder, self._base_url = folder, base_url
        self._known: dict[str, Dialect] = {}

    def of(self, model: str) -> Dialect:
        """Return the dialect of the server's model with this name."""
        if model not in self._known:
            self._known[model] = self._read(self._file(model))
        return self._known[model]

    def learn(self, model: str, dialect: Dialect) -> None:
        """Store a dialect before it is used: the next process must know what cannot be looked up."""
        self._known[model] = dialect
        document = {
            "base_url": self._base_url,
            "model": model,
            "left_out": sorted(dialect.left_out),
            "json_object": dialect.json_object,
            "most_tokens": dialect.most_tokens,
        }
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as file:
            file.write(json.dumps(document, indent=1).encode())
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(self._file(model))

    def _file(self, model: str) -> Path:
        named = f"{self._base_url}\n{model}".encode()
        return self._folder / f"{hashlib.sha256(named).hexdigest()}.json"

    @staticmethod
    def _read(file: Path) -> Dialect:
        try:
            known = read_json(file.read_bytes())
        except (OSError, UnreadableAnswerError):
            return Dialect()
        most = at(known, "most_tokens")
        left_out = frozenset(field for field in listed(known, "left_out") if isinstance(field, str))
        most_tokens = most if isinstance(most, int) and most >= _LEAST_TOKENS else None
        return Dialect(left_out, at(known, "json_object") is True, most_tokens)
