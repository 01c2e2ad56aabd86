"""Renders one timeline in a process of its own, which may be killed: `python -m lecture_assets.render.worker`.

stdin   a line of JSON: `form` (film or sheet), `timeline`, `media` (a file for each SHA-256), `out`; then open while it is wanted
stdout  lines with the progress, from 0 to 1; with exit code 2, a last line with the reason why it failed

The file `out` is complete or absent.
"""

import _thread
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.render.contact_sheet import contact_sheet
from lecture_assets.render.mp4 import Progress, render_mp4

_NICENESS = {"film": 5, "sheet": 0}
"""Runs and pages come before films."""
_PATIENCE_S = 5.0
"""How long an interrupted rendering may take to remove its unfinished file."""
FAILED = 2
"""The exit code if the last line says why."""

Render = Callable[[Mapping[str, Any], Path, Callable[[str], Path], Progress], None]


def _sheet(timeline: Mapping[str, Any], out: Path, open_media: Callable[[str], Path], progress: Progress) -> None:
    part = out.with_name(f".{out.name}.part")
    part.write_bytes(contact_sheet(timeline, open_media))
    part.replace(out)
    progress(1.0)


FORMS: Mapping[str, Render] = {"film": render_mp4, "sheet": _sheet}


def main() -> int:
    """Render what stdin says; returns the exit code."""
    asked = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_asker, daemon=True).start()
    os.nice(_NICENESS[asked["form"]])
    media = {sha256: Path(path) for sha256, path in asked["media"].items()}
    try:
        FORMS[asked["form"]](asked["timeline"], Path(asked["out"]), media.__getitem__, _say)
    except (BrokenPipeError, KeyboardInterrupt):
        return 1  # nobody waits for it any more
    except (WrongInputError, OSError) as error:
        sys.stdout.write(f"{' '.join(str(error).split())}\n")
        return FAILED
    return 0


def _end_with_asker() -> None:
    """End this process with the one that asked, even if that one was killed."""
    os.read(sys.stdin.fileno(), 1)
    _thread.interrupt_main()
    time.sleep(_PATIENCE_S)
    os._exit(1)


def _say(share: float) -> None:
    sys.stdout.write(f"{share:.3f}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
