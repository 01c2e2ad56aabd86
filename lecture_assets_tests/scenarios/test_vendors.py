"""The whole way with the vendors' adapters, against stand-ins on loopback: the calls of the table, and none twice whatever fails.

The stand-ins keep their own bills, which the ledger is held against.
"""

import asyncio
import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.briefs.brief import Brief
from lecture_assets.briefs.reading import read_example
from lecture_assets.graph.errors import WrongInputError
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.regenerate.regeneration import regenerate
from lecture_assets.runner.regenerate.scope import EVERYTHING
from lecture_assets.runner.setup.events import unwatched
from lecture_assets_tests.counts import EXAMPLES, RAIN
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.providers.openai_stand_in import OpenAIStandIn
from lecture_assets_tests.providers.replicate_stand_in import ReplicateStandIn
from lecture_assets_tests.providers.stand_in import Answer, Asked
from lecture_assets_tests.runner.conftest import BRIEF
from lecture_assets_tests.scenarios.vendor_stand_ins import Vendors, open_decided
from lecture_assets_tests.servers.homes import home_environ, rows_of, said_by

LECTURE = "rain"
CALLS = RAIN.calls


async def _no_pause(_seconds: float) -> None:
    """Waits for nothing."""


@pytest.fixture
def vendors() -> Iterator[Vendors]:
    with OpenAIStandIn() as openai, ReplicateStandIn(polls=0) as replicate:
        yield Vendors(openai, replicate)


@contextmanager
def open_live(vendors: Vendors, home: Path, brief: Brief = BRIEF, **more: str) -> Iterator[Lectures]:
    """Lectures on the vendors' stand-ins, without waiting between tries or for a vendor to know a call."""
    with open_decided(vendors.environ(home) | more) as plain:
        lectures = Lectures(replace(plain.context, pause=_no_pause))
        lectures.create(brief, LECTURE)
        yield lectures


def spent(lectures: Lectures) -> int:
    costs: Any = lectures.costs(LECTURE)
    return int(costs["spent_usd_micros"])


@pytest.mark.slow
@pytest.mark.parametrize("name", EXAMPLES if THOROUGH else ["photosynthesis"])
def test_the_examples_are_made_by_exactly_the_tables_calls(vendors: Vendors, tmp_path: Path, name: str) -> None:
    nodes, calls = EXAMPLES[name].nodes, EXAMPLES[name].calls
    vendors.openai.takes_s = vendors.replicate.takes_s = 1.0  # long enough to be out at once on busy cores
    with open_live(vendors, tmp_path / "home", read_example(name)) as lectures:
        plan: Any = lectures.plan(LECTURE)
        report: Any = lectures.regenerate(LECTURE)
        again: Any = lectures.regenerate(LECTURE)
        limits = lectures.context.limits
    assert (len(report["made"]), report["failed"], report["blocked"]) == (nodes, [], [])
    assert report["calls"] == calls == dict(vendors.sold())
    assert 1 < vendors.openai.most_out <= limits["openai"]
    assert 1 < vendors.replicate.most_out <= limits["replicate"]
    assert (again["made"], again["calls"]) == ([], {})
    low, high = plan["estimate_usd_micros"]["low"], plan["estimate_usd_micros"]["high"]
    assert low <= report["cost_usd_micros"] <= high


@pytest.mark.slow
def test_what_a_canceled_regeneration_has_out_is_stopped_at_its_vendor(vendors: Vendors, tmp_path: Path) -> None:
    """Two predictions are out and do not end; the reply of one of them was lost."""
    vendors.replicate.polls = 10**9
    vendors.replicate.faults["create"] += ["lost"]

    async def interrupted(lectures: Lectures) -> None:
        running = asyncio.create_task(regenerate(lectures.context, LECTURE, EVERYTHING, unwatched))
        async with asyncio.timeout(30):
            while len(vendors.replicate.predictions) < 2:  # noqa: ASYNC110 - what it waits for is in another thread
                await asyncio.sleep(0.02)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    with open_live(vendors, tmp_path / "home") as lectures:
        asyncio.run(interrupted(lectures))
        before = spent(lectures)
        stopped = lectures.cancel(LECTURE)
        ends = [prediction["status"] for prediction in vendors.replicate.predictions.values()]
        assert ends == ["canceled"] * len(stopped)
        assert len(stopped) == 2
        assert spent(lectures) >= before
        assert lectures.cancel(LECTURE) == []
        vendors.replicate.polls = 0
        report: Any = lectures.regenerate(LECTURE)
    assert report["failed"] == []
    assert Counter(p["status"] for p in vendors.replicate.predictions.values()) == {"canceled": 2, "succeeded": 3}


