"""No key is in anything that Dagster stores, and hence on any of its pages; failures there quote the vendor."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from lecture_assets_tests.defs.dagster_home import brief, open_dagster_home
from lecture_assets_tests.providers.openai_stand_in import OpenAIStandIn
from lecture_assets_tests.providers.replicate_stand_in import ReplicateStandIn
from lecture_assets_tests.scenarios.vendor_stand_ins import Vendors
from lecture_assets_tests.servers.homes import rows_of, said_by

CANARY = "sk-canary-0123456789abcdefghij"


@pytest.fixture
def vendors() -> Iterator[Vendors]:
    """Vendors that know the canary key and quote it when they refuse it."""
    with OpenAIStandIn() as openai, ReplicateStandIn(polls=0) as replicate:
        openai.key = replicate.key = CANARY
        yield Vendors(openai, replicate)


@pytest.mark.slow
def test_no_key_reaches_dagster_and_a_failure_has_its_vendors_words(
    vendors: Vendors, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    vendors.openai.faults["speech"] += ["400"]
    vendors.replicate.endings += ["nsfw"]
    keys = {"OPENAI_API_KEY": CANARY, "REPLICATE_API_TOKEN": CANARY}
    with open_dagster_home(tmp_path / "home", brief(), {**vendors.environ(tmp_path / "home"), **keys}) as dagster_home:
        assert not dagster_home.run().success
        [run] = dagster_home.instance.get_runs()
        said = "\n".join(str(entry) for entry in dagster_home.instance.all_logs(run.run_id))
        os.environ["OPENAI_API_KEY"] = os.environ["REPLICATE_API_TOKEN"] = CANARY + "-of-another"
        dagster_home.edit("set voice=teacher", "set image_style=oil")
        assert not dagster_home.run().success
    assert "HTTP 400" in said
    assert "request req_" in said
    assert "NSFW content detected" in said
    assert "request p00000" in said
    assert CANARY not in said + "".join(capfd.readouterr())
    kept = [Path(folder) / name for folder, _, names in os.walk(tmp_path) for name in names]
    rows = rows_of(tmp_path / "home")
    assert rows or any(file.suffix == ".db" and "dagster" in str(file) for file in kept)
    assert CANARY not in said_by(rows)
    assert not [file for file in kept if CANARY.encode() in file.read_bytes()]
