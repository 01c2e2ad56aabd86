"""Takes in each hostile file, in a process of its own, and says what became of it: `python -m … FOLDER`, a line of JSON each."""

import json
import re
import sys
import time
from pathlib import Path
from typing import Any

from lecture_assets.graph.lecture import Holds
from lecture_assets.intake.own_medium import take_medium
from lecture_assets.intake.unfit import UnfitMediumError
from lecture_assets_tests.intake.hostile import HOSTILE, SECRET

_TOLD = frozenset({"open", "socket.connect", "subprocess.Popen"})


def _memory(name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+)", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) * 1024


def _take(holds: Holds, path: Path) -> dict[str, Any]:
    Path("/proc/self/clear_refs").write_text("5")  # the highest mark is now
    before, began, said = _memory("VmRSS"), time.monotonic(), None
    try:
        take_medium(path, holds, path.parent)
    except UnfitMediumError as error:
        said = str(error)
    return {"said": said, "seconds": time.monotonic() - began, "bytes": _memory("VmHWM") - before}


def main(folder: Path) -> None:
    """All of them."""
    opened: list[str] = []
    sys.addaudithook(lambda event, facts: opened.append(str(facts[0])) if event in _TOLD else None)
    path = folder / "delivered"
    for name, (holds, write) in HOSTILE.items():
        path.write_bytes(write(folder))
        opened.clear()
        outcome = _take(holds, path)
        path.unlink(missing_ok=True)
        left = [file.name for file in folder.iterdir()]
        sys.stdout.write(json.dumps({"name": name, **outcome, "opened": SECRET in opened, "left": left}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
