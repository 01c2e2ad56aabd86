"""Renders clips, films and contact sheets in a process of its own, which may be killed: `python -m lecture_assets.render.worker`.

stdin   a line of JSON for each: `form`, `timeline`, `media` (a file for each SHA-256), `clips` (SHA-256 by slot), `sound`
        (SHA-256 or null), `out`; it stays open while anything is wanted
stdout  for each, lines with the progress, from 0 to 1, then `done` and what was measured as JSON, or `failed` and why

A file is complete or absent.
"""

import _thread
import json
import os
import queue
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.ports import RenderForm

_NICENESS = 5
"""Runs and pages come before films."""
_PATIENCE_S = 5.0
"""How long an interrupted rendering may take to remove its unfinished file."""
DONE, FAILED = "done", "failed"


def main() -> int:
    """Render what stdin says until it ends; returns the exit code."""
    asked: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_listen, args=(asked,), daemon=True).start()
    try:
        while line := asked.get():
            job = json.loads(line)
            if job["form"] != RenderForm.SHEET and os.nice(0) < _NICENESS:
                os.nice(_NICENESS)
            try:
                sys.stdout.write(f"{DONE} {json.dumps(_render(job))}\n")
            except (WrongInputError, OSError) as error:
                if isinstance(error, BrokenPipeError):
                    return 1  # nobody waits for it any more
                sys.stdout.write(f"{FAILED} {' '.join(str(error).split())}\n")
            sys.stdout.flush()
            asked.task_done()
    except (BrokenPipeError, KeyboardInterrupt):
        return 1  # nobody waits for it any more
    return 0


def _render(job: Mapping[str, Any]) -> dict[str, Any]:
    """Render one file, and return what was measured of it: of a clip and of a sound, what `film_measures.py` returns."""
    media = {sha256: Path(path) for sha256, path in job["media"].items()}
    out = Path(job["out"])
    match job["form"]:
        case RenderForm.CLIP:
            from lecture_assets.render.clip import render_clip  # noqa: PLC0415 - each form loads what it needs
            from lecture_assets.render.cut_words import cut_words  # noqa: PLC0415 - see above
            from lecture_assets.render.film_measures import clip_measures  # noqa: PLC0415 - see above

            render_clip(job["timeline"], out, media.__getitem__, _say)
            return {**clip_measures(out, job["timeline"]), "cut_words": cut_words(job["timeline"], media.__getitem__)}
        case RenderForm.SOUND:
            from lecture_assets.render.film_measures import sound_measures  # noqa: PLC0415 - see above
            from lecture_assets.render.sound_file import write_sound  # noqa: PLC0415 - see above

            peak = write_sound(job["timeline"], out, media.__getitem__)
            return {"peak_millibel": round(100 * peak), **sound_measures(out)}
        case RenderForm.FILM:
            from lecture_assets.render.mp4 import RenderedParts, render_mp4  # noqa: PLC0415 - see above

            clips = {slot: media[sha256] for slot, sha256 in job["clips"].items()}
            kept = RenderedParts(clips, media[job["sound"]] if job["sound"] else None)
            render_mp4(job["timeline"], out, media.__getitem__, _say, kept)
        case _:
            from lecture_assets.render.contact_sheet import contact_sheet  # noqa: PLC0415 - see above

            part = out.with_name(f".{out.name}.part")
            part.write_bytes(contact_sheet(job["timeline"], media.__getitem__))
            part.replace(out)
    return {}


def _listen(asked: "queue.Queue[str]") -> None:
    """Pass on what is asked for. End this process with the one that asked, even if that one was killed."""
    while line := sys.stdin.readline():
        asked.put(line)
    is_idle = not asked.unfinished_tasks
    asked.put("")
    if is_idle:
        return
    _thread.interrupt_main()
    time.sleep(_PATIENCE_S)
    os._exit(1)


def _say(share: float) -> None:
    sys.stdout.write(f"{share:.3f}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
