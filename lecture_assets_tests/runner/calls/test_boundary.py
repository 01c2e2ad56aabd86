"""No adapter can end a run: whatever it raises or answers, its own node fails, the rest goes on, and the next run heals.

Forty-eight calls are out, and each meets another misfortune.
"""

import asyncio
import binascii
import decimal
import json
import logging
import ssl
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pydantic
import pytest
from sqlalchemy.exc import OperationalError

from lecture_assets.graph.errors import Fault, LectureError, RefusedError, WrongInputError
from lecture_assets.ports import Call, FailureKind, MediaFile, ProviderError, Reply
from lecture_assets.runner.lectures import Lectures
from lecture_assets_tests.defs.dagster_home import brief
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.runner.conftest import LECTURE
from lecture_assets_tests.scenarios.quick_vendor import Mood, QuickProvider, open_quick_lectures

SECRET = "sk-boundary-4321abcd"  # noqa: S105 - it opens nothing


def validation_error() -> Exception:
    try:
        pydantic.TypeAdapter(int).validate_python(SECRET)
    except pydantic.ValidationError as error:
        return error
    raise AssertionError


class WordlessError(Exception):
    """Cannot even say what it is."""

    def __str__(self) -> str:
        raise ValueError(SECRET)


EXCEPTIONS: list[Callable[[], BaseException]] = [
    *(
        partial(kind, SECRET)
        for kind in (
            ArithmeticError, AssertionError, AttributeError, BufferError, ConnectionResetError, EOFError, Exception,
            FileNotFoundError, FloatingPointError, ImportError, IndexError, InterruptedError, KeyError, LookupError,
            MemoryError, NameError, NotImplementedError, OSError, OverflowError, PermissionError, RecursionError,
            ReferenceError, RuntimeError, StopAsyncIteration, StopIteration, SyntaxError, SystemError, TimeoutError, TypeError,
            UnboundLocalError, ValueError, ZeroDivisionError,
        )
    ),
    lambda: UnicodeEncodeError("ascii", f"ä{SECRET}", 0, 1, SECRET),
    lambda: UnicodeDecodeError("utf-8", SECRET.encode(), 0, 1, SECRET),
    lambda: json.JSONDecodeError(SECRET, SECRET, 0),
    lambda: asyncio.CancelledError(SECRET),
    lambda: ExceptionGroup(SECRET, [KeyError(SECRET)]),
    lambda: httpx2.ReadError(SECRET),
    lambda: ssl.SSLError(1, SECRET),
    lambda: binascii.Error(SECRET),
    lambda: zipfile.BadZipFile(SECRET),
    lambda: decimal.InvalidOperation(SECRET),
    lambda: OperationalError(SECRET, {}, Exception(SECRET)),
    lambda: WrongInputError([Fault(SECRET, SECRET, SECRET)]),
    lambda: RefusedError(SECRET),
    lambda: LectureError(SECRET),
    validation_error,
    WordlessError,
]  # fmt: skip
IMAGES, SEGMENTS = 4, 12
assert len(EXCEPTIONS) == IMAGES * SEGMENTS


@dataclass
class Misfortune:
    """What happens to a role's calls: to each another thing, at its moments (names, parted by spaces)."""

    role: str = "image"
    things: list[tuple[str, Any]] = field(default_factory=list)
    of_key: dict[str, tuple[str, Any]] = field(default_factory=dict)
    over: bool = False

    def meet(self, call: Call, moment: str) -> Any:
        """The thing that this call meets now; None for none."""
        if self.over or call.role.value != self.role:
            return None
        if call.key not in self.of_key and self.things:
            self.of_key[call.key] = self.things.pop(0)
        moments, thing = self.of_key.get(call.key, ("", None))
        return thing if moment in moments.split() else None


class HostilePath:
    """A delivery that cannot be moved."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def __getattr__(self, _name: str) -> Any:
        raise self._error

    def __fspath__(self) -> str:
        raise self._error


class Stumbling(QuickProvider):
    """A provider like any other, which nobody has mended."""

    def __init__(self, home: Path, misfortune: Misfortune) -> None:
        super().__init__(home, Mood())
        self._misfortune = misfortune

    def _stumble(self, call: Call, moment: str) -> None:
        if (make := self._misfortune.meet(call, moment)) is not None:
            raise make()

    async def prepare(self, call: Call) -> None:
        self._stumble(call, "prepare")

    async def submit(self, call: Call) -> str:
        self._stumble(call, "before")
        bought = await super().submit(call)
        await asyncio.sleep(0)  # others are out
        self._stumble(call, "after")
        answer = self._misfortune.meet(call, "id")
        return bought if answer is None else answer[0]

    async def find(self, call: Call) -> str | None:
        self._stumble(call, "find")
        return await super().find(call)

    async def collect(self, provider_id: str, call: Call) -> Reply:
        if self._misfortune.meet(call, "id") is not None:
            provider_id = str(await super().find(call))
        self._stumble(call, "collect")
        reply = await super().collect(provider_id, call)
        if (change := self._misfortune.meet(call, "reply")) is not None:
            return change(reply)  # type: ignore[no-any-return]
        if (make := self._misfortune.meet(call, "receive")) is not None:
            return replace(reply, value=MediaFile(HostilePath(make()), "image/png"))  # type: ignore[arg-type]
        return reply


@contextmanager
def open_stumbling(home: Path, misfortune: Misfortune, segments: int = SEGMENTS, images: int = IMAGES) -> Iterator[Lectures]:
    """The lectures of a home whose vendor is unfixed, with one lecture of many pictures."""
    with open_quick_lectures(home, Mood()) as quick:
        lectures = Lectures(
            replace(quick.context, open_providers=lambda: {"simulated": Stumbling(home / "simulated", misfortune)})
        )
        lectures.create(brief(segments, images), LECTURE)
        yield lectures


def bill(home: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (home / "simulated" / "journal.jsonl").read_text().splitlines()]


def assert_heals(lectures: Lectures, home: Path) -> None:
    """The next run, with an adapter that does what it should: all is made, and the ledger is the vendor's bill."""
    again: Any = lectures.regenerate(LECTURE)
    assert (again["failed"], again["blocked"]) == ([], [])
    costs: Any = lectures.costs(LECTURE)
    assert costs["spent_usd_micros"] == sum(line["cost_usd_micros"] for line in bill(home))


