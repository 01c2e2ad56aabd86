"""Claims that need a process of its own: signals, and readers that leave early."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-c", "from lecture_assets.cli import main; main()"]


def environ(home: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "LECTURES_HOME": str(home), "LECTURES_PROVIDERS": "simulated", **more}


def test_a_reader_that_leaves_early_is_no_failure(tmp_path: Path) -> None:
    subprocess.run([*COMMAND, "create", "--example", "photosynthesis"], env=environ(tmp_path), check=True, capture_output=True)
    process = subprocess.Popen(
        [*COMMAND, "status", "photosynthesis"], env=environ(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    with process.stderr as errors:
        assert (process.wait(), errors.read()) == (141, b"")


@pytest.mark.slow
def test_an_interrupted_regeneration_says_so_keeps_what_is_made_and_goes_on(tmp_path: Path) -> None:
    subprocess.run([*COMMAND, "create", "--example", "photosynthesis"], env=environ(tmp_path), check=True, capture_output=True)
    command = [*COMMAND, "regenerate", "photosynthesis"]
    slow = environ(tmp_path, LECTURES_SIM_LATENCY="1")
    with subprocess.Popen(command, env=slow, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        while "made llm:video-summary" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, "")
    assert "interrupted: what was made is kept" in err
    assert "Traceback" not in err
    quick = environ(tmp_path, LECTURES_SIM_LATENCY="0")
    again = subprocess.run(command, env=quick, check=True, capture_output=True, text=True)
    assert "llm:video-summary" not in again.stderr
