"""A page as it is exported, and a browser that shows it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from lecture_assets.render.forms import FORMS
from lecture_assets_tests.browser import CHROMIUM
from lecture_assets_tests.render.samples import BLUE, GREEN, RED, Shelf

SAID = ("Leaves catch the light. They keep it.", "Why <b>green</b> & not black? Nobody knows.", "That is all.")


def lecture(shelf: Shelf, said: tuple[str, ...] = SAID, **more: str) -> Any:
    """A lecture of a segment of one second a text."""
    segments = [
        shelf.segment(
            slot,
            narration=shelf.tone(1.0, 500 + slot, words=text),
            pictures=[shelf.picture(colour) | {"alt": f"Picture {slot} of a leaf."}],
        )
        for slot, (text, colour) in enumerate(zip(said, (RED, GREEN, BLUE), strict=False))
    ]
    timeline = shelf.lecture(*segments, title="How plants eat light", description="About leaves.")
    return {**timeline, "language": "en", "direction": "ltr", **more}


def exported(timeline: Any, shelf: Shelf, out: Path, form: str = "html") -> Path:
    """The path of the page, or of the package."""
    return FORMS[form](timeline, "plants", out, shelf, lambda _share: None)


@contextmanager
def browsing() -> Iterator[Page]:
    """A page of a browser that plays films by itself, in a window of 1000 × 800 pixels."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        page = chromium.new_page(viewport={"width": 1000, "height": 800})
        page.set_default_timeout(30_000)
        yield page
        chromium.close()
