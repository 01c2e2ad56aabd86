"""What a call costs: the vendor's own count if plausible, else what was reserved; a recording by its decoded length."""

import math
import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lecture_assets.graph.kind import Holds, Role
from lecture_assets.ports import FailureKind, ProviderError, SpeechRequest
from lecture_assets.providers.amounts import is_counted, plausible_speech_ms, reserved_usd_micros, used_by_text, used_usd_micros
from lecture_assets.runner.calls.media_ingest import IngestedReply, IngestTarget, ingest_reply
from lecture_assets.store.artifact_folder import ArtifactFolder
from lecture_assets_tests.providers.contract import with_provider
from lecture_assets_tests.providers.openai.test_adapter import MODELS, REQUESTS, TEXT, call_of
from lecture_assets_tests.providers.openai_stand_in import OpenAIStandIn
from lecture_assets_tests.providers.replicate_stand_in import wav
from lecture_assets_tests.providers.stand_in import Answer, Asked
from lecture_assets_tests.providers.test_wire import CATALOGUE, openai_at

FEW = CATALOGUE.find("openai:gpt-5.4-mini", Role.TEXT)
RESERVED = reserved_usd_micros(FEW, TEXT)
NO_COUNTS: list[Any] = [
    *(None, -1, -0.5, math.nan, math.inf, -math.inf, 1e30, 10**400, True, False),
    *("9", "1e30000000", [9], {}, "", b""),
]


@pytest.mark.parametrize("value", NO_COUNTS, ids=range(len(NO_COUNTS)))
def test_an_implausible_count_costs_what_was_reserved(value: Any) -> None:
    assert used_by_text(FEW, TEXT, {"prompt_tokens": value, "completion_tokens": value}) == RESERVED
    partly = used_by_text(FEW, TEXT, {"prompt_tokens": 10, "completion_tokens": value})
    assert 0 < partly < RESERVED
    assert used_by_text(FEW, TEXT, {"prompt_tokens": 10, "completion_tokens": 10, "cached_tokens": value}) == 53  # 7.5 and 45
    for role in (Role.SPEECH, Role.IMAGE):
        model = CATALOGUE.find(f"openai:{MODELS[role]}", role)
        counts: dict[Any, Any] = {"input token": value, "second": value, "image": value}
        assert used_usd_micros(model, REQUESTS[role], counts) == reserved_usd_micros(model, REQUESTS[role])


@pytest.mark.parametrize("value", NO_COUNTS, ids=range(len(NO_COUNTS)))
def test_a_cost_is_an_estimate_where_something_with_a_price_was_not_counted(value: Any) -> None:
    assert is_counted(FEW, TEXT, {"input token": 10, "output token": 0})
    assert not is_counted(FEW, TEXT, {"input token": 10, "output token": value})
    assert not is_counted(FEW, TEXT, {"input token": value, "output token": 10})
    by_picture = CATALOGUE.find("replicate:black-forest-labs/flux-schnell", Role.IMAGE)
    assert is_counted(by_picture, REQUESTS[Role.IMAGE], {})


@settings(max_examples=50)
@given(*[st.none() | st.integers() | st.floats() | st.text() | st.booleans()] * 3)
def test_no_count_makes_a_call_cost_less_than_nothing_or_twice_what_was_reserved(prompt: Any, cached: Any, written: Any) -> None:
    usage = {"prompt_tokens": prompt, "cached_tokens": cached, "completion_tokens": written}
    assert 0 <= used_by_text(FEW, TEXT, usage) <= 2 * RESERVED


def test_counted_tokens_cost_their_price_and_cached_ones_their_own() -> None:
    assert used_by_text(FEW, TEXT, {"prompt_tokens": 100, "cached_tokens": 40, "completion_tokens": 20}) == math.ceil(45 + 3 + 90)


def riff(seconds: float, byte_rate: int, size: int | None = None) -> bytes:
    """A WAV whose header contradicts its sound."""
    sound = bytearray(wav(seconds))
    sound[28:32] = struct.pack("<I", byte_rate)
    return bytes(sound if size is None else sound[:size])


