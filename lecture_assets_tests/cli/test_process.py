"""Behaviour that needs a separate process: signals, and readers that leave early."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lecture_assets_tests.processes import run_command
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.servers.homes import home_environ

COMMAND = [sys.executable, "-c", "from lecture_assets.cli import main; main()"]


def environ(home: Path, **more: str) -> dict[str, str]:
    return {**os.environ, **home_environ(home), "LECTURES_PROVIDERS": "simulated", **more}


def vanished(group: int) -> bool:
    """Whether the last process of a group has ended, or ends within ten seconds."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.slow
def test_a_reader_that_leaves_early_is_not_a_failure(tmp_path: Path) -> None:
    run_command("create", "--example", "photosynthesis", environ=environ(tmp_path)).check_returncode()
    process = subprocess.Popen(
        [*COMMAND, "status", "photosynthesis"], env=environ(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    with process.stderr as errors:
        assert (process.wait(), errors.read()) == (141, b"")


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), *([(signal.SIGTERM, 143)] if THOROUGH else [])])
def test_an_interrupted_make_leaves_no_process_says_so_and_can_be_continued(tmp_path: Path, number: int, code: int) -> None:
    heard = "import signal, os, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
    made = [*COMMAND, "make", "--example", "photosynthesis", "--out", str(tmp_path / "out"), "--json"]
    command = [sys.executable, "-c", heard, *made]  # tests that were started in the background inherit a SIGINT that is ignored
    slow = environ(tmp_path / "home", LECTURES_SIM_LATENCY="1")
    with subprocess.Popen(
        command, env=slow, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stderr
        while "made asset:narration" not in process.stderr.readline():
            assert process.poll() is None
        # Ctrl-C reaches the whole group, the others one process
        (os.killpg if number == signal.SIGINT else os.kill)(process.pid, number)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (code, "")
    assert "interrupted: what was made is kept" in err
    assert "Traceback" not in err
    assert vanished(process.pid)
    quick = environ(tmp_path / "home", LECTURES_SIM_LATENCY="0")
    again = run_command("regenerate", "photosynthesis", environ=quick)
    again.check_returncode()
    assert "llm:video-summary" not in again.stderr
    assert "of lecture" not in again.stdout


def test_an_error_that_python_would_only_print_goes_to_the_log(tmp_path: Path) -> None:
    stray = "class Stray:\n    def __del__(self): raise ValueError('stray')\n"
    code = f"import logging, sys\n{stray}sys.argv[1:] = ['voices']\nfrom lecture_assets.cli.log import keep_stray_errors\n"
    code += "keep_stray_errors()\nstray = Stray()\ndel stray\nlogging.getLogger('asyncio').error('nobody waited')\n"
    ended = subprocess.run([sys.executable, "-c", code], env=environ(tmp_path), check=True, capture_output=True, text=True)
    assert (ended.stdout, ended.stderr) == ("", "")
    log = (tmp_path / "log" / "lectures.log").read_text(encoding="utf-8")
    assert "ValueError: stray" in log
    assert "nobody waited" in log


@pytest.mark.slow
@pytest.mark.parametrize(
    ("redirected", "code", "says"),
    [
        ("voices --json >/dev/full", 1, "error: No space left on device; what was made is kept"),
        ("status nobody 2>&-", 2, ""),
        *([("voices >&-", 0, ""), ("status nobody 2>/dev/full", 2, "")] if THOROUGH else []),
    ],
)
def test_an_unwritable_stream_is_not_an_internal_error(tmp_path: Path, redirected: str, code: int, says: str) -> None:
    command = f"exec {sys.executable} -m lecture_assets.cli {redirected}"
    ended = subprocess.run(["/bin/sh", "-c", command], env=environ(tmp_path), capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (code, "")
    assert ended.stderr.startswith(says)
    assert ended.stderr.count("\n") == bool(says)
    assert not (tmp_path / "log").exists()


@pytest.mark.slow
def test_a_terminal_without_umlauts_and_arrows_gets_what_it_can_show(tmp_path: Path) -> None:
    prompt = "Warum blüht die Kirsche früh?"
    ascii_only = environ(tmp_path, PYTHONIOENCODING="ascii")
    run_command("create", "--prompt", prompt, "--id", "k", environ=ascii_only).check_returncode()
    command = [*COMMAND, "explain", "k", "config:user-prompt"]
    shown = subprocess.run(command, env=ascii_only, check=True, capture_output=True, text=True)
    assert "Warum bl\\xfcht die Kirsche" in shown.stdout
    assert shown.stderr == ""
    document = subprocess.run([*command, "--json"], env=ascii_only, check=True, capture_output=True, text=True)
    assert json.loads(document.stdout)["value"]["prompt"] == prompt
