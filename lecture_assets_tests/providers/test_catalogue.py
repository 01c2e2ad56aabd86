"""Models' names, what they accept and cost, and how many calls run concurrently."""

from pathlib import Path

import pytest

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.graph.kind import Role
from lecture_assets.ports import ImageRequest, MusicRequest, Request, SpeechRequest, TextRequest, VideoRequest
from lecture_assets.providers.amounts import of_request, price_range_usd_micros, reserved_usd_micros
from lecture_assets.providers.catalogue import Catalogue, limits, read_catalogue
from lecture_assets.providers.catalogue_file import built_in
from lecture_assets.providers.simulated_models import SIMULATED_DEFAULTS, sim_prices
from lecture_assets.providers.vendors import vendors

CATALOGUE = Catalogue(built_in())
REQUESTS: dict[Role, Request] = {
    Role.TEXT: TextRequest("image-prompt", "Write.", "x" * 5000, {}, {"type": "object"}),
    Role.IMAGE: ImageRequest("a leaf", 1280, 720),
    Role.SPEECH: SpeechRequest("Hello", "narrator", "en"),
    Role.VIDEO: VideoRequest("0" * 64, "push in", 10, 1280, 720),
    Role.MUSIC: MusicRequest("calm", 30),
}
LISTED = [(entry.name, entry.role) for entry in built_in().model]
OWN = """
[[model]]
name = "openai:local-llama"
role = "text"
seconds = 3
price = [{ usd = 0.10, per = 1_000_000, unit = "output token" }]
source = "our own machine"
"""


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_default_model_that_exists(role: Role) -> None:
    model = CATALOGUE.find(CATALOGUE.default_model(role), role)
    assert (model.provider, model.role) == ("simulated", role)
    assert model.seconds > 0


def test_with_keys_the_default_is_a_vendors_for_every_role() -> None:
    both = Catalogue(built_in(), keys=frozenset(vendors()))
    assert {both.find(both.default_model(role), role).provider for role in Role} == {"openai", "replicate"}
    only = read_catalogue({"OPENAI_API_KEY": "x"})
    assert only.default_model(Role.IMAGE) == "openai:gpt-image-1-mini"
    assert only.default_model(Role.MUSIC) == SIMULATED_DEFAULTS[Role.MUSIC]
    simulated = read_catalogue({"OPENAI_API_KEY": "x", "LECTURES_PROVIDERS": "simulated"})
    assert simulated.default_model(Role.TEXT) == SIMULATED_DEFAULTS[Role.TEXT]


@pytest.mark.parametrize(("name", "role"), LISTED)
def test_every_listed_model_has_a_price_with_its_source(name: str, role: Role) -> None:
    model = CATALOGUE.find(name, role)
    low, high = price_range_usd_micros(model, of_request(model, REQUESTS[role]))
    assert 0 <= low <= high == reserved_usd_micros(model, REQUESTS[role])
    assert high > 0
    [entry] = [entry for entry in built_in().model if (entry.name, entry.role) == (name, role)]
    assert entry.source.startswith("https://")


def test_parameters_in_a_name_override_the_defaults_and_determine_the_price() -> None:
    plain = CATALOGUE.find("openai:gpt-image-1-mini", Role.IMAGE)
    fine = CATALOGUE.find("openai:gpt-image-1-mini?quality=high", Role.IMAGE)
    assert (plain.parameters, fine.parameters) == ({"quality": "medium"}, {"quality": "high"})
    assert (plain.cost_usd_micros({"image": 1}), fine.cost_usd_micros({"image": 1})) == (15_000, 52_000)
    assert fine.cost_usd_micros({"image": 1}, size="1024x1024") == 36_000
    assert plain.vendor_name == fine.vendor_name == "gpt-image-1-mini"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("quality=superb", "quality= one of low, medium, high"),
        ("colour=red", "a parameter of this model (quality, size)"),
        ("quality", "quality= one of"),
    ],
)
def test_an_unknown_parameter_is_refused_by_name(query: str, said: str) -> None:
    with pytest.raises(WrongInputError) as wrong:
        CATALOGUE.find(f"openai:gpt-image-1-mini?{query}", Role.IMAGE)
    assert said in wrong.value.faults[0].allowed


def test_a_version_in_the_name_of_a_replicate_model_is_used() -> None:
    assert CATALOGUE.find("replicate:meta/musicgen:671ac645", Role.MUSIC).version == "671ac645"
    assert len(str(CATALOGUE.find("replicate:meta/musicgen", Role.MUSIC).version)) == 64
    assert CATALOGUE.find("replicate:black-forest-labs/flux-schnell", Role.IMAGE).version is None


