"""The page of a lecture in a real browser, from disk, without a server or a network."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from lecture_assets.render.page import page_of
from lecture_assets_tests.browser import needs_browser
from lecture_assets_tests.render.page_samples import browsing, exported, lecture
from lecture_assets_tests.render.samples import Shelf

pytestmark = [needs_browser, pytest.mark.slow]
ASKED: list[str] = []
FAULTS: list[str] = []


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Page, Any]]:
    """The page, open, and its timeline."""
    folder = tmp_path_factory.mktemp("page")
    shelf = Shelf(folder / "media")
    timeline = lecture(shelf)
    page_file = exported(timeline, shelf, folder / "out")
    with browsing() as page:
        page.on("request", lambda request: ASKED.append(request.url))
        page.on("pageerror", lambda error: FAULTS.append(str(error)))
        page.goto(page_file.as_uri())
        yield page, timeline


@pytest.fixture
def page(shown: tuple[Page, Any]) -> Page:
    """The page at its beginning, paused, with nothing focused."""
    page, _ = shown
    page.wait_for_function("film.readyState > 0")
    page.evaluate("film.pause(); film.muted = false; document.activeElement.blur()")
    seek(page, 0)
    return page


def seek(page: Page, time: float) -> None:
    page.evaluate(
        "time => new Promise(done => { film.addEventListener('seeked', done, {once: true}); film.currentTime = time })", time
    )


def now(page: Page) -> float:
    time: float = page.evaluate("film.currentTime")
    return time


def test_it_plays_and_shows_caption_sentence_and_chapter_of_the_moment(page: Page, shown: tuple[Page, Any]) -> None:
    _, timeline = shown
    second = timeline["segments"][1]["captions"][0]
    seek(page, (second["start_ms"] + 20) / 1000)
    page.evaluate("film.play()")
    page.wait_for_function("film.textTracks[0].activeCues.length === 1")
    cue = page.evaluate("film.textTracks[0].activeCues[0].getCueAsHTML().textContent")
    assert (page.evaluate("film.textTracks[0].mode"), cue) == ("showing", second["text"])
    page.wait_for_function("document.querySelector('#transcript a[aria-current]')")
    page.evaluate("film.pause()")
    assert page.locator("#transcript a[aria-current]").inner_text() == "Why <b>green</b> & not black?"
    assert page.locator("#transcript a[aria-current] .now").count() == 1
    assert page.locator("#chapters [aria-current] span").inner_text() == "Why <b>green</b> & not black?"
    assert page.evaluate("film.duration") == pytest.approx(timeline["duration_in_frames"] / 30, abs=0.1)


def test_chapters_and_sentences_lead_to_their_time(page: Page, shown: tuple[Page, Any]) -> None:
    _, timeline = shown
    page.locator("#chapters button").nth(2).click()
    assert now(page) == pytest.approx(timeline["segments"][2]["start_frame"] / 30, abs=0.02)
    page.locator("#transcript a", has_text="They keep it.").click()
    words = [word for caption in timeline["segments"][0]["captions"] for word in caption["words"]]
    they = next(word for word in words if word["text"] == "They")
    assert now(page) == pytest.approx(they["start_ms"] / 1000, abs=0.02)
    assert page.locator("#transcript a").count() == 5


def test_keys_work_while_the_player_has_the_focus_and_not_elsewhere(page: Page) -> None:
    page.keyboard.press("n")
    assert now(page) == 0
    page.locator("#film").focus()
    page.keyboard.press("n")
    assert page.locator("#chapters [aria-current] span").inner_text() == "Why <b>green</b> & not black?"
    page.keyboard.press("p")
    assert now(page) == 0
    page.keyboard.press("k")
    page.wait_for_function("!film.paused")
    page.keyboard.press(" ")
    page.wait_for_function("film.paused")
    for key, state in (("c", "film.textTracks[0].mode === 'disabled'"), ("c", "film.textTracks[0].mode === 'showing'")):
        page.keyboard.press(key)
        assert page.evaluate(state), key
    page.keyboard.press("m")
    assert page.evaluate("film.muted")
    page.keyboard.press("End")
    assert now(page) == pytest.approx(page.evaluate("film.duration"), abs=0.1)
    page.keyboard.press("ArrowLeft")
    assert now(page) == pytest.approx(max(0.0, page.evaluate("film.duration") - 5), abs=0.2)


def test_a_pause_before_the_frame_that_was_jumped_to_is_no_fault(page: Page) -> None:
    page.evaluate("""async () => {
        const jumped = new Promise((done) => film.addEventListener("seeked", done, { once: true }));
        for (const key of ["ArrowRight", "k", " "]) film.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        await jumped;
    }""")
    assert page.evaluate("film.paused")
    assert FAULTS == []


def test_it_is_reached_by_the_keyboard_alone(page: Page) -> None:
    page.locator("#chapters button").nth(1).focus()
    page.keyboard.press("Enter")
    assert now(page) > 0.5
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.start") is not None


def test_axe_finds_nothing_in_light_and_dark(page: Page) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.locator("details").evaluate("element => { element.open = true }")
        found = Axe().run(page).response["violations"]
        assert [(fault["id"], fault["impact"], fault["nodes"][0]["html"]) for fault in found] == [], scheme


def test_it_says_what_pictures_show_and_asks_for_nothing_but_its_own_files(page: Page) -> None:
    assert page.get_by_text("Picture 1 of a leaf.").count() == 1
    assert page.evaluate("document.documentElement.lang") == "en"
    names = {url.rpartition("/")[2] for url in ASKED if not url.startswith("data:")}
    assert names <= {"index.html", "lecture.mp4", "poster.jpg"}
    assert all(url.startswith(("file:", "data:")) for url in ASKED)
    assert FAULTS == []


def test_arabic_reads_from_right_to_left_and_its_words_stand_in_order(page: Page, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "media")
    timeline = lecture(shelf, ("تُسخّن الشمس مياه البحر 97% كل يوم.",), language="ar", direction="rtl")
    page.set_content(page_of(timeline))
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    lefts = page.evaluate("[...document.querySelectorAll('#transcript a span')].map(word => word.getBoundingClientRect().right)")
    assert lefts == sorted(lefts, reverse=True)
    assert page.evaluate("document.querySelector('track').srclang") == "ar"


LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2


@pytest.mark.parametrize("width", [1000, 360])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_a_long_word_makes_no_page_wider_and_is_not_hyphenated(page: Page, tmp_path: Path, width: int, direction: str) -> None:
    shelf = Shelf(tmp_path / "media")
    timeline = lecture(shelf, (f"Die {LONG} ist da.",), language="de", direction=direction, description=LONG)
    timeline["title"]["text"] = LONG
    timeline["segments"][0]["layers"][0]["alt"] = LONG
    page.set_viewport_size({"width": width, "height": 800})
    page.set_content(page_of(timeline))
    page.locator("details").evaluate("element => { element.open = true }")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("#transcript a").inner_text() == f"Die {LONG} ist da."
    page.set_viewport_size({"width": 1000, "height": 800})


def test_all_that_a_page_says_itself_stands_at_the_side_where_its_language_begins(page: Page, tmp_path: Path) -> None:
    words = ("#chapters-name", "#transcript-name", "label", "summary", "details p", ".seen", "dt")
    for language, direction, said in (("he", "rtl", "השמש מחממת את מי הים."), ("en", "ltr", "The sun warms the sea.")):
        page.set_content(page_of(lecture(Shelf(tmp_path / language), (said,), language=language, direction=direction)))
        page.locator("details").evaluate("element => { element.open = true }")
        for selector in words:
            inside, around = (page.locator(name).first.bounding_box() for name in (f"{selector} bdi", "main"))
            assert inside is not None
            assert around is not None
            right = around["x"] + around["width"] - inside["x"] - inside["width"]
            left = inside["x"] - around["x"]
            assert (right < left) is (direction == "rtl"), selector
            assert page.locator(f"{selector} bdi").first.evaluate("element => getComputedStyle(element).direction") == "ltr"
