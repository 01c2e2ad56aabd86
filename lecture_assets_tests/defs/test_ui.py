"""Dagster's UI as an operator sees it, in a real browser against `lectures dev`.

Leaves a screenshot of every page in the folder that LECTURES_SCREENSHOTS names, if any, where a person looks at them.
"""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from lecture_assets.defs.check_evaluations import CHECKED, CHECKS
from lecture_assets_tests.defs.dev_queries import LECTURE, backfills, run_ids, stale, statuses, switch_sensor
from lecture_assets_tests.defs.dev_server import LAUNCH, SELECTOR, Dev, running, until
from lecture_assets_tests.processes import run_command
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.servers.homes import home_environ

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.thorough("a browser and `lectures dev` take two minutes of CPU; what pages show is tested over GraphQL"),
    pytest.mark.skipif(CHROMIUM is None, reason="no browser on PATH: apt-get install chromium"),
]
SMALL = "drop"
"""A lecture that nothing is made of, until a backfill makes it while the other tests run."""
IMAGE = f"/assets/asset/image?view=partitions&partition={LECTURE}%7C"
MUSIC = f"/assets/asset/music?view=partitions&partition={LECTURE}"
_PATIENCE_MS = 30_000


@dataclass
class Browser:
    """A page, the server it shows, and the folder of its screenshots, if they are wanted."""

    dev: Dev
    page: Page
    folder: Path | None

    def open(self, path: str) -> Page:
        self.page.goto(self.dev.url + path)
        return self.page

    def keep(self, name: str) -> None:
        if self.folder is not None:
            self.page.wait_for_timeout(500)  # what moves has arrived
            self.page.screenshot(path=self.folder / f"{name}.png")


def lectures(home: Path, *words: str) -> None:
    environ = {**os.environ, **home_environ(home), "LECTURES_SIM_LATENCY": "0"}
    run_command(*words, environ=environ).check_returncode()


@pytest.fixture(scope="module")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dev]:
    """A server with the example lecture; the sensor that starts runs is off until a test needs it."""
    home = tmp_path_factory.mktemp("ui") / "home"
    lectures(home, "make", "--example", LECTURE, "--out", str(home / "out"))
    brief = home / f"{SMALL}.json"
    brief.write_text(json.dumps({"prompt": "A drop", "duration": 10, "num_segments": 1, "images_per_segment": 1}))
    lectures(home, "create", str(brief))
    with running(home) as dev:
        switch_sensor(dev, "stopSensor")
        until(lambda: set(statuses(dev).values()) == {"FRESH"}, every=0.5)
        yield dev


@pytest.fixture(scope="module")
def browser(dev: Dev) -> Iterator[Browser]:
    wanted = os.environ.get("LECTURES_SCREENSHOTS")
    folder = Path(wanted) if wanted else None
    if folder is not None:
        folder.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 1600, "height": 1000})
        page.set_default_timeout(_PATIENCE_MS)
        expect.set_options(timeout=_PATIENCE_MS)
        yield Browser(dev, page, folder)
        chromium.close()


def test_the_graph_shows_its_groups(browser: Browser) -> None:
    page = browser.open("/asset-groups")
    for group in ("config", "settings", "llm", "content", "asset", "assembler"):
        expect(page.get_by_text(group, exact=True).first).to_be_visible()
    browser.keep("graph")
    page.get_by_text("asset", exact=True).last.dblclick()
    expect(page.get_by_text("narration", exact=True).last).to_be_visible()
    browser.keep("graph-of-media")


def test_materialize_all_of_a_lecture_starts_a_backfill(browser: Browser) -> None:
    page = browser.open("/asset-groups")
    page.get_by_role("button", name="Materialize all").click()
    chooser = page.get_by_text("Select a partition or create one")
    expect(chooser).to_have_count(1)  # two, until the page knows how the assets are partitioned
    chooser.click()
    page.keyboard.type(SMALL)
    page.get_by_text(SMALL, exact=True).locator("visible=true").last.click()
    browser.keep("materialize-all")
    page.get_by_role("button", name="Launch backfill").click()
    until(lambda: backfills(browser.dev), every=0.5)


