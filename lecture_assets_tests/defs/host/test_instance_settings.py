"""The settings of Dagster's instance: written by us until somebody changes them, and kept from then on."""

from pathlib import Path

import pytest

from lecture_assets.defs.host import instance
from lecture_assets.defs.host.instance import EMBEDDED, prepare_instance

CHANGED = "telemetry: {enabled: false}\n"


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """The file that a first command has written."""
    return prepare_instance({"LECTURES_HOME": str(tmp_path)}) / "dagster.yaml"


def prepared_again(settings: Path) -> str:
    prepare_instance({"LECTURES_HOME": str(settings.parents[1])})
    return settings.read_text()


def test_a_first_command_writes_the_embedded_settings(settings: Path) -> None:
    assert settings.read_text().endswith(EMBEDDED.read_text())
    assert not settings.is_symlink()


@pytest.mark.parametrize("written", [CHANGED, "", "# Written by lectures; a changed file is kept as it is. sha256 0\n"])
def test_what_somebody_wrote_stays(settings: Path, written: str) -> None:
    settings.write_text(written)
    assert prepared_again(settings) == written


def test_a_changed_line_below_ours_stays(settings: Path) -> None:
    changed = settings.read_text() + CHANGED
    settings.write_text(changed)
    assert prepared_again(settings) == changed


def test_an_upgrade_writes_the_settings_anew(settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = tmp_path / "newer.yaml"
    newer.write_text(EMBEDDED.read_text() + CHANGED)
    monkeypatch.setattr(instance, "EMBEDDED", newer)
    assert prepared_again(settings).endswith(newer.read_text())


def test_the_link_that_earlier_releases_made_becomes_a_file(settings: Path) -> None:
    settings.unlink()
    settings.symlink_to(EMBEDDED)
    assert prepared_again(settings).endswith(EMBEDDED.read_text())
    assert not settings.is_symlink()
