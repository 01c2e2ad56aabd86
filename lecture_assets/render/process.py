"""A process that renders one thing after another (`worker.py`), so that it can be killed and takes no time from this one."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import lecture_assets
from lecture_assets.graph.errors import LectureError
from lecture_assets.ports import RenderRequest
from lecture_assets.render.worker import DONE, FAILED

_SAID = 400
"""The most characters of a failure that are repeated."""


class RenderError(LectureError):
    """A file could not be rendered, with the reason as a sentence."""

    exit_code = 1


class RenderProcess:
    """The process. It is started by the first rendering, and ends with this one, even if that is killed."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._process: subprocess.Popen[str] | None = None
        self._is_busy = self._is_killed = False

    def render(
        self, request: RenderRequest, out: Path, media: Mapping[str, Path], progress: Callable[[float], None]
    ) -> dict[str, Any]:
        """Render a file, which is complete or absent, and return what was measured of it (`film_measures.py`).

        Blocks; `kill` ends it from another thread. RenderError if it fails.

        media:    a file for each SHA-256 that is read
        progress: called with the progress from 0 to 1, in this thread
        """
        files = {sha256: str(path) for sha256, path in media.items()}
        job = {
            "form": request.form,
            "timeline": request.timeline,
            "clips": request.clips,
            "sound": request.sound,
            "media": files,
            "out": str(out),
        }
        try:
            process = self._process = self._process or _started()
        except OSError as error:
            message = f"no process can be started ({error.strerror})"
            raise RenderError(message) from error
        assert process.stdin is not None  # noqa: S101 - both are pipes; this is for mypy
        assert process.stdout is not None  # noqa: S101 - see above
        self._is_busy = True
        if self._is_killed:  # while it was started
            process.kill()
        with suppress(BrokenPipeError, ValueError):  # it was killed
            process.stdin.write(json.dumps(job) + "\n")
            process.stdin.flush()
        for said in process.stdout:
            word, _, reason = said.strip().partition(" ")
            self._is_busy = word not in {DONE, FAILED}
            if word == DONE:
                measured: dict[str, Any] = json.loads(reason)
                return measured
            if word == FAILED:
                raise RenderError(reason[:_SAID])
            progress(float(word))
        message = f"its process ended with exit code {process.wait()}"
        process.stdout.close()
        with suppress(OSError, ValueError):
            process.stdin.close()
        raise RenderError(message)

    def kill(self) -> None:
        """End the process, whatever it is doing: a rendering in another thread fails, and its file is absent."""
        self._is_killed = True
        if self._process is not None:
            assert self._process.stdin is not None  # noqa: S101 - a pipe; this is for mypy
            with suppress(OSError, ValueError):
                self._process.stdin.close()
            self._process.kill()
            self._process.wait()
            if not self._is_busy and self._process.stdout is not None:
                self._process.stdout.close()

    def close(self) -> None:
        """Let the process end by itself; it must be idle."""
        if self._process is not None:
            self._process.communicate()


def _started() -> "subprocess.Popen[str]":
    """Start a process in a session of its own. It writes tracebacks to this process's log."""
    root = str(Path(lecture_assets.__file__).parents[1])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    environ = {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(  # -P: a file av.py in the current folder is not our av
        [sys.executable, "-P", "-m", "lecture_assets.render.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environ,
        text=True,
        start_new_session=True,
    )
