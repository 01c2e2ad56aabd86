"""What models are called and cost, and how many calls run at once."""

import pytest

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.graph.lecture import Role
from lecture_assets.ports import ImageRequest, MusicRequest, Request, SpeechRequest, TextRequest, VideoRequest
from lecture_assets.providers.catalogue import DEFAULT_LIMITS, DEFAULT_MODELS, cost_usd_micros, find_model, limits, prices


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_default_model_that_exists(role: Role) -> None:
    model = find_model(DEFAULT_MODELS[role], role)
    assert (model.provider, model.role) == ("simulated", role)
    assert model.seconds > 0


def test_a_simulated_model_holds_slots_of_the_vendor_it_stands_for() -> None:
    assert find_model("simulated:openai/gpt-5-mini", Role.TEXT).pool == "openai"
    assert find_model("simulated:replicate/meta/musicgen:671ac645", Role.MUSIC).pool == "replicate"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gpt-5", "provider:model"),
        ("", "provider:model"),
        ("simulated:", "provider:model"),
        ("simulated:openai/../x", "provider:model"),
        ("simulated:openai/" + "x" * 300, "provider:model"),
        ("openai:gpt-5", "simulated:openai/gpt-5 stands in for this one"),
        ("replicate:meta/musicgen", "simulated:replicate/meta/musicgen stands in"),
        ("anthropic:claude", "(simulated)"),
        ("simulated:gpt-5", "simulated:openai/NAME or simulated:replicate/NAME"),
        ("simulated:openai", "simulated:openai/NAME or simulated:replicate/NAME"),
    ],
)
def test_a_model_that_does_not_exist_is_refused_with_what_does(name: str, said: str) -> None:
    with pytest.raises(WrongInputError) as wrong:
        find_model(name, Role.TEXT)
    [fault] = wrong.value.faults
    assert fault.where == "text-model"
    assert said in fault.allowed


@pytest.mark.parametrize(
    ("role", "request_", "cost"),
    [
        (Role.TEXT, TextRequest("image-prompt", "", "x" * 5000, {}, {}), 1_500),
        (Role.IMAGE, ImageRequest("a leaf", 1280, 720), 3_000),
        (Role.SPEECH, SpeechRequest("Hello", "narrator", "en"), 75),
        (Role.VIDEO, VideoRequest("0" * 64, "push in", 10, 1280, 720), 200_000),
        (Role.MUSIC, MusicRequest("calm", 30), 60_000),
    ],
)
def test_a_call_costs_what_its_units_cost(role: Role, request_: Request, cost: int) -> None:
    assert cost_usd_micros(find_model(DEFAULT_MODELS[role], role), request_) == cost


def test_prices_of_the_environment_replace_the_own_ones_of_their_role_alone() -> None:
    changed = prices({"LECTURES_SIM_PRICES": '{"image": 40000, "text": 0}'})
    assert changed == {Role.IMAGE: 40_000, Role.TEXT: 0}
    image = find_model(DEFAULT_MODELS[Role.IMAGE], Role.IMAGE, changed)
    assert cost_usd_micros(image, ImageRequest("a leaf", 16, 16)) == 40_000
    assert find_model(DEFAULT_MODELS[Role.MUSIC], Role.MUSIC, changed) == find_model(DEFAULT_MODELS[Role.MUSIC], Role.MUSIC)


@pytest.mark.parametrize("text", ["40000", "[1]", "{", '{"image": -1}', '{"image": 1.5}', '{"image": true}', '{"sound": 1}'])
def test_nonsense_prices_are_refused_by_name(text: str) -> None:
    with pytest.raises(WrongInputError, match="LECTURES_SIM_PRICES"):
        prices({"LECTURES_SIM_PRICES": text})


def test_limits_of_the_environment_change_the_pool_they_name() -> None:
    assert limits({}) == DEFAULT_LIMITS == {"openai": 5, "replicate": 2}
    assert limits({"LECTURES_LIMITS": '{"openai": 8}'}) == {"openai": 8, "replicate": 2}


def test_each_wrong_limit_is_a_fault_of_its_own() -> None:
    with pytest.raises(WrongInputError) as wrong:
        limits({"LECTURES_LIMITS": '{"openai": 0, "acme": 3, "replicate": 4}'})
    assert [fault.found for fault in wrong.value.faults] == ['{"openai": 0}', '{"acme": 3}']