def test_the_page_of_an_image_shows_the_picture_and_why_it_is_there(browser: Browser) -> None:
    page = browser.open(f"{IMAGE}s00.i0")
    picture = page.locator("img[src*='/lectures/media/']")
    expect(picture).to_be_visible()
    page.wait_for_function("document.querySelector(\"img[src*='/lectures/media/']\").naturalWidth > 100")
    for said in ("why", "cost_usd", "made_by", "made_from"):
        expect(page.get_by_text(said, exact=True)).to_be_visible()
    browser.keep("image")


def test_a_recording_plays_from_its_link(browser: Browser) -> None:
    page = browser.open(f"/assets/asset/narration?view=partitions&partition={LECTURE}%7Cs01")
    link = page.locator("a[href*='/lectures/media/']").first
    expect(link).to_be_visible()
    media = page.request.get(browser.dev.url + str(link.get_attribute("href")))
    assert media.headers["content-type"].startswith("audio/")
    browser.keep("narration")


def test_what_is_reported_by_hand_is_replaced_by_what_the_store_says(browser: Browser) -> None:
    page = browser.open(MUSIC)
    expect(page.get_by_text("View all historical events (1)")).to_be_visible()
    page.get_by_role("button", name="Materialize").first.locator("xpath=following::button[1]").click()
    page.get_by_text("Report materialization events").click()
    page.get_by_role("button", name="Report event").click()
    query = (
        '{ assetNodeOrError(assetKey: {path: ["asset", "music"]}) { ... on AssetNode '
        f'{{ assetMaterializations(partitions: ["{LECTURE}"]) {{ metadataEntries {{ label }} }} }} }} }}'
    )

    def plays() -> list[bool]:
        events = browser.dev.graphql(query)["assetNodeOrError"]["assetMaterializations"]
        return [any(entry["label"] == "play" for entry in event["metadataEntries"]) for event in events]

    until(lambda: plays() == [True, False, True], every=0.5)
    browser.open(MUSIC)
    expect(page.locator("a[href*='/lectures/media/']").first).to_be_visible()
    browser.keep("report-undone")
    assert not stale(browser.dev)


def test_the_page_of_a_timeline_shows_a_contact_sheet_that_fits_and_links_to_the_film(browser: Browser) -> None:
    page = browser.page
    for asset, partition in (("timeline", LECTURE), ("segment_timeline", f"{LECTURE}%7Cs01")):
        browser.open(f"/assets/assembler/{asset}?view=partitions&partition={partition}")
        until(lambda: page.evaluate("document.querySelector(\"img[src*='/lectures/timeline/']\")?.naturalWidth > 400"))
        sheet = page.locator("img[src*='/lectures/timeline/']").bounding_box()
        assert sheet is not None
        assert sheet["x"] + sheet["width"] <= 1600
        browser.keep(asset)
    film = page.locator("a[href$='/film.mp4']").first
    expect(film).to_be_visible()
    if THOROUGH:  # it is rendered for half a minute
        page.goto(browser.dev.url + str(film.get_attribute("href")))
        expect(page.locator("video")).to_be_visible(timeout=5 * _PATIENCE_MS)  # until then the page reloads itself


def test_checks_that_a_program_executes_are_on_the_page_of_the_timeline(browser: Browser) -> None:
    checks = [{"assetKey": {"path": CHECKED.path}, "name": name} for name in CHECKS]
    selector = {**SELECTOR, "jobName": "__ASSET_JOB", "assetSelection": [], "assetCheckSelection": checks}
    tags = [{"key": "dagster/partition", "value": LECTURE}]
    launched = browser.dev.graphql(LAUNCH, params={"selector": selector, "executionMetadata": {"tags": tags}})["launchRun"]
    until(lambda: browser.dev.status(launched["run"]["runId"]) == "SUCCESS", every=0.5)
    page = browser.open("/assets/assembler/timeline?view=checks&checkDetail=plays_without_gaps")
    expect(page.get_by_text("Succeeded", exact=True)).to_have_count(len(CHECKS) - 1)  # it is longer than was asked for
    for said in (LECTURE, "missing_media"):
        expect(page.get_by_text(said, exact=True).first).to_be_visible()
    browser.keep("checks")


