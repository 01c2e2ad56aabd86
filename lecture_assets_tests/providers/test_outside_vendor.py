"""A vendor in another package: found by its entry point, with its own models, voices, languages and word times."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lecture_assets_tests.providers.replicate_stand_in import wav

PACKAGE = """
import wave
from pathlib import Path
from lecture_assets.ports import MediaFile, Reply
from lecture_assets.providers.vendors import Vendor

VENDOR = Vendor(
    name="outside", key="OUTSIDE_KEY", address="OUTSIDE_BASE_URL", adapter="lectures_outside:open_vendor",
    models=Path(__file__).with_name("models.toml"),
)


class Provider:
    name, settle_s = "outside", 0.0

    def __init__(self, opening):
        self.opening = opening

    async def submit(self, call):
        return call.attempt

    async def collect(self, provider_id, call):
        words, texts = [], call.request.text.split()
        for number, text in enumerate(texts):
            words.append({"text": text, "start_ms": 300 * number, "end_ms": 300 * number + 250})
        path = self.opening.folder.parent / f"{provider_id}.wav"
        path.write_bytes(Path(__file__).with_name("tone.wav").read_bytes())
        told = [{"text": "nonsense"}] if call.request.voice == "liar" else words
        return Reply(MediaFile(path, "audio/wav", None, words=told), 7)

    async def find(self, call):
        return None

    async def cancel(self, provider_id):
        return False

    async def close(self):
        pass


def open_vendor(opening):
    assert (opening.key, opening.base_url) == ("secret", None)
    return Provider(opening)
"""
MODELS = """
[provider.outside]
calls_at_once = 3
source = "here"
[[model]]
name = "outside:voice-1"
role = "speech"
seconds = 1
price = [{ usd = 1, per = 1_000_000, unit = "character" }]
source = "here"
languages = ["eo"]
word_times = true
[model.own_voices]
zamenhof = "an old friend"
liar = ""
"""
PROGRAM = """
import json, os, sys
from lecture_assets.briefs.brief import Brief
from lecture_assets.runner.lectures import Lectures
from lecture_assets.store import records

brief = {"notes": "La suno lumas. La maro varmas.", "duration": 5, "segment_length": 5, "language": "eo"}
brief |= {"models": {"speech": "outside:voice-1"}}
with Lectures.open(os.environ) as lectures:
    told = {}
    for voice in ("zamenhof", "liar"):
        lectures.create(Brief(**brief, voice=voice), voice)
        report = lectures.regenerate(voice)
        assert not report["failed"], report
        node = "asset:narration:segment[0]"
        with lectures.context.database.read() as connection:
            told[voice] = records.load_values(connection, voice, [node])[node]["words"]
    row = next(row for row in lectures.voices() if row["voice"] == "zamenhof")
print(json.dumps([told, row["note"], row["models"]]))
"""


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The package, as an installer leaves it."""
    package, info = tmp_path / "site" / "lectures_outside", tmp_path / "site" / "lectures_outside-1.0.dist-info"
    for folder in (package, info):
        folder.mkdir(parents=True)
    (package / "__init__.py").write_text(PACKAGE)
    (package / "models.toml").write_text(MODELS)
    (package / "tone.wav").write_bytes(wav(6.0))
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: lectures-outside\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[lecture_assets.vendors]\noutside = lectures_outside:VENDOR\n")
    return tmp_path / "site"


def run(site: Path, *command: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    environ = {**os.environ, "PYTHONPATH": str(site), "LECTURES_HOME": str(site.parent / "home"), **variables}
    return subprocess.run([sys.executable, *command], env=environ, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_it_uses_its_own_voices_and_word_times_without_a_change_here(installed: Path) -> None:
    done = run(installed, "-c", PROGRAM, OUTSIDE_KEY="secret")
    assert done.returncode == 0, done.stderr
    told, note, models = json.loads(done.stdout)
    true: list[Any] = told["zamenhof"]
    assert [(word["start_ms"], word["end_ms"]) for word in true] == [(300 * n, 300 * n + 250) for n in range(len(true))]
    assert told["liar"][0]["text"] != "nonsense"  # what cannot be word times is spread over the recording
    assert note == "an old friend"
    assert models == {"outside:voice-1": {"voice": "zamenhof", "word_times": True, "languages": ["eo"]}}


@pytest.mark.slow
def test_whatever_it_lacks_or_breaks_is_reported_by_name(installed: Path) -> None:
    words = ("-m", "lecture_assets.cli", "create", "--prompt", "Lumo.", "--id", "lumo")
    brief = installed / "brief.yaml"
    brief.write_text("prompt: Lumo\nmodels:\n  speech: outside:voice-1\n")
    done = run(installed, "-m", "lecture_assets.cli", "create", str(brief))
    assert (done.returncode, "OUTSIDE_KEY is not" in done.stderr) == (2, True)
    (installed / "lectures_outside" / "__init__.py").write_text("VENDOR = 5\n")
    done = run(installed, *words)
    assert done.returncode == 2
    where = "entry point lectures_outside:VENDOR of lecture_assets.vendors"
    assert done.stderr.startswith(f"error: {where}: found an object of type int; allowed: a Vendor")
    (installed / "lectures_outside" / "__init__.py").write_text("import nowhere_at_all\n")
    assert "cannot be loaded (ModuleNotFoundError: No module named 'nowhere_at_all')" in run(installed, *words).stderr