def test_a_users_file_adds_models_and_its_faults_are_named(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(OWN)
    own = read_catalogue({"LECTURES_CATALOGUE": str(file)})
    assert own.find("openai:local-llama", Role.TEXT).cost_usd_micros({"output token": 1_000_000}) == 100_000
    keyed = read_catalogue({"LECTURES_CATALOGUE": str(file), "OPENAI_API_KEY": "x"})
    assert keyed.default_model(Role.TEXT) == "openai:gpt-5.4-mini"
    assert own.find("openai:gpt-5-mini", Role.TEXT) == CATALOGUE.find("openai:gpt-5-mini", Role.TEXT)
    file.write_text(OWN.replace("0.10", "-1").replace("seconds = 3", ""))
    with pytest.raises(WrongInputError) as wrong:
        read_catalogue({"LECTURES_CATALOGUE": str(file)})
    assert all("local-llama" in fault.where for fault in wrong.value.faults)
    assert {fault.where.rpartition(".")[2] for fault in wrong.value.faults} >= {"seconds", "usd"}
    file.write_text("[[model")
    with pytest.raises(WrongInputError, match="LECTURES_CATALOGUE"):
        read_catalogue({"LECTURES_CATALOGUE": str(file)})
    with pytest.raises(WrongInputError, match="No such file"):
        read_catalogue({"LECTURES_CATALOGUE": str(tmp_path / "none.toml")})


def test_a_user_cannot_change_the_voices_of_the_simulated_vendor(tmp_path: Path) -> None:
    file = tmp_path / "models.toml"
    file.write_text('[simulated_speech.voices]\nnarrator = "a robot"\n')
    with pytest.raises(WrongInputError, match="simulated_speech: found a table; allowed: models and providers"):
        read_catalogue({"LECTURES_CATALOGUE": str(file)})


def test_a_simulated_model_occupies_slots_of_the_vendor_it_represents() -> None:
    assert CATALOGUE.find("simulated:openai/gpt-5-mini", Role.TEXT).pool == "openai"
    assert CATALOGUE.find("simulated:replicate/meta/musicgen:671ac645", Role.MUSIC).pool == "replicate"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gpt-5", "provider:model"),
        ("", "provider:model"),
        ("simulated:", "provider:model"),
        ("simulated:openai/../x", "provider:model"),
        ("simulated:openai/" + "x" * 300, "provider:model"),
        ("openai:gpt-5", "openai:gpt-5-mini"),
        ("replicate:meta/musicgen", "LECTURES_CATALOGUE"),
        ("anthropic:claude", "simulated:openai/NAME"),
        ("simulated:gpt-5", "simulated:openai/NAME or simulated:replicate/NAME"),
        ("simulated:openai", "simulated:openai/NAME or simulated:replicate/NAME"),
    ],
)
def test_an_unknown_model_is_refused_with_a_list_of_known_ones(name: str, said: str) -> None:
    with pytest.raises(WrongInputError) as wrong:
        CATALOGUE.find(name, Role.TEXT)
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
    assert reserved_usd_micros(CATALOGUE.find(SIMULATED_DEFAULTS[role], role), request_) == cost


def test_prices_in_the_environment_replace_only_those_of_their_role() -> None:
    changed = sim_prices({"LECTURES_SIM_PRICES": '{"image": 40000, "text": 0}'})
    assert changed == {Role.IMAGE: 40_000, Role.TEXT: 0}
    dear = Catalogue(built_in(), changed)
    image, music = SIMULATED_DEFAULTS[Role.IMAGE], SIMULATED_DEFAULTS[Role.MUSIC]
    assert reserved_usd_micros(dear.find(image, Role.IMAGE), ImageRequest("a leaf", 16, 16)) == 40_000
    assert dear.find(music, Role.MUSIC) == CATALOGUE.find(music, Role.MUSIC)


@pytest.mark.parametrize("text", ["40000", "[1]", "{", '{"image": -1}', '{"image": 1.5}', '{"image": true}', '{"sound": 1}'])
def test_nonsense_prices_are_refused_by_name(text: str) -> None:
    with pytest.raises(WrongInputError, match="LECTURES_SIM_PRICES"):
        sim_prices({"LECTURES_SIM_PRICES": text})


def test_limits_in_the_environment_change_the_pool_they_name() -> None:
    usual = limits({}, CATALOGUE)
    assert usual.items() >= {"openai": 5, "replicate": 2}.items()
    assert limits({"LECTURES_LIMITS": '{"openai": 8}'}, CATALOGUE) == {**usual, "openai": 8}


def test_each_wrong_limit_is_a_fault_of_its_own() -> None:
    with pytest.raises(WrongInputError) as wrong:
        limits({"LECTURES_LIMITS": '{"openai": 0, "acme": 3, "replicate": 4}'}, CATALOGUE)
    assert [fault.found for fault in wrong.value.faults] == ['{"openai": 0}', '{"acme": 3}']
