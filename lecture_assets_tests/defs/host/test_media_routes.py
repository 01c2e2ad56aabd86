"""Media on S3 are served through the cache, or by a signed URL; what is damaged or away is not served, and said."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from lecture_assets.defs.host.media_routes import MediaRoutes
from lecture_assets.defs.sync.metadata import MEDIA_PATH
from lecture_assets.runner.setup.context import Context, open_context
from lecture_assets_tests.servers.s3 import BUCKET
from lecture_assets_tests.store.s3_media import new_bucket, s3_environ

FOREIGN = "0" * 64


@pytest.fixture(scope="module", autouse=True)
def server() -> Iterator[None]:
    with s3_environ():
        yield


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    place = f"s3://{BUCKET}/{new_bucket().place.prefix}"
    context = open_context({"LECTURES_HOME": str(tmp_path / "home"), "LECTURES_ARTIFACTS": place})
    yield context
    context.close()


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (640, 360), "teal").save(out, "PNG")
    return out.getvalue()


def stored(context: Context, content: bytes) -> str:
    source = context.artifacts.workspace() / "source"
    source.write_bytes(content)
    sha256 = context.artifacts.adopt(source)
    source.parent.rmdir()
    return sha256


def client(context: Context) -> TestClient:
    return TestClient(Starlette(routes=MediaRoutes(context).routes()), follow_redirects=False)


def forget(context: Context, sha256: str) -> None:
    """Remove a medium from the cache, so that S3 is asked."""
    (context.home / "media-cache" / sha256[:2] / sha256).unlink()


def test_a_medium_its_ranges_and_its_preview_come_from_s3(context: Context) -> None:
    content = picture()
    sha256, browser = stored(context, content), client(context)
    forget(context, sha256)
    whole = browser.get(f"{MEDIA_PATH}/{sha256}")
    assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, content, "image/png")
    part = browser.get(f"{MEDIA_PATH}/{sha256}", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, content[10:20])
    assert browser.get(f"{MEDIA_PATH}/{sha256}", headers={"If-None-Match": whole.headers["etag"]}).status_code == 304
    assert Image.open(BytesIO(browser.get(f"{MEDIA_PATH}/{sha256}/preview").content)).width == 320
    assert browser.get(f"{MEDIA_PATH}/{FOREIGN}").status_code == 404
    assert list(context.artifacts.leftovers()) == []


def test_browsers_that_can_reach_s3_are_sent_there(context: Context) -> None:
    sha256 = stored(context, picture())
    sent = client(replace(context, media_redirect=True)).get(f"{MEDIA_PATH}/{sha256}")
    assert (sent.status_code, sent.headers["cache-control"]) == (307, "no-store")
    assert httpx.get(sent.headers["location"]).content == picture()


def test_damaged_bytes_are_not_served(context: Context) -> None:
    sha256 = stored(context, picture())
    forget(context, sha256)
    new_bucket(f"{context.artifacts.place.partition(f'{BUCKET}/')[2]}/").put_text(f"{sha256[:2]}/{sha256}", b"?", only_new=False)
    assert client(context).get(f"{MEDIA_PATH}/{sha256}").status_code == 404
    assert not context.artifacts.has(sha256)


def test_where_s3_refuses_the_page_says_so(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = stored(context, picture())
    forget(context, sha256)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    context.artifacts._media.bucket._client._made = None  # type: ignore[attr-defined]
    for path in (f"{MEDIA_PATH}/{sha256}", f"{MEDIA_PATH}/{sha256}/preview"):
        answer = client(context).get(path)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert "does not accept the credentials" in answer.text