@pytest.mark.slow
def test_an_edit_makes_its_row_alone(vendors: Vendors, tmp_path: Path) -> None:
    with open_live(vendors, tmp_path / "home") as lectures:
        lectures.regenerate(LECTURE)
        before = vendors.sold()
        lectures.edit(LECTURE, ["text content:narration-text:segment[1]=Other words."])
        report: Any = lectures.regenerate(LECTURE)
    assert report["calls"] == {"speech": 1} == dict(vendors.sold() - before)


@pytest.mark.slow
def test_parameters_behind_a_models_name_reach_the_vendor_and_decide_the_price(vendors: Vendors, tmp_path: Path) -> None:
    listing = files("lecture_assets.providers").joinpath("models.toml").read_text("utf-8")
    entry = next(part for part in listing.split("[[model]]") if '"openai:gpt-image-1-mini"' in part)
    faster = tmp_path / "faster.toml"
    faster.write_text(f"[[model]]{entry.replace('requests_per_minute = 5 ', 'requests_per_minute = 500 ')}")
    with open_live(vendors, tmp_path / "home", LECTURES_CATALOGUE=str(faster)) as lectures:
        lectures.regenerate(LECTURE)
        with pytest.raises(WrongInputError, match="quality= one of low, medium, high"):
            lectures.edit(LECTURE, ["set image_model=openai:gpt-image-1-mini?quality=superb"])
        lectures.edit(LECTURE, ["model asset:image:segment[0]:image[0]=openai:gpt-image-1-mini?quality=high"])
        report: Any = lectures.regenerate(LECTURE)
        lectures.edit(LECTURE, ["set image_model=openai:gpt-image-1-mini?quality=low"])
        both: Any = lectures.regenerate(LECTURE)
    asked = [body["quality"] for kind, body in vendors.openai.bill if kind == "image"]
    assert asked == ["high", "low"]
    assert report["calls"] == both["calls"] == {"image": 1}
    assert 52_000 <= report["cost_usd_micros"] <= 52_100
    assert 6_000 <= both["cost_usd_micros"] <= 6_100


@pytest.mark.slow
@pytest.mark.parametrize(
    "faults",
    [
        {"text": ["429", "reset"], "create": ["429", "reset"], "get": ["503", "truncated"]},
        {"text": ["500", "truncated"], "speech": ["429", "503"], "create": ["503", "503"], "file": ["503", "truncated"]},
        {"text": ["lost"] * 3, "create": ["lost"] * 2, "get": ["reset"]},
    ],
    ids=["refused", "broken", "lost"],
)
def test_what_stutters_is_made_all_the_same_and_bought_once(
    vendors: Vendors, tmp_path: Path, faults: dict[str, list[str]]
) -> None:
    for kind, listed in faults.items():
        (vendors.replicate if kind in {"create", "get", "file"} else vendors.openai).faults[kind] += listed
    with open_live(vendors, tmp_path / "home") as lectures:
        report: Any = lectures.regenerate(LECTURE)
    assert (report["failed"], report["blocked"]) == ([], [])
    assert not any(vendors.openai.faults.values())
    assert not any(vendors.replicate.faults.values())
    assert dict(vendors.sold()) == CALLS


