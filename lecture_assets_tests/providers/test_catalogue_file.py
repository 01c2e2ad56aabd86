"""A user's catalogue: whatever it contains, each mistake is one fault, and no figure exceeds what a ledger holds."""

from pathlib import Path

import pytest

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.graph.kind import Role
from lecture_assets.ports import TextRequest
from lecture_assets.providers.amounts import reserved_usd_micros
from lecture_assets.providers.catalogue import Catalogue, read_catalogue

PRICE = 'price = [{ usd = 0.10, per = 1_000_000, unit = "output token" }]'
OWN = f"""
[[model]]
name = "openai:own"
role = "text"
seconds = 3
{PRICE}
source = "our own machine"
"""
TEXT = TextRequest("image-prompt", "", "x" * 100_000, {}, {}, answer_tokens=30_000)


def priced(usd: str, more: str = "") -> str:
    return OWN.replace("usd = 0.10, per = 1_000_000", f"usd = {usd}{more}")


WRONG = {
    **{
        f"dollars of {usd}": priced(usd)
        for usd in ("inf", "-inf", "nan", "1e20", "1e400", "1e-999999999", "-1", "true", '"1"', "[]")
    },
    "dollars of 1e400 a million": priced("1e400", ", per = 1_000_000"),
    "dollars of more digits than there are": priced("9" * 5_000),
    **{f"per {per}": priced("1", f", per = {per}") for per in ("0", "true", "1.5", "-1", "10_000_000_000")},
    **{f"seconds of {s}": OWN.replace("seconds = 3", f"seconds = {s}") for s in ("inf", "nan", "1e308", "0", "-1", "[1]")},
    **{
        f"expected {bounds}": f'{OWN}[model.expected]\n"compute second" = {bounds}\n'
        for bounds in ("[0, 10_000_000_000]", "[5, 1]", "[0, inf]", "[true, 1]", "[1]", '"x"')
    },
    "a limit of inf": f"{OWN}requests_per_minute = inf\n",
    "a limit that is true": f"{OWN}requests_per_minute = true\n",
    "an unknown column": f"{OWN}colour = 1\n",
    "an unknown unit": OWN.replace("output token", "word"),
    "no price": OWN.replace(PRICE, "price = []"),
    **{
        f"a parameter {name}": f'{OWN}[model.parameters]\n{name} = {{ type = "string" }}\n'
        for name in ("model", "messages", "store", "metadata", "max_completion_tokens", "max_tokens", "response_format", "n")
    },
    "a schema of no type": f'{OWN}[model.parameters]\nx = {{ type = "colour" }}\n',
    "a schema elsewhere": f'{OWN}[model.parameters]\nx = {{ "$ref" = "http://127.0.0.1/x" }}\n',
    "a default that is not allowed": f'{OWN}[model.parameters]\nx = {{ type = "integer", default = "y" }}\n',
    "a default that is a date": f"{OWN}[model.parameters]\nx = {{ default = 2026-11-28 }}\n",
    "a default without a value": f"{OWN}[model.parameters]\nx = {{ default = nan }}\n",
    "a deep list": f"x = {'[' * 3_000}{']' * 3_000}\n",
    "deep tables": f"[{'.'.join(['a'] * 3_000)}]\n",
    "a deep schema": f"{OWN}[model.parameters]\nx.{'.'.join(['not'] * 100)} = {{}}\n",
    "bytes that are no text": "\udcff",
    "a large file": "#" * (2**20 + 1),
}


def read(tmp_path: Path, text: str) -> Catalogue:
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8", errors="surrogateescape")
    return read_catalogue({"LECTURES_CATALOGUE": str(file)})


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_each_mistake_is_one_fault(tmp_path: Path, text: str) -> None:
    with pytest.raises(WrongInputError) as wrong:
        read(tmp_path, text)
    [fault] = wrong.value.faults
    assert len(str(fault)) < 1_500


@pytest.mark.parametrize("name", ["prompt", "width_of_it", "webhook"])
def test_a_field_of_the_request_cannot_be_a_parameter(tmp_path: Path, name: str) -> None:
    text = OWN.replace("openai:own", "replicate:own/own").replace('"text"', '"image"').replace("output token", "image")
    text = f'{text}[model.input]\nwidth = "width_of_it"\n[model.parameters]\n{name} = {{ type = "string" }}\n'
    with pytest.raises(WrongInputError, match=name):
        read(tmp_path, text)


@pytest.mark.parametrize("usd", ["0", "1e-30", "1_000", "999.99"])
def test_the_most_expensive_call_fits_the_ledger(tmp_path: Path, usd: str) -> None:
    model = read(tmp_path, priced(usd)).find("openai:own", Role.TEXT)
    assert 0 <= reserved_usd_micros(model, TEXT) * 400 < 2**63


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e999"])
def test_a_parameter_in_a_name_is_a_finite_number(tmp_path: Path, number: str) -> None:
    catalogue = read(tmp_path, f'{OWN}[model.parameters]\nx = {{ type = "number" }}\n')
    with pytest.raises(WrongInputError):
        catalogue.find(f"openai:own?x={number}", Role.TEXT)
