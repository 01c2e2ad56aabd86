"""Media by signed URLs, or by a token: each workspace its own; ranges, ETags, methods; from S3, through here or by redirect."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from lecture_assets.api.media_files import is_digest
from lecture_assets.api.signed_urls import MEDIA, PERIOD_S, Signed, UrlSigner, expiry
from lecture_assets.store import signing_secrets
from lecture_assets_tests.api.serving import ServedApi, serving, wait_until
from lecture_assets_tests.api.test_access import token
from lecture_assets_tests.api.test_edits import picture
from lecture_assets_tests.defs.host.http_request import HttpAnswer, ask
from lecture_assets_tests.servers.s3 import BUCKET
from lecture_assets_tests.store.s3_media import new_bucket, s3_environ

pytestmark = pytest.mark.slow
URLS = """{ lecture(id: "rain") {
  timeline { segments { layers { media { sha256 url } } narration { media { url } } } music { media { url } } }
  nodes(first: 100) { items { value { ... on LecturePicture { url } ... on LectureSpeech { url } ... on LectureMusic { url } } } }
} }"""


def get(served: ServedApi, path: str, method: str = "GET", **headers: str) -> HttpAnswer:
    return ask(served.port, method, path, headers)


def urls_in(document: Any) -> Iterator[str]:
    """All URLs in an answer."""
    if isinstance(document, list):
        for item in document:
            yield from urls_in(item)
    elif isinstance(document, dict):
        for key, value in document.items():
            yield from [value] if key == "url" else urls_in(value)


def a_url(served: ServedApi) -> str:
    """The signed URL of a picture."""
    (first, *_) = served.data(URLS)["lecture"]["timeline"]["segments"]
    url: str = first["layers"][0]["media"]["url"]
    return url


def test_every_medium_that_is_told_of_can_be_fetched_without_a_token(made: ServedApi) -> None:
    found = set(urls_in(made.data(URLS)))
    media = {urlsplit(url).path.rpartition("/")[2] for url in found}
    assert len(media) == len(found) >= 5
    assert all(get(made, url).status == 200 for url in found)


def test_a_url_stays_the_same_within_a_period_so_that_browsers_find_it_in_their_cache(made: ServedApi) -> None:
    assert a_url(made) == a_url(made)
    assert expiry(PERIOD_S) == expiry(2 * PERIOD_S - 1) == 3 * PERIOD_S
    kept = get(made, a_url(made)).headers["cache-control"]
    assert kept.startswith("private, max-age=")
    assert 0 < int(kept.split("=")[1].split(",")[0]) <= 2 * PERIOD_S


def test_a_player_gets_the_range_that_it_seeks_and_what_it_has_is_not_sent_again(made: ServedApi) -> None:
    url = a_url(made)
    whole = get(made, url)
    size, tag = len(whole.body), whole.headers["etag"]
    part = get(made, url, Range="bytes=2-5")
    assert (part.status, part.body, part.headers["content-range"]) == (206, whole.body[2:6], f"bytes 2-5/{size}")
    assert get(made, url, Range="bytes=-3").body == whole.body[-3:]
    beyond = get(made, url, Range=f"bytes={size}-")
    assert (beyond.status, beyond.headers["access-control-allow-origin"]) == (416, "*")
    assert get(made, url, Range=f"bytes={size}-").headers["content-range"] == f"bytes */{size}"
    for ignored in ("bytes=x", "items=0-1", "bytes=5-2", "bytes="):
        assert get(made, url, Range=ignored).body == whole.body
    assert get(made, url, Range="bytes=0-1", **{"If-Range": tag}).status == 206
    assert get(made, url, Range="bytes=0-1", **{"If-Range": '"another"'}).body == whole.body
    assert (get(made, url, **{"If-None-Match": tag}).status, get(made, url, **{"If-None-Match": '"x"'}).status) == (304, 200)
    head = get(made, url, "HEAD")
    assert (head.status, head.body, int(head.headers["content-length"])) == (200, b"", size)
    assert (whole.headers["x-content-type-options"], whole.headers["accept-ranges"]) == ("nosniff", "bytes")


@pytest.mark.parametrize(
    ("before", "after"),
    [("signature=", "signature=x"), ("expires=", "expires=9"), ("workspace=default", "workspace=other"), ("expires=", "a=")],
)
def test_a_url_that_was_changed_is_refused(made: ServedApi, before: str, after: str) -> None:
    refused = get(made, a_url(made).replace(before, after, 1))
    assert (refused.status, json.loads(refused.body)["code"]) == (403, "SIGNATURE_INVALID")


def test_a_url_of_one_medium_is_of_no_other_and_ends(made: ServedApi) -> None:
    first, second = sorted(set(urls_in(made.data(URLS))))[:2]
    assert get(made, second.partition("?")[0] + "?" + first.partition("?")[2]).status == 403
    sha256 = urlsplit(first).path.rpartition("/")[2]
    with made.lectures.context.database.read() as connection:
        secret = signing_secrets.find(connection)
        now = int(made.lectures.context.store_time(connection))
    assert secret is not None
    assert get(made, UrlSigner(secret, "default", "", now + 60).medium(sha256)).status == 200
    assert get(made, UrlSigner(secret, "default", "", now).medium(sha256)).status == 403
    of_events = Signed("events", "default", sha256, now + 60)
    assert get(made, f"/api/media/{sha256}?{of_events.query(secret)}").status == 403
    assert Signed(MEDIA, "a", "b", 1).signature(secret) != Signed(MEDIA, "a", "b", 2).signature(secret)


def test_by_a_token_a_workspace_sees_its_own_media_and_others_are_as_if_they_were_not_there(served_by_either: ServedApi) -> None:
    served = served_by_either
    served.create()
    served.make()
    path = urlsplit(a_url(served)).path
    ours, theirs = (f"Bearer {token(served, 'read', workspace)}" for workspace in ("default", "other"))
    mine = get(served, path, Authorization=ours)
    assert (mine.status, mine.headers["cache-control"]) == (200, "private, no-cache")
    assert "access-control-allow-origin" not in mine.headers
    foreign, nobodys = (get(served, p, Authorization=theirs) for p in (path, f"/api/media/{'0' * 64}"))
    assert (foreign.status, foreign.body) == (nobodys.status, nobodys.body)
    assert foreign.status == 404
    assert get(served, path, Authorization="Bearer x").status == 401
    assert get(served, a_url(served), Authorization=theirs).status == 200  # whoever was given the URL
    served.data('mutation { deleteLecture(id: "rain") { __typename } }')
    assert get(served, path, Authorization=ours).status == 404


def test_an_upload_has_a_url_and_is_its_workspaces(served: ServedApi) -> None:
    asked = 'uploadMedium(sort: PICTURE, base64: $p, clientKey: "a") { ... on MediumUploaded { url sha256 } }'
    text = f"mutation($p: String!) {{ {asked} }}"
    uploaded = served.execute(text, p=picture())["uploadMedium"]
    again = served.execute(text, p=picture())["uploadMedium"]
    assert uploaded == again
    answer = get(served, uploaded["url"])
    assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
    for workspace, status in (("default", 200), ("other", 404)):
        bearer = f"Bearer {token(served, 'read', workspace)}"
        assert get(served, f"/api/media/{uploaded['sha256']}", Authorization=bearer).status == status


@pytest.mark.parametrize("name", ["0" * 63, "X" * 64, "..%2F..%2Flectures.db", "%00" * 64, "0" * 64 + "/preview", "%ff%fe"])
def test_anything_but_a_digest_is_not_found(made: ServedApi, name: str) -> None:
    answer = get(made, f"/api/media/{name}")
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")
    assert not is_digest(name)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_media_are_only_read(made: ServedApi, method: str) -> None:
    answer = get(made, a_url(made), method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


CROSS = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty", "Origin": "https://app.example"}


def test_pages_from_elsewhere_may_use_signed_urls_and_nothing_else(made: ServedApi) -> None:
    url = a_url(made)
    signed = get(made, url, **CROSS)
    assert (signed.status, signed.headers["access-control-allow-origin"]) == (200, "*")
    path = urlsplit(url).path
    assert get(made, path, **CROSS).status == get(made, "/api/lectures?signature=x", **CROSS).status == 403
    assert get(made, f"{path}?signature=x", **CROSS).status == 403
    assert get(made, url, Host="evil.example").status == 403


@pytest.mark.sqlite
def test_a_lost_medium_is_not_found(served: ServedApi) -> None:
    served.create()
    served.make()
    url = a_url(served)
    shutil.rmtree(Path(served.lectures.context.artifacts.place))
    assert get(served, url).status == 404


@pytest.mark.parametrize("redirects", ["0", "1"])
def test_media_on_s3_come_through_the_cache_or_from_there(tmp_path: Path, redirects: str) -> None:
    with s3_environ():
        place = f"s3://{BUCKET}/{new_bucket().place.prefix}"
        with serving(tmp_path / "home", LECTURES_ARTIFACTS=place, LECTURES_MEDIA_REDIRECT=redirects) as served:
            served.create()
            served.make()
            url = a_url(served)
            answer = get(served, url)
            if redirects == "0":
                sha256 = urlsplit(url).path.rpartition("/")[2]
                (served.lectures.context.home / "media-cache" / sha256[:2] / sha256).unlink()
                assert (get(served, url).body, get(served, url, Range="bytes=0-3").status) == (answer.body, 206)
                wait_until(lambda: list(served.lectures.context.artifacts.leftovers()) == [])
            else:
                assert (answer.status, answer.headers["cache-control"]) == (307, "no-store")
                assert "Expires=900" in answer.headers["location"]
                assert httpx.get(answer.headers["location"], headers={"Range": "bytes=0-3"}).status_code == 206


def test_urls_begin_with_what_the_environment_says(tmp_path: Path) -> None:
    with serving(tmp_path / "home", LECTURES_MEDIA_URL="https://lectures.example.com/api-of-ours/") as served:
        served.create()
        found = served.data('{ lecture(id: "rain") { eventsUrl } }')["lecture"]["eventsUrl"]
        assert found.startswith("https://lectures.example.com/api-of-ours/lectures/rain/events?workspace=default&expires=")
