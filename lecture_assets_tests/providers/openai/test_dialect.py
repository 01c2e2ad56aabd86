"""Servers with variants of OpenAI's API: what they refuse is left out at once and for good, what they wrap is unwrapped."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.graph.kind import Role
from lecture_assets.ports import Call, FailureKind, NoLookupError, ProviderError, Reply, SpeechRequest, TextRequest
from lecture_assets.providers.catalogue import Catalogue
from lecture_assets.providers.catalogue_file import built_in
from lecture_assets.providers.openai.adapter import OpenAIProvider
from lecture_assets_tests.providers.contract import with_provider
from lecture_assets_tests.providers.openai.test_adapter import TEXT, call_of
from lecture_assets_tests.providers.openai_stand_in import KEY, OpenAIStandIn
from lecture_assets_tests.providers.stand_in import Answer, Asked

CATALOGUE = Catalogue(built_in(), keys=frozenset({"openai"}))
Refusal = Callable[[str], Answer]


def in_words(field: str) -> Answer:
    return Answer({"error": {"message": f"property '{field}' is unsupported", "type": "invalid_request_error"}}, 400)


def by_name(field: str) -> Answer:
    return Answer({"error": {"message": "no", "param": field, "code": "unknown_parameter", "type": "x"}}, 400)


def in_a_form(field: str) -> Answer:
    return Answer({"detail": [{"type": "extra_forbidden", "loc": ["body", field], "msg": "Extra inputs are not permitted"}]}, 422)


def at_its_end(field: str) -> Answer:
    return Answer({"message": f"Unrecognized request argument supplied: {field}", "object": "error"}, 400)


class Narrow(OpenAIStandIn):
    """Refuses one of these fields at a time, each with its own message."""

    def __init__(self, refused: set[str], refuse: Refusal, *, takes_objects: bool = True) -> None:
        super().__init__(stores="store" not in refused)
        self.refused, self.refuse, self.takes_objects = refused, refuse, takes_objects

    def answer(self, asked: Asked) -> Answer:
        body = asked.json() if asked.method == "POST" else {}
        for field in sorted(self.refused & body.keys()):
            is_object = field == "response_format" and isinstance(body[field], dict) and body[field]["type"] == "json_object"
            if not (is_object and self.takes_objects):
                return self.refuse(field)
        return super().answer(asked)

    def _completion(self, document: dict[str, Any]) -> dict[str, Any]:
        if document.get("response_format", {}).get("type") != "json_schema":
            told = document["messages"][0]["content"]
            document = {
                "response_format": {"json_schema": {"schema": json.loads(told[told.index("\n{") :])}},
                **{k: v for k, v in document.items() if k != "response_format"},
            }
        return super()._completion(document)


@contextmanager
def bought(vendor: OpenAIStandIn, home: Path, call: Call) -> Iterator[Reply]:
    async def work(provider: Any) -> Reply:
        reply: Reply = await provider.collect(await provider.submit(call), call)
        return reply

    yield with_provider(lambda: OpenAIProvider(home, CATALOGUE, KEY, base_url=f"{vendor.url}/v1", settle_s=0.0), work)


FIELDS = [{"metadata"}, {"store"}, {"store", "metadata"}, {"max_completion_tokens"}, {"response_format"}, {"reasoning_effort"}]


ALL = set.union(*FIELDS)
REFUSED = [*((fields, in_words) for fields in FIELDS), *((ALL, refuse) for refuse in (by_name, in_a_form, at_its_end))]


@pytest.mark.parametrize(("fields", "refuse"), REFUSED)
def test_a_field_that_is_refused_is_left_out_at_once_and_by_the_next_process(
    tmp_path: Path, fields: set[str], refuse: Refusal
) -> None:
    with Narrow(fields, refuse) as vendor:
        for number in range(2):
            with bought(vendor, tmp_path, call_of(Role.TEXT, f"{number:032}")) as reply:
                assert isinstance(reply.value, dict)
        statuses = [status for _, _, status in vendor.answered]
        assert statuses[-1] == 200
        assert statuses.count(200) == len(vendor.bill) == 2
        assert all(status in {400, 422} for status in statuses[:-2])
        sent = vendor.bill[-1][1]
        assert not (fields - {"response_format"}) & sent.keys()
        assert ("store" in sent) == ("metadata" in sent)
        assert ("max_tokens" in sent) == ("max_completion_tokens" in fields)


def test_a_server_without_response_formats_gets_the_schema_in_words(tmp_path: Path) -> None:
    with (
        Narrow({"response_format"}, by_name, takes_objects=False) as vendor,
        bought(vendor, tmp_path, call_of(Role.TEXT)) as reply,
    ):
        assert isinstance(reply.value, dict)
        assert "response_format" not in vendor.bill[0][1]
        assert "JSON Schema" in vendor.bill[0][1]["messages"][0]["content"]


def test_if_nothing_is_stored_a_lost_text_cannot_be_looked_up(tmp_path: Path) -> None:
    async def work(provider: Any) -> None:
        await provider.submit(call_of(Role.TEXT))
        with pytest.raises(NoLookupError):
            await provider.find(call_of(Role.TEXT, "another"))

    with Narrow({"store"}, by_name) as vendor:
        with_provider(lambda: OpenAIProvider(tmp_path, CATALOGUE, KEY, base_url=f"{vendor.url}/v1"), work)
        asked = len(vendor.requests)
        for file in (tmp_path / "dialects").iterdir():
            file.write_bytes(b"\xff" + b"[" * 9_000)  # damaged: it is learned again
        with bought(vendor, tmp_path, call_of(Role.TEXT, "again")):
            assert len(vendor.requests) == asked + 2


def test_a_parameter_that_a_person_chose_is_not_left_out(tmp_path: Path) -> None:
    with (
        Narrow({"temperature"}, by_name) as vendor,
        pytest.raises(ProviderError) as refused,
        bought(vendor, tmp_path, call_of(Role.TEXT, model="gpt-5.4-mini?temperature=1")),
    ):
        pass
    assert (refused.value.kind, len(vendor.requests)) == (FailureKind.NOT_RETRYABLE, 1)


TOO_MANY = (
    "max_tokens is too large: {}. This model supports at most 16384 completion tokens.",
    "max_completion_tokens: {} > 8,192",
)


@pytest.mark.parametrize("said", TOO_MANY)
def test_a_server_that_states_its_limit_is_asked_for_that_much(tmp_path: Path, said: str) -> None:
    most = 16_384 if "16384" in said else 8_192

    class Small(OpenAIStandIn):
        def answer(self, asked: Asked) -> Answer:
            wanted = asked.json()["max_completion_tokens"]
            return Answer({"error": {"message": said.format(wanted)}}, 400) if wanted > most else super().answer(asked)

    with Small() as vendor, bought(vendor, tmp_path, call_of(Role.TEXT, request=replace(TEXT, answer_tokens=6_000))):
        assert [body["max_completion_tokens"] for _, body in vendor.bill] == [most]


def completion(content: Any) -> Callable[[Asked], Answer]:
    message = {"role": "assistant", "content": content, "refusal": None}
    return lambda _: Answer({"id": "c1", "choices": [{"message": message, "finish_reason": "stop"}], "usage": None})


OBJECT = '{"text": "A {bee} says \\"}\\"."}'
WRAPPED = [
    OBJECT,
    f"```json\n{OBJECT}\n```",
    f"```\n{OBJECT}\n```\n",
    f"Here is what you asked for:\n\n{OBJECT}",
    f"{OBJECT}\n\nI hope that this helps!",
    f"Of the set {{a, b}}: {OBJECT}",
    f"\ufeff {OBJECT}",
    f"<think>The text is short.</think>{OBJECT}",
    [{"type": "text", "text": OBJECT[:9]}, {"type": "text", "text": OBJECT[9:]}],
]
NONE: list[Any] = [
    *("", "no", "{", f"{OBJECT} {OBJECT}", f"```json\n{OBJECT[:-1]}\n```", '"\\ud800'),
    *("{" * 100_000, '{"a":' * 50_000, "[" * 100_000),
    *(None, 5, {}, [5]),
]


def answered(answer: Callable[[Asked], Answer], home: Path) -> Reply:
    class Vendor(OpenAIStandIn):
        def answer(self, asked: Asked) -> Answer:
            return answer(asked)

    with Vendor() as vendor, bought(vendor, home, call_of(Role.TEXT)) as reply:
        return reply


@pytest.mark.parametrize("content", WRAPPED)
def test_one_whole_object_is_accepted_whatever_surrounds_it(tmp_path: Path, content: Any) -> None:
    assert answered(completion(content), tmp_path).value == json.loads(OBJECT)


@pytest.mark.parametrize("content", NONE, ids=range(len(NONE)))
def test_no_object_or_several_are_refused_although_billed(tmp_path: Path, content: Any) -> None:
    with pytest.raises(ProviderError) as refused:
        answered(completion(content), tmp_path)
    assert (refused.value.kind, refused.value.cost_usd_micros > 0) == (FailureKind.VALIDATION, True)


@pytest.mark.parametrize(
    ("role", "request_"),
    [
        (Role.TEXT, replace(TEXT, answer_tokens=127_000)),
        (Role.SPEECH, SpeechRequest("x" * 4_097, "narrator", "en")),
    ],
)
def test_a_request_beyond_the_models_limits_is_not_sent(
    tmp_path: Path, role: Role, request_: TextRequest | SpeechRequest
) -> None:
    call = call_of(role, request=request_)
    with OpenAIStandIn() as vendor, pytest.raises(ProviderError, match="at most") as refused, bought(vendor, tmp_path, call):
        pass
    assert (refused.value.kind, refused.value.cost_usd_micros, vendor.requests) == (FailureKind.NOT_RETRYABLE, 0, [])


def test_a_script_of_the_most_segments_fits_the_models_output_limit(tmp_path: Path) -> None:
    call = call_of(Role.TEXT, request=replace(TEXT, answer_tokens=50 + 350 * 99))
    with OpenAIStandIn() as vendor, bought(vendor, tmp_path, call):
        assert vendor.bill[0][1]["max_completion_tokens"] == 128_000
