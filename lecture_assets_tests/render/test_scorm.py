"""A SCORM 1.2 package as a learning platform plays it: in a frame, with the platform's API in the page around it."""

import functools
import json
import threading
import zipfile
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page

from lecture_assets_tests.browser import needs_browser
from lecture_assets_tests.render.page_samples import browsing, exported, lecture
from lecture_assets_tests.render.samples import Shelf

pytestmark = [needs_browser, pytest.mark.slow]
PLATFORM = """<!doctype html><title>LMS</title><script>
const kept = JSON.parse(localStorage.getItem("kept") || '{"cmi.core.lesson_status": "not attempted"}');
window.said = [];
window.API = {
  LMSInitialize: () => { said.push(["LMSInitialize"]); return "true"; },
  LMSGetValue: (name) => kept[name] ?? "",
  LMSSetValue: (name, value) => { said.push([name, value]); kept[name] = value; return "true"; },
  LMSCommit: () => { localStorage.setItem("kept", JSON.stringify(kept)); return "true"; },
  LMSFinish: () => { said.push(["LMSFinish"]); API.LMSCommit(""); return "true"; },
};
</script><iframe src="course/index.html" allow="autoplay" width="900" height="700"></iframe>"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a platform with the course on it."""
    tmp_path = tmp_path_factory.mktemp("scorm")
    shelf = Shelf(tmp_path / "media")
    package = exported(lecture(shelf), shelf, tmp_path / "plants.zip", "scorm")
    with zipfile.ZipFile(package) as found:
        found.extractall(tmp_path / "lms" / "course")
    (tmp_path / "lms" / "index.html").write_text(PLATFORM)
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path / "lms")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as page:
        assert page.context.browser is not None
        yield page.context.browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of somebody whom the platform has not seen."""
    with browser.new_context() as context:
        yield context.new_page()


def watch(page: Page, start: float, end: float) -> None:
    """Play a share of the film to another one, at four times its pace."""
    page.frames[1].evaluate(
        """([start, end]) => new Promise((done) => {
            const look = () => film.ended || film.currentTime >= end * film.duration
                ? (film.addEventListener("pause", () => setTimeout(done, 50), {once: true}), film.pause(), film.ended && done())
                : setTimeout(look, 10);
            film.currentTime = start * film.duration; film.playbackRate = 4; film.play().then(look);
        })""",
        [start, end],
    )


def visit(page: Page, address: str) -> None:
    page.goto(address)
    page.frames[1].wait_for_function("film.readyState > 2")


def told(page: Page, name: str) -> list[str]:
    values: list[str] = page.evaluate("name => said.filter(([key]) => key === name).map(([, value]) => value)", name)
    return values


STATUS, PLACE = "cmi.core.lesson_status", "cmi.core.lesson_location"


@pytest.mark.thorough("several visits of a browser take five seconds of CPU")
def test_it_is_completed_once_nine_tenths_were_watched_over_several_visits(page: Page, platform: str) -> None:
    visit(page, platform)
    watch(page, 0, 0.5)
    assert told(page, STATUS) == ["incomplete"]
    left = float(told(page, PLACE)[-1])
    assert set(json.loads(told(page, "cmi.suspend_data")[-1])["watched"]) == {"0", "1"}
    visit(page, platform)
    assert page.frames[1].evaluate("film.currentTime") == pytest.approx(left, abs=0.11), "it goes on where it was left"
    page.frames[1].evaluate("film.currentTime = film.duration")  # to skip is not to watch
    watch(page, 0.45, 0.8)
    assert told(page, STATUS) == ["incomplete"]
    watch(page, 0.75, 1)
    assert told(page, STATUS) == ["incomplete", "completed"]
    visit(page, platform)
    watch(page, 0, 0.2)
    assert told(page, STATUS) == [], "what was completed stays so"
    assert max(map(len, told(page, "cmi.suspend_data"))) < 4096


def test_a_page_that_is_left_says_so_and_how_long_it_was_open(page: Page, platform: str) -> None:
    visit(page, platform)
    page.evaluate("document.querySelector('iframe').remove()")
    assert told(page, "LMSFinish") == [None]
    assert told(page, "cmi.core.exit") == ["suspend"]
    assert told(page, "cmi.core.session_time")[0].startswith("0000:00:")


def test_without_a_platform_it_is_the_page(page: Page, platform: str) -> None:
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{platform}course/index.html")
    page.wait_for_function("film.readyState > 0")
    assert faults == []