@pytest.mark.slow
def test_a_failed_prediction_is_bought_again_and_its_time_is_paid(vendors: Vendors, tmp_path: Path) -> None:
    vendors.replicate.endings += ["failed", "aborted", "canceled"]
    with open_live(vendors, tmp_path / "home") as lectures:
        report: Any = lectures.regenerate(LECTURE)
        costs: Any = lectures.costs(LECTURE)
    assert report["failed"] == []
    ended = Counter(prediction["status"] for prediction in vendors.replicate.predictions.values())
    assert ended == {"succeeded": 3, "failed": 1, "aborted": 1, "canceled": 1}
    sold = vendors.sold()
    assert (sold["text"], sold["speech"], sold["image"] + sold["music"]) == (5, 2, 6)
    spent_on = {line["model"].partition(":")[2]: line["spent_usd_micros"] for line in costs["models"]}
    assert spent_on["black-forest-labs/flux-schnell"] == 2 * 3_000  # by the picture: what failed is none
    assert spent_on["meta/musicgen"] == sold["music"] * 3_500  # by the machine's time: what failed has taken it, too


@pytest.mark.slow
@pytest.mark.parametrize("status", ["401", "402", "403", "400"] if THOROUGH else ["401", "402"])
def test_a_bought_prediction_stands_where_it_cannot_be_looked_at(vendors: Vendors, tmp_path: Path, status: str) -> None:
    """A key that is taken away meanwhile: with it back, the next run collects what was bought."""
    vendors.replicate.faults["get"] += [status] * 20
    with open_live(vendors, tmp_path / "home") as lectures:
        first: Any = lectures.regenerate(LECTURE)
        vendors.replicate.faults.clear()
        second: Any = lectures.regenerate(LECTURE)
    assert {failed["id"].partition(":")[2].partition(":")[0] for failed in first["failed"]} == {"image", "music"}
    assert second["failed"] == []
    assert dict(vendors.sold()) == CALLS


@pytest.mark.slow
def test_what_cannot_be_made_is_named_with_its_reason_and_the_rest_is_made(vendors: Vendors, tmp_path: Path) -> None:
    vendors.replicate.endings += ["nsfw"]
    with open_live(vendors, tmp_path / "home") as lectures:
        report: Any = lectures.regenerate(LECTURE)
        [failed] = report["failed"]
        nodes: Any = lectures.status(LECTURE)["nodes"]
        error = next(node["error"] for node in nodes if node["id"] == failed["id"])
        vendors.replicate.endings.clear()
        again: Any = lectures.regenerate(LECTURE)
    assert "NSFW content detected" in failed["message"]
    assert (error["kind"], error["retryable"], error["provider_code"]) == ("moderation", False, "failed")
    assert "p00000" in error["message"]
    assert again["failed"] == []


@pytest.mark.slow
def test_lost_replies_are_adopted_where_they_can_be_looked_up(vendors: Vendors, tmp_path: Path) -> None:
    """Each of the lecture's texts and predictions has its reply lost, of several lectures: not one is bought twice."""
    lost = 0
    many = 25 if THOROUGH else 3
    for number in range(many):
        before = vendors.sold()
        vendors.openai.faults["text"] += ["lost"] * CALLS["text"]
        vendors.replicate.faults["create"] += ["lost"] * 3
        with open_live(vendors, tmp_path / f"home{number}") as lectures:
            report: Any = lectures.regenerate(LECTURE)
        lost += CALLS["text"] + 3
        assert report["failed"] == []
        assert dict(vendors.sold() - before) == CALLS
        assert report["cost_usd_micros"] == spent(lectures)
    assert lost == 8 * many
    assert len(set(vendors.replicate.attempts())) == len(vendors.replicate.predictions)


@pytest.mark.slow
def test_where_nothing_can_be_looked_up_it_is_sent_once_more_and_counted(tmp_path: Path) -> None:
    with OpenAIStandIn(stores=False) as openai, ReplicateStandIn(polls=0) as replicate:
        vendors = Vendors(openai, replicate)
        openai.faults["speech"] += ["lost"]
        with open_live(vendors, tmp_path / "home") as lectures:
            report: Any = lectures.regenerate(LECTURE)
            costs: Any = lectures.costs(LECTURE)
        assert report["failed"] == []
        assert vendors.sold() == Counter(CALLS) + Counter({"speech": 1})
        assert costs["spent_usd_micros"] == report["cost_usd_micros"]  # the lost one counts as paid