def test_an_edit_makes_exactly_the_right_partitions_stale_and_the_page_says_why(browser: Browser) -> None:
    image = "asset:image:segment[0]:image[1]"
    lectures(browser.dev.home, "edit", LECTURE, f"reroll {image}")
    until(lambda: stale(browser.dev) == {image}, 30, every=0.5)
    page = browser.open(f"{IMAGE}s00.i1")
    expect(page.get_by_text("Unsynced")).to_be_visible()
    browser.keep("image-stale")
    page = browser.open(f"{IMAGE}s00.i0")
    expect(page.get_by_text("Materialized", exact=True).first).to_be_visible()
    expect(page.get_by_text("Unsynced")).to_have_count(0)


def test_materialize_makes_that_one_image(browser: Browser) -> None:
    assert stale(browser.dev) == {"asset:image:segment[0]:image[1]"}
    page = browser.open(f"{IMAGE}s00.i1")
    expect(page.get_by_text("Unsynced")).to_be_visible()
    page.get_by_role("button", name="Materialize").first.click()
    launch = page.get_by_role("button", name="Launch 1 run")
    expect(launch).to_be_enabled()
    browser.keep("materialize")
    launch.click()
    # What reads the image is stale now, for it was not asked for.
    until(lambda: stale(browser.dev) == {"assembler:segment-timeline:segment[0]"}, every=0.5)
    browser.open(f"{IMAGE}s00.i1")
    expect(page.get_by_text("its own setting reroll was set to 2")).to_be_visible()
    browser.keep("image-made-again")


def test_the_job_runs_from_the_launchpad(browser: Browser) -> None:
    page = browser.open("/locations/lecture_assets/jobs/regenerate_lecture/playground")
    chooser, choice = page.get_by_placeholder("Partition"), page.get_by_text(LECTURE, exact=True).last

    def choices_are_shown() -> bool:
        chooser.click()
        chooser.fill(LECTURE)
        return choice.is_visible()

    until(choices_are_shown, 30)  # words that are typed before the partitions are there may be lost
    choice.click()
    browser.keep("launchpad")
    page.get_by_role("button", name="Launch Run").click()
    until(lambda: not stale(browser.dev), every=0.5)
    page.wait_for_url("**/runs/**")
    expect(page.get_by_text("Success").first).to_be_visible()
    browser.keep("run")


def test_an_edit_is_regenerated_by_the_sensor_with_no_further_command(browser: Browser) -> None:
    switch_sensor(browser.dev, "startSensor")
    before = len(run_ids(browser.dev))
    lectures(browser.dev.home, "edit", LECTURE, "text content:narration-text:segment[2]=Leaves make sugar.")
    until(lambda: len(run_ids(browser.dev)) > before and not stale(browser.dev), every=0.5)
    page = browser.open("/runs")
    expect(page.get_by_text("start_regenerations").first).to_be_visible()
    browser.keep("runs")


def test_pools_are_seen_and_changed(browser: Browser) -> None:
    page = browser.open("/deployment/concurrency")
    for pool in ("openai", "replicate"):
        expect(page.get_by_text(pool, exact=True).first).to_be_visible()
    browser.keep("pools")
    page.get_by_text("replicate", exact=True).first.click()
    page.get_by_role("button", name="Edit").first.click()
    dialog = page.get_by_role("dialog")
    dialog.locator("input").last.fill("3")
    dialog.get_by_role("button").last.click()
    query = "{ instance { concurrencyLimits { concurrencyKey slotCount } } }"
    limit = {"concurrencyKey": "replicate", "slotCount": 3}
    until(lambda: limit in browser.dev.graphql(query)["instance"]["concurrencyLimits"], every=0.5)


def test_no_page_shows_an_error(browser: Browser) -> None:
    for path in ("/overview", "/jobs", "/automation", "/assets"):
        page = browser.open(path)
        page.wait_for_load_state("networkidle")
        expect(page.get_by_text("An unexpected error")).to_have_count(0)
        expect(page.get_by_text("PythonError")).to_have_count(0)


def test_the_backfill_of_the_whole_lecture_ends_green(browser: Browser) -> None:
    until(lambda: [found["status"] for found in backfills(browser.dev)] == ["COMPLETED_SUCCESS"], 180, every=1)
    assert set(statuses(browser.dev, SMALL).values()) == {"FRESH"}
    page = browser.open(f"/runs/b/{backfills(browser.dev)[0]['id']}")
    expect(page.get_by_text("Succeeded", exact=True).first).to_be_visible()
    expect(page.get_by_text("100% completed").first).to_be_visible()
    browser.keep("backfill")
