"""A real browser: EventSource follows a lecture and gives up when it is gone; `<video>` seeks; both also on foreign pages."""

import base64
import json
import re
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from lecture_assets_tests.api.serving import ServedApi
from lecture_assets_tests.api.test_events import events_url
from lecture_assets_tests.defs.host.http_request import ask
from lecture_assets_tests.project import ROOT
from lecture_assets_tests.render.samples import BLUE, RED, Shelf

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no browser on PATH: apt-get install chromium"),
]
_PATIENCE_MS = 60_000
FOLLOW = """(url) => {
  window.seen = [];
  window.events = new EventSource(url);
  for (const kind of ["revision", "node", "timeline", "run-ended", "deleted"])
    events.addEventListener(kind, (event) => seen.push([kind, event.lastEventId, JSON.parse(event.data)]));
}"""
(_PAGE,) = re.findall(r"```js\n(.*?)```", (ROOT / "docs" / "rest.md").read_text(encoding="utf-8"), re.DOTALL)
EXAMPLE = f"""([eventsUrl, published]) => {{
  window.did = [];
  const reload = () => did.push(["reload"]), applyPatch = (timeline, patch) => did.push(["patch", patch.length]);
  {_PAGE}
  window.events = events;
}}"""
PLAY = """(url) => new Promise((done, failed) => {
  const video = document.createElement("video");
  video.onerror = () => failed(video.error.message);
  video.onloadedmetadata = () => { video.currentTime = 1.2; };
  video.onseeked = () => done([video.videoWidth, video.videoHeight, video.currentTime, video.duration]);
  video.src = url;
  document.body.append(video);
})"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = chromium.new_page()
        page.set_default_timeout(_PATIENCE_MS)
        yield page
        chromium.close()


class _Empty(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>elsewhere</title><body>")

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


@contextmanager
def elsewhere() -> Iterator[str]:
    """A page of another origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Empty) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://localhost:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def make(served: ServedApi) -> None:
    """Regenerate, in a thread: playwright runs an event loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(served.make).result()


def test_event_source_follows_a_lecture_until_it_is_deleted(served: ServedApi, page: Page) -> None:
    served.create()
    page.goto(f"http://127.0.0.1:{served.port}/lectures/health")
    page.evaluate(FOLLOW, events_url(served))
    page.wait_for_function("seen.length === 1")
    make(served)
    page.wait_for_function("seen.some(([kind]) => kind === 'run-ended')")
    seen = page.evaluate("seen")
    assert [kind for kind, *_ in seen].count("node") == seen[-1][2]["report"]["made"]
    assert [int(number) for _, number, _ in seen] == [data["number"] for *_, data in seen]
    served.data('mutation { deleteLecture(id: "rain") { __typename } }')
    page.wait_for_function("seen.at(-1)[0] === 'deleted'")
    page.wait_for_function("events.readyState === EventSource.CLOSED")  # it was told 404


def test_the_documented_page_reads_the_first_timeline_anew_and_patches_the_next(served: ServedApi, page: Page) -> None:
    served.create()
    published = json.loads(ask(served.port, "GET", "/api/lectures/rain/timeline").body)
    page.goto(f"http://127.0.0.1:{served.port}/lectures/health")
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.evaluate(EXAMPLE, [events_url(served), published])
    make(served)
    page.wait_for_function("did.length === 1")
    assert (page.evaluate("did"), wrong, published["base"]) == ([["reload"]], [], None)
    page.evaluate("events.close()")


def test_a_page_from_elsewhere_follows_by_a_signed_url_alone(served: ServedApi, page: Page) -> None:
    served.create()
    make(served)
    server = f"http://127.0.0.1:{served.port}"
    with elsewhere() as url:
        page.goto(url)
        page.evaluate(FOLLOW, f"{server}{events_url(served)}")
        page.wait_for_function("seen.some(([kind]) => kind === 'run-ended')")
        page.evaluate("events.close()")
        page.evaluate(FOLLOW, f"{server}/lectures/rain/events")
        page.wait_for_function("events.readyState === EventSource.CLOSED")
        assert page.evaluate("seen") == []


def test_a_video_seeks_by_ranges_of_a_signed_url(served: ServedApi, page: Page, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf")
    content = base64.b64encode(shelf(shelf.clip([RED, BLUE, RED, BLUE])["sha256"]).read_bytes()).decode()
    text = "mutation($c: String!) { uploadMedium(sort: CLIP, base64: $c) { ... on MediumUploaded { url } } }"
    url = f"http://127.0.0.1:{served.port}{served.execute(text, c=content)['uploadMedium']['url']}"
    answers: list[tuple[int, str | None]] = []
    page.on("response", lambda answer: answers.append((answer.status, answer.request.headers.get("range"))))
    for begin in (f"http://127.0.0.1:{served.port}/lectures/health", None):
        with elsewhere() as other:
            page.goto(begin or other)
            width, height, at, _ = page.evaluate(PLAY, url)
            assert (width, height, round(at, 1)) == (320, 180, 1.2)
    assert (206, "bytes=0-") in answers
