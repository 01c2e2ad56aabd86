"""The Replicate adapter against a stand-in on loopback that also works with the official client: the contract, and failures."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from replicate.client import Client

from lecture_assets.graph.kind import Role
from lecture_assets.ports import (
    Call,
    FailureKind,
    ImageRequest,
    MusicRequest,
    ProviderError,
    Reply,
    Request,
    VideoRequest,
)
from lecture_assets.providers.catalogue import Catalogue
from lecture_assets.providers.catalogue_file import built_in
from lecture_assets.providers.replicate.adapter import ReplicateProvider
from lecture_assets_tests.providers.contract import Open, ProviderContract, value_of, with_provider
from lecture_assets_tests.providers.replicate_stand_in import TOKEN, ReplicateStandIn, picture

CATALOGUE = Catalogue(built_in(), keys=frozenset({"replicate"}))
PICTURE = "ab" * 32
MODELS = {
    Role.IMAGE: "black-forest-labs/flux-schnell",
    Role.VIDEO: "wavespeedai/wan-2.1-i2v-480p",
    Role.MUSIC: "meta/musicgen",
}
REQUESTS: dict[Role, Request] = {
    Role.IMAGE: ImageRequest("A bee.", 1280, 720),
    Role.VIDEO: VideoRequest(PICTURE, "Push in.", 5, 1280, 720),
    Role.MUSIC: MusicRequest("calm", 90),
}


@pytest.fixture
def picture_file(tmp_path: Path) -> Path:
    file = tmp_path / "start.png"
    file.write_bytes(picture(64, 64))
    return file


@pytest.fixture
def vendor() -> Iterator[ReplicateStandIn]:
    with ReplicateStandIn() as vendor:
        yield vendor


def provider_of(vendor: ReplicateStandIn, token: str = TOKEN) -> ReplicateProvider:
    return ReplicateProvider(CATALOGUE, token, base_url=vendor.url)


def call_of(role: Role, file: Path | None = None, **changed: Any) -> Call:
    files = {PICTURE: file} if file else {}
    return replace(Call("key", f"attempt-{role}", role, MODELS[role], REQUESTS[role], files), **changed)


class TestContract(ProviderContract):
    @pytest.fixture
    def open_provider(self, vendor: ReplicateStandIn) -> Open:
        return lambda: provider_of(vendor)

    @pytest.fixture
    def purchases(self, vendor: ReplicateStandIn) -> Callable[[], int]:
        return lambda: len(vendor.predictions)

    @pytest.fixture
    def calls(self, picture_file: Path) -> dict[Role, Call]:
        return {role: call_of(role, picture_file) for role in MODELS}

    @pytest.fixture
    def wrong_call(self) -> Call:
        return call_of(Role.IMAGE, model="nobody/nothing")


def bought(vendor: ReplicateStandIn, call: Call) -> Reply:
    async def work(provider: Any) -> Reply:
        reply: Reply = await provider.collect(await provider.submit(call), call)
        return reply

    return with_provider(lambda: provider_of(vendor), work)


def refused(vendor: ReplicateStandIn, call: Call) -> ProviderError:
    with pytest.raises(ProviderError) as error:
        bought(vendor, call)
    return error.value


def test_the_official_client_can_drive_the_stand_in(vendor: ReplicateStandIn) -> None:
    client = Client(TOKEN, base_url=vendor.url)
    made = client.models.predictions.create("black-forest-labs/flux-schnell", input={"prompt": "a bee", "aspect_ratio": "1:1"})
    assert made.status == "starting"
    made = client.predictions.get(made.id)
    made = client.predictions.get(made.id)
    assert made.status == "succeeded"
    assert made.id in {listed.id for listed in client.predictions.list().results}
    client._client.close()


@pytest.mark.slow
def test_a_prediction_costs_what_was_requested_or_its_compute_time(vendor: ReplicateStandIn, picture_file: Path) -> None:
    costs = {role: bought(vendor, call_of(role, picture_file)).cost_usd_micros for role in MODELS}
    assert costs == {Role.IMAGE: 3_000, Role.VIDEO: 540_000, Role.MUSIC: 3_500}  # an image; 6 s of film; 2.5 s of a machine
    asked = [prediction["input"] for prediction in vendor.predictions.values()]
    assert asked[0]["aspect_ratio"] == "16:9"
    assert asked[1]["num_frames"] == 81
    assert asked[1]["image"].startswith("data:image/png;base64,")
    assert asked[2]["duration"] == 30  # as much as the model can


def test_a_large_starting_image_is_uploaded(vendor: ReplicateStandIn, tmp_path: Path) -> None:
    file = tmp_path / "large.png"
    file.write_bytes(b"\x89PNG" + bytes(300_000))
    bought(vendor, call_of(Role.VIDEO, file))
    [prediction] = vendor.predictions.values()
    assert prediction["input"]["image"] == f"{vendor.url}/output/upload-0"


@pytest.mark.parametrize(
    ("fault", "kind", "said"),
    [
        ("429", FailureKind.RETRYABLE, "HTTP 429"),
        ("503", FailureKind.RETRYABLE, "HTTP 503"),
        ("502", FailureKind.AMBIGUOUS, "may have accepted"),
        ("402", FailureKind.QUOTA, "run out of money"),
        ("401", FailureKind.NOT_RETRYABLE, "REPLICATE_API_TOKEN"),
        ("422", FailureKind.NOT_RETRYABLE, "trying again will not help"),
        ("reset", FailureKind.AMBIGUOUS, "connection broke"),
        ("lost", FailureKind.AMBIGUOUS, "connection broke"),
        ("truncated", FailureKind.AMBIGUOUS, "connection broke"),
    ],
)
def test_each_failure_of_a_purchase_has_its_kind(vendor: ReplicateStandIn, fault: str, kind: FailureKind, said: str) -> None:
    vendor.faults["create"].append(fault)
    error = refused(vendor, call_of(Role.IMAGE))
    assert (error.kind, error.sent) == (kind, kind is FailureKind.AMBIGUOUS)
    assert said in str(error)
    assert len(vendor.requests) == 1  # nothing is tried again down here
    assert len(vendor.predictions) == (fault in {"lost", "truncated"})


@pytest.mark.parametrize(
    ("ends", "kind", "cost"),
    [
        ("failed", FailureKind.RETRYABLE, 3_500),
        ("aborted", FailureKind.RETRYABLE, 3_500),
        ("canceled", FailureKind.RETRYABLE, 3_500),
        ("nsfw", FailureKind.MODERATION, 3_500),
    ],
)
def test_a_failed_prediction_costs_its_compute_time(vendor: ReplicateStandIn, ends: str, kind: FailureKind, cost: int) -> None:
    vendor.endings.append(ends)
    error = refused(vendor, call_of(Role.MUSIC))
    assert (error.kind, error.sent, error.cost_usd_micros) == (kind, True, cost)
    assert error.request_id == "p000000"


@pytest.mark.parametrize("fault", ["429", "503", "reset", "truncated", "502", "401", "403", "400"])
def test_a_failed_lookup_does_not_affect_the_purchase(vendor: ReplicateStandIn, fault: str) -> None:
    vendor.faults["get"].append(fault)
    error = refused(vendor, call_of(Role.IMAGE))
    assert (error.kind, error.sent) == (FailureKind.RETRYABLE, False)


def test_a_lost_reply_is_found_by_the_webhook_on_a_later_page(vendor: ReplicateStandIn) -> None:
    vendor.faults["create"].append("lost")
    refused(vendor, call_of(Role.IMAGE))
    for number in range(150):
        bought_by_others = dict(next(iter(vendor.predictions.values())), id=f"other{number}", webhook=f"https://x/{number}")
        vendor.predictions[f"other{number}"] = bought_by_others

    async def work(provider: Any) -> str | None:
        found: str | None = await provider.find(call_of(Role.IMAGE))
        return found

    assert with_provider(lambda: provider_of(vendor), work) == "p000000"


@pytest.mark.parametrize(("ending", "said"), [("no-media", "a web page"), ("elsewhere", "not the vendor's (169.254.169.254)")])
def test_an_output_is_fetched_only_from_the_vendors_hosts(
    vendor: ReplicateStandIn, tmp_path: Path, ending: str, said: str
) -> None:
    vendor.endings.append(ending)
    call = call_of(Role.IMAGE)
    with pytest.raises(ProviderError) as error:
        value_of(bought(vendor, call), call, tmp_path)
    assert (error.value.kind, error.value.sent, error.value.cost_usd_micros) == (FailureKind.VALIDATION, True, 3_000)
    assert said in str(error.value)


def test_an_output_is_fetched_without_the_token(vendor: ReplicateStandIn, tmp_path: Path) -> None:
    call = call_of(Role.IMAGE)
    value_of(bought(vendor, call), call, tmp_path)
    [fetched] = [asked for asked in vendor.requests if asked.kind == "file"]
    assert "authorization" not in fetched.headers
    assert TOKEN not in str(fetched)


def test_a_prediction_can_be_cancelled(vendor: ReplicateStandIn) -> None:
    async def work(provider: Any) -> None:
        await provider.cancel(await provider.submit(call_of(Role.IMAGE)))

    with_provider(lambda: provider_of(vendor), work)
    assert [prediction["status"] for prediction in vendor.predictions.values()] == ["canceled"]