MOMENTS = {
    # moment: whether the picture fails, and how often it is bought in the end
    "prepare": (True, 1),
    "before": (True, 1),
    "after": (False, 1),
    "after find": (True, 1),
    "collect": (True, 2),
    "receive": (True, 2),
}


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(len(MOMENTS) if THOROUGH else 1))
def test_whatever_an_adapter_raises_is_a_failure_of_its_own_node(
    tmp_path: Path, turn: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Each exception at one of the moments; at all of them, turn by turn."""
    home, moments = tmp_path / "home", list(MOMENTS)
    misfortune = Misfortune(things=[(moments[(n + turn) % len(moments)], make) for n, make in enumerate(EXCEPTIONS)])
    with open_stumbling(home, misfortune) as lectures, caplog.at_level(logging.ERROR):
        report: Any = lectures.regenerate(LECTURE)
        failed = {one["id"]: one["message"] for one in report["failed"]}
        met = {key: MOMENTS[moment] for key, (moment, _) in misfortune.of_key.items()}
        assert len(met) == len(EXCEPTIONS)
        assert (
            len([node for node in failed if node.startswith("asset:image")])
            == len(failed)
            == sum(fails for fails, _ in met.values())
        )
        assert report["calls"]["speech"] == SEGMENTS
        assert SECRET not in json.dumps(report) + json.dumps(lectures.status(LECTURE)) + caplog.text
        assert "RuntimeError" in " ".join(failed.values())
        assert "test_boundary.py" in caplog.text
        misfortune.over = True
        assert_heals(lectures, home)
    pictures = Counter(line["key"] for line in bill(home) if line["role"] == "image")
    assert pictures == {key: bought for key, (_, bought) in met.items()}


def deep(levels: int = 100_000) -> Any:
    value: Any = []
    for _ in range(levels):
        value = [value]
    return value


def change(**facts: Any) -> Callable[[Any], Any]:
    """A reply with other facts."""
    return lambda reply: replace(reply, **facts)


IDS: list[Any] = [
    None,
    "",
    " ",
    0,
    5,
    True,
    b"id",
    [],
    {},
    object(),
    "\ud800",
    "a\x00b",
    "ü",
    "x" * 10**6,
    "\x1b[2J",
    "\u202e",
    1e308,
]
REPLIES: list[Callable[[Any], Any]] = [
    lambda _: None,
    lambda _: "words",
    lambda _: {},
    change(value=deep()),
    change(value=float("nan")),
    change(value={"text": float("inf")}),
    change(value={1, 2}),
    change(value={"text": "\ud800"}),
    change(value={"text": 10**400}),
    change(value={"text": "\x00"}),
    change(value=b"bytes"),
    change(value=object()),
    change(value=[]),
    change(value={}),
    change(cost_usd_micros=-5),
    change(cost_usd_micros=float("nan")),
    change(cost_usd_micros=None),
    change(cost_usd_micros=10**30),
    change(cost_usd_micros="5"),
    change(tokens="many"),
    change(tokens=-1),
    change(tokens=float("inf")),
]


@pytest.mark.slow
def test_whatever_an_adapter_answers_no_other_node_feels_it(tmp_path: Path) -> None:
    things = [*(("id", (each,)) for each in IDS), *(("reply", each) for each in REPLIES)]
    home, misfortune = tmp_path / "home", Misfortune("text", things)
    with open_stumbling(home, misfortune) as lectures:
        lectures.regenerate(LECTURE)
        lectures.regenerate(LECTURE)
        report: Any = lectures.regenerate(LECTURE)
        assert all("llm:" in one["id"] for one in report["failed"])
        spent: Any = lectures.costs(LECTURE)["spent_usd_micros"]
        assert 0 <= spent < 10**9
        misfortune.over = True
        again: Any = lectures.regenerate(LECTURE)
        assert all("reroll" in one["message"] for one in again["failed"])
        if again["failed"]:
            lectures.edit(LECTURE, [f"reroll {one['id']}" for one in again["failed"]])
            again = lectures.regenerate(LECTURE)
    assert again["failed"] == []


@pytest.mark.slow
def test_an_error_of_a_vendor_passes_as_it_is(tmp_path: Path) -> None:
    """The line adds nothing to what an adapter says itself."""
    refusal = lambda: ProviderError("simulated", FailureKind.MODERATION, "content_policy", "HTTP 400: not this")  # noqa: E731
    with open_stumbling(tmp_path / "home", Misfortune(things=[("before", refusal)]), 1, 1) as lectures:
        report: Any = lectures.regenerate(LECTURE)
    (failed,) = report["failed"]
    assert failed["message"].endswith("HTTP 400: not this")