@pytest.mark.slow
def test_a_reply_lost_twice_is_not_bought_a_third_time_unless_a_person_says_so(tmp_path: Path) -> None:
    with OpenAIStandIn(stores=False) as openai, ReplicateStandIn(polls=0) as replicate:
        vendors = Vendors(openai, replicate)
        openai.faults["speech"] += ["lost"] * 4
        with open_live(vendors, tmp_path / "home") as lectures:
            report: Any = lectures.regenerate(LECTURE)
            [lectures.regenerate(LECTURE) for _ in range(2)]
            assert vendors.sold()["speech"] == 4
            assert {failed["id"] for failed in report["failed"]} == {f"asset:narration:segment[{n}]" for n in (0, 1)}
            assert all(
                "lost twice" in failed["message"] and "`lectures edit rain 'reroll asset:narration" in failed["message"]
                for failed in report["failed"]
            )
            lectures.edit(LECTURE, ["reroll asset:narration:segment[0]", "reroll asset:narration:segment[1]"])
            again: Any = lectures.regenerate(LECTURE)
        assert again["failed"] == []
        assert vendors.sold()["speech"] == 6


@pytest.mark.slow
def test_a_vendor_without_a_key_is_named_before_anything_is_sent(vendors: Vendors, tmp_path: Path) -> None:
    with open_live(vendors, tmp_path / "home"):
        pass
    without = {key: value for key, value in vendors.environ(tmp_path / "home").items() if not key.startswith("REPLICATE")}
    with Lectures.open(without | {"LECTURES_PROVIDERS": "auto"}) as lectures:
        report: Any = lectures.regenerate(LECTURE)
    assert {failed["id"].split(":")[1] for failed in report["failed"]} == {"image", "music"}
    assert all("REPLICATE_API_TOKEN is not set" in failed["message"] for failed in report["failed"])
    assert vendors.replicate.requests == []


MALFORMED: dict[str, Any] = {
    "no choice": {"choices": [None], "usage": {"prompt_tokens": 9, "completion_tokens": 9}},
    "no choices": {"choices": 5},
    "no message": {"choices": [{}], "usage": {"prompt_tokens": "x"}},
    "a number for words": {"choices": [{"message": {"content": 5}}], "usage": [1]},
    "words of no form": {"choices": [{"message": {"content": "I would rather not."}}], "usage": {"completion_tokens": 1e30}},
    "two objects": {"choices": [{"message": {"content": "{} or {}"}}], "usage": {"completion_tokens": -5}},
}


