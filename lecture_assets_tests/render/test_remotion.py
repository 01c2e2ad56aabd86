"""The composition of the examples, rendered by a real Remotion, against the film that we render: frames, pictures, loudness.

Installs its packages with npm and needs a browser, so it runs only where everything is tried.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageFilter

from lecture_assets.render.forms import FORMS
from lecture_assets.render.mp4 import render_mp4
from lecture_assets_tests.browser import CHROMIUM, needs_browser
from lecture_assets_tests.project import ROOT
from lecture_assets_tests.render.samples import Shelf
from lecture_media.listen.measure import measure

EXAMPLE = ROOT / "lecture_assets" / "examples" / "remotion"
pytestmark = [
    needs_browser,
    pytest.mark.slow,
    pytest.mark.thorough("npm installs 250 MB, and Remotion takes minutes"),
    pytest.mark.skipif(shutil.which("npm") is None, reason="no npm on PATH: Remotion runs on Node"),
]
SIZE = (640, 360)
ARABIC = "تُسخّن الشمس مياه البحر كل يوم."


def soft(shelf: Shelf, seed: int) -> dict[str, Any]:
    """A picture of soft blobs: what it shows can be compared, and encoders keep it."""
    grain = np.random.default_rng(seed).integers(0, 255, (SIZE[1], SIZE[0], 3), np.uint8)
    blurred = Image.fromarray(grain).filter(ImageFilter.GaussianBlur(12))
    path = shelf.root / "soft.png"
    blurred.point(lambda light: min(255, max(0, (light - 128) * 8 + 128))).save(path)
    return {"sha256": shelf.bytes(path.read_bytes()), "media_type": "image/png", "width": SIZE[0], "height": SIZE[1]}


@pytest.fixture
def timeline(shelf: Shelf) -> Any:
    """Pictures that move, a clip, a title, an Arabic caption, speech and music: four seconds."""
    parts: list[dict[str, Any]] = [
        {
            "pictures": [soft(shelf, 1), soft(shelf, 2)],
            "effect": "zoom-in",
            "narration": shelf.tone(1.6, 400, 0.1, "Leaves catch light."),
        },
        {
            "pictures": [],
            "clip": shelf.clip([(200, 90, 40), (40, 90, 200)], SIZE),
            "narration": shelf.tone(1.0, 500, 0.3, ARABIC),
        },
    ]
    segments = [shelf.segment(slot, size=SIZE, **part) for slot, part in enumerate(parts)]
    made = shelf.lecture(*segments, title="Light", size=SIZE, music=shelf.tone(9, 1500, 0.3))
    made["title"]["duration_in_frames"] = 20
    return {**made, "direction": "rtl", "language": "ar"}


def frames(path: Path) -> list[npt.NDArray[np.uint8]]:
    with av.open(str(path)) as film:
        return [np.asarray(frame.to_ndarray(format="gray"), np.uint8) for frame in film.decode(video=0)]


def amber(path: Path, number: int) -> npt.NDArray[np.intp]:
    """The columns of a frame's pixels that have the colour of the current word, in the part where captions are."""
    with av.open(str(path)) as film:
        frame = next(frame for n, frame in enumerate(film.decode(video=0)) if n == number).to_ndarray(format="rgb24")
    red, green, blue = frame[SIZE[1] * 3 // 4 :].astype(int).transpose(2, 0, 1)
    return np.nonzero((red > 200) & (green > 150) & (blue < 150))[1]


def psnr(one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8]) -> float:
    return float(10 * np.log10(255**2 / max(1e-6, ((one.astype(float) - other) ** 2).mean())))


def run(folder: Path, *words: str) -> None:
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=590, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def install(folder: Path) -> None:
    """Install the packages of the example; LECTURES_REMOTION_MODULES names a node_modules that has them already."""
    if ready := os.environ.get("LECTURES_REMOTION_MODULES"):
        (folder / "node_modules").symlink_to(ready)
        return
    installed = subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund"],  # noqa: S607 - any npm
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=590,
        check=False,
    )
    if installed.returncode:
        pytest.skip(f"npm cannot install Remotion: {installed.stderr.strip().splitlines()[-1:]}")


def test_remotion_renders_the_film_that_we_do(timeline: Any, shelf: Shelf, tmp_path: Path) -> None:
    folder = tmp_path / "film"
    shutil.copytree(EXAMPLE, folder)
    install(folder)
    ours, theirs = tmp_path / "ours.mp4", folder / "out" / "lecture.mp4"
    render_mp4(timeline, ours, shelf)
    FORMS["remotion"](timeline, "light", folder / "public", shelf, lambda _share: None)
    run(folder, "npm", "run", "check")
    browser = (f"--browser-executable={CHROMIUM}", "--chrome-mode=chrome-for-testing")
    run(folder, "npm", "run", "render", "--", *browser)

    seen, again = frames(ours), frames(theirs)
    assert len(again) == len(seen) == timeline["duration_in_frames"]
    above = slice(0, SIZE[1] * 3 // 4)  # where no captions are
    clear = range(24, len(seen), 7)
    assert min(psnr(seen[number][above], again[number][above]) for number in clear) >= 35, "pictures and clip"
    first = timeline["segments"][1]["captions"][0]["words"][0]
    marked = amber(theirs, (first["start_ms"] + first["end_ms"]) * 30 // 2000)
    assert marked.size > 50
    assert marked.min() > SIZE[0] / 2, "the first word of an Arabic line is at its right end"
    assert abs(measure(ours)["loudness_millibel"] - measure(theirs)["loudness_millibel"]) <= 50
