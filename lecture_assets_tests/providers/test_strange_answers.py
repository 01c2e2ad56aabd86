"""Whatever a vendor answers to any request: a reply, or an error with a plausible kind and cost, and the key nowhere.

Thousands of generated answers from a real server on loopback (`LECTURES_THOROUGH=1`; otherwise a part of them).
"""

import asyncio
import base64
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.graph.kind import Holds, Role
from lecture_assets.ports import Call, FailureKind, MusicRequest, ProviderError, Reply
from lecture_assets.providers.amounts import reserved_usd_micros
from lecture_assets.providers.replicate import adapter as replicate
from lecture_assets.runner.calls.media_ingest import IngestedReply, IngestTarget, ingest_reply
from lecture_assets.store.artifact_folder import ArtifactFolder
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.providers.openai.test_adapter import MODELS, REQUESTS
from lecture_assets_tests.providers.raw_server import Heard, RawServer, answer
from lecture_assets_tests.providers.replicate_stand_in import picture, wav
from lecture_assets_tests.providers.strange_answers import Strange
from lecture_assets_tests.providers.test_wire import CATALOGUE, KEY, openai_at, replicate_at

EACH = 250 if THOROUGH else 8
"""Answers of each of the nine kinds."""
BOUND_S = 20.0
ATTEMPT = "cd" * 16
MUSIC = Call("key", ATTEMPT, Role.MUSIC, "meta/musicgen", MusicRequest("calm", 10))
CALLS = {**{role: Call("key", ATTEMPT, role, MODELS[role], REQUESTS[role]) for role in MODELS}, Role.MUSIC: MUSIC}
MESSAGE = {"role": "assistant", "content": '{"text": "A bee."}', "refusal": None}
COMPLETION = {
    "id": "c1",
    "choices": [{"index": 0, "message": MESSAGE, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18, "prompt_tokens_details": {"cached_tokens": 3}},
    "metadata": {"lectures_attempt": ATTEMPT},
}
PREDICTION = {
    "id": "p1",
    "status": "succeeded",
    "output": ["https://replicate.delivery/x.png"],
    "error": None,
    "metrics": {"predict_time": 2.5},
    "webhook": f"https://x.invalid/{ATTEMPT}",
}


async def _bought(provider: Any, call: Call) -> Reply:
    reply: Reply = await provider.collect(await provider.submit(call), call)
    return reply


async def _found(provider: Any, call: Call) -> Any:
    return await provider.find(call)


async def _collected(provider: Any, call: Call) -> Reply:
    reply: Reply = await provider.collect("p1", call)
    return reply


SORTS: dict[str, tuple[str, Role, Callable[[Any, Call], Any], Any]] = {
    "a text": ("openai", Role.TEXT, _bought, COMPLETION),
    "stored texts": ("openai", Role.TEXT, _found, {"object": "list", "data": [COMPLETION], "has_more": False}),
    "a stored text": ("openai", Role.TEXT, _collected, COMPLETION),
    "speech": ("openai", Role.SPEECH, _bought, wav(2.0)),
    "a picture": (
        "openai",
        Role.IMAGE,
        _bought,
        {"data": [{"b64_json": base64.b64encode(picture(64, 64)).decode()}], "usage": {}},
    ),
    "a prediction": ("replicate", Role.MUSIC, _bought, PREDICTION),
    "a look at one": ("replicate", Role.MUSIC, _collected, PREDICTION),
    "a list of them": ("replicate", Role.MUSIC, _found, {"next": None, "results": [PREDICTION]}),
    "an output": ("replicate", Role.MUSIC, _collected, PREDICTION),
}


@pytest.mark.slow
@pytest.mark.parametrize("sort", SORTS)
def test_whatever_a_vendor_answers_ends_as_a_reply_or_as_an_error_of_its_call(
    sort: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replicate, "_FIRST_POLL_S", 0.0)
    monkeypatch.setattr(replicate, "_LONGEST_POLL_S", 0.0)
    monkeypatch.setattr(replicate, "_LONGEST_PREDICTION_S", -1.0)
    vendor, role, work, plain = SORTS[sort]
    strange = Strange(sum(map(ord, sort)))
    ends: Counter[str] = Counter()

    def script(heard: Heard) -> list[bytes]:
        if sort == "an output":
            ours = f"http://{heard.headers['host']}/output"
            whole = {**PREDICTION, "output": ours}
            return [strange.answer(wav(2.0), KEY) if heard.target == "/output" else _plainly(whole)]
        return [strange.answer(plain, KEY)]

    async def main(server: RawServer) -> None:
        for number in range(EACH):
            home = tmp_path / str(number)
            provider: Any = openai_at(server.url, home) if vendor == "openai" else replicate_at(server.url)
            try:
                async with asyncio.timeout(BOUND_S):
                    ends[await _end(provider, work, CALLS[role], home)] += 1
            finally:
                await provider.close()

    with RawServer(script) as server:
        asyncio.run(main(server))
    assert sum(ends.values()) == EACH, ends
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]


def _plainly(document: Any) -> bytes:
    return answer(json.dumps(document).encode())


async def _end(provider: Any, work: Callable[[Any, Call], Any], call: Call, home: Path) -> str:
    """How a call ended, after checking it."""
    most = 2 * reserved_usd_micros(CATALOGUE.find(f"{provider.name}:{call.model}", call.role), call.request)
    try:
        got = await work(provider, call)
        if isinstance(got, Reply):
            assert 0 <= got.cost_usd_micros <= most
            holds = {Role.TEXT: Holds.TEXT, Role.SPEECH: Holds.SPEECH, Role.IMAGE: Holds.PICTURE}.get(call.role, Holds.MUSIC)
            got = await ingest_reply(
                provider.name, holds, call.request, got, IngestTarget(home, ArtifactFolder(home / "artifacts"))
            )
    except ProviderError as failed:
        return _looked_into(failed, most)
    if isinstance(got, IngestedReply):
        assert 0 <= got.cost_usd_micros <= most
        assert KEY not in json.dumps(got.value, ensure_ascii=False).encode().decode()
        return "reply"
    assert got is None or (got.isprintable() and len(got) <= 200 and KEY not in got)
    return "found" if got else "none"


def _looked_into(error: ProviderError, most: int) -> str:
    """An error that can be reported, stored and billed."""
    assert error.kind in FailureKind
    assert 0 <= error.cost_usd_micros <= most
    assert error.retry_after is None or 0 <= error.retry_after <= 300
    said = json.dumps(error.to_json(), ensure_ascii=False)
    said.encode()
    assert str(error).isprintable()
    assert KEY not in said
    assert len(said) < 2_000
    return f"{error.kind} {error.code}"