@pytest.mark.slow
@pytest.mark.parametrize("sort", MALFORMED if THOROUGH else ["no choice", "two objects"])
def test_an_answer_of_no_known_form_was_paid_for_and_is_asked_for_again_by_the_next_run(
    vendors: Vendors, tmp_path: Path, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    plain = vendors.openai.answer

    def malformed(request: Asked) -> Answer:
        if request.kind == "text" and not asked:
            asked.append(request.path)
            return Answer({"id": "chatcmpl-malformed", **MALFORMED[sort]})
        return plain(request)

    monkeypatch.setattr(vendors.openai, "answer", malformed)
    with open_live(vendors, tmp_path / "home") as lectures:
        first: Any = lectures.regenerate(LECTURE)
        costs: Any = lectures.costs(LECTURE)
        again: Any = lectures.regenerate(LECTURE)
    assert [failed["id"] for failed in first["failed"]] == ["llm:script-generation"]
    assert costs["spent_usd_micros"] == first["cost_usd_micros"] > 0
    assert again["failed"] == []


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [float("nan"), 1e12, *([-5.0, "long", [1], True, None] if THOROUGH else [])])
def test_a_machines_time_that_is_none_costs_what_was_reserved(
    vendors: Vendors, tmp_path: Path, seconds: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, left = vendors.replicate._end, [seconds]

    def end(prediction: dict[str, Any]) -> None:
        plain(prediction)
        if "duration" in prediction["input"] and left:
            prediction["metrics"] = {"predict_time": left.pop()}

    monkeypatch.setattr(vendors.replicate, "_end", end)
    with open_live(vendors, tmp_path / "home") as lectures:
        report: Any = lectures.regenerate(LECTURE)
        costs: Any = lectures.costs(LECTURE)
    assert report["failed"] == []
    [music] = [line["spent_usd_micros"] for line in costs["models"] if line["role"] == "music"]
    assert [call["role"] for call in costs["calls"] if call["spent_is_estimated"]] == ["music"]
    assert costs["spent_by_estimate_usd_micros"] == music
    assert music == 120 * 1_400  # the most seconds that the catalogue expects


@pytest.mark.slow
def test_no_key_is_in_anything_that_is_kept_or_said(vendors: Vendors, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Through every failure there is, with keys that the vendors repeat."""
    vendors.openai.key = vendors.replicate.key = canary = "sk-canary-0123456789abcdefghij"
    vendors.openai.faults |= {"text": ["400"], "speech": ["401", "503"]}
    vendors.replicate.faults |= {"create": ["402", "422"], "get": ["truncated"]}
    environ = vendors.environ(tmp_path / "home") | {"OPENAI_API_KEY": canary, "REPLICATE_API_TOKEN": canary}
    said = ""
    with Lectures.open(environ) as lectures:
        lectures.create(BRIEF, LECTURE)
        for _ in range(3):
            said += (
                json.dumps(lectures.regenerate(LECTURE))
                + json.dumps(lectures.status(LECTURE))
                + json.dumps(lectures.costs(LECTURE))
            )
    said += "".join(capfd.readouterr())
    assert canary not in said
    kept = [Path(folder) / name for folder, _, names in os.walk(tmp_path) for name in names]
    assert len(kept) > 10
    assert not [file for file in kept if canary.encode() in file.read_bytes()]
    assert canary not in said_by(rows_of(tmp_path / "home"))


@pytest.mark.slow
def test_a_recorded_lecture_is_made_again_with_no_network_and_no_key(tmp_path: Path) -> None:
    cassette = tmp_path / "cassette"
    canary = "sk-canary-0123456789abcdefghij"
    with OpenAIStandIn() as openai, ReplicateStandIn() as replicate:
        openai.key = replicate.key = canary
        openai.faults["text"] += ["429", "lost"]
        replicate.faults["get"] += ["503"]
        vendors = Vendors(openai, replicate)
        keys = {"OPENAI_API_KEY": canary, "REPLICATE_API_TOKEN": canary, "LECTURES_RECORD": str(cassette)}
        first, made = _made_with(vendors.environ(tmp_path / "first") | keys)
        urls = {name: value for name, value in vendors.environ(tmp_path / "second").items() if name.endswith("URL")}
    again, replayed = _made_with(urls | home_environ(tmp_path / "second", LECTURES_REPLAY=str(cassette)))
    assert (again["failed"], again["calls"], again["cost_usd_micros"]) == ([], first["calls"], first["cost_usd_micros"])
    other, _ = _made_with(urls | home_environ(tmp_path / "other", LECTURES_REPLAY=str(cassette)), "Explain the moon.")
    assert "POST /v1/chat/completions is not in the recording named by LECTURES_REPLAY" in other["failed"][0]["message"]
    assert replayed == made
    kept = [file.read_bytes() for file in cassette.rglob("*") if file.is_file()]
    assert len(kept) > 20
    assert not [content for content in kept if canary.encode() in content]


def _made_with(environ: dict[str, str], prompt: str = BRIEF.prompt or "") -> tuple[Any, dict[str, str]]:
    """The report, and what every node holds, by its version."""
    with Lectures.open(environ) as lectures:
        lectures.create(BRIEF.model_copy(update={"prompt": prompt}), LECTURE)
        report: Any = lectures.regenerate(LECTURE)
        nodes: Any = lectures.status(LECTURE)["nodes"]
    return report, {node["id"]: node["version"] for node in nodes}