def taken(tmp_path: Path, content: bytes, text: str) -> IngestedReply:
    """A recording as a vendor delivers it, received as by the runner."""
    call = call_of(Role.SPEECH, request=SpeechRequest(text, "narrator", "en"))

    class Voice(OpenAIStandIn):
        def answer(self, asked: Asked) -> Answer:  # noqa: ARG002 - whatever was asked
            return Answer(content=content, media_type="audio/wav")

    async def work(provider: Any) -> IngestedReply:
        reply = await provider.collect(await provider.submit(call), call)
        return await ingest_reply(
            "openai", Holds.SPEECH, call.request, reply, IngestTarget(tmp_path, ArtifactFolder(tmp_path / "artifacts"))
        )

    with Voice() as vendor:
        return with_provider(lambda: openai_at(vendor.url, tmp_path, vendor.key), work)


WORDS = "Bees dance to tell the way to the flowers, and the others follow them." * 3
MODEL = CATALOGUE.find("openai:gpt-4o-mini-tts", Role.SPEECH)
SPOKEN = SpeechRequest(WORDS, "narrator", "en")


@pytest.mark.slow
@pytest.mark.parametrize("byte_rate", [0, 1, 48_000, 2**32 - 1])
def test_a_recording_costs_its_decoded_length_whatever_its_header_says(tmp_path: Path, byte_rate: int) -> None:
    received = taken(tmp_path, riff(14.0, byte_rate), WORDS)
    assert received.cost_usd_micros == used_usd_micros(MODEL, SPOKEN, {"second": 14})


@pytest.mark.parametrize("content", [b"", b"RIFF", riff(1.0, 48_000, 32), riff(1.0, 48_000, 44), b"\xff" * 5_000], ids=range(5))
def test_an_invalid_recording_costs_what_was_reserved(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ProviderError) as refused:
        taken(tmp_path, content, WORDS)
    assert (refused.value.kind, refused.value.cost_usd_micros) == (FailureKind.VALIDATION, reserved_usd_micros(MODEL, SPOKEN))


@pytest.mark.parametrize("content", [b'{"ok": true}', b'{"choices": []}', b"[]", b"{" * 9_000])
def test_text_instead_of_a_recording_is_not_one(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ProviderError) as refused:
        taken(tmp_path, content, WORDS)
    assert (refused.value.kind, refused.value.code) == (FailureKind.VALIDATION, "malformed")
    assert refused.value.cost_usd_micros == reserved_usd_micros(MODEL, SPOKEN)


TEXTS = {"English": WORDS, "Japanese": "ミツバチは踊りで花の場所を仲間に伝えます。" * 5, "one word": "Yes."}


@pytest.mark.slow
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_recording_of_implausible_length_is_refused_and_keeps_its_cost(tmp_path: Path, text: str) -> None:
    least, most = plausible_speech_ms(text)
    fast, slow = len(text.encode()) / 25, len(text.encode()) / 8
    assert (least / 1000, most / 1000) == pytest.approx((fast / 3, slow * 20 + 40), abs=0.1)
    for seconds in (fast / 4, slow):
        if seconds * 1000 >= least:
            assert taken(tmp_path, wav(seconds), text).value["duration_ms"] == pytest.approx(seconds * 1000, abs=60)  # type: ignore[call-overload, index]
            continue
        with pytest.raises(ProviderError, match="takes at least") as refused:
            taken(tmp_path, wav(seconds), text)
        assert (refused.value.code, refused.value.sent, refused.value.cost_usd_micros > 0) == ("unfit-length", True, True)


@pytest.mark.slow
def test_an_endless_recording_is_refused_and_costs_at_most_twice_what_was_reserved(tmp_path: Path) -> None:
    with pytest.raises(ProviderError, match="takes at most") as refused:
        taken(tmp_path, wav(60.0), "Yes.")
    most = reserved_usd_micros(MODEL, SpeechRequest("Yes.", "narrator", "en"))
    assert 0 < refused.value.cost_usd_micros <= 2 * most
