"""S3 answers 500 and 503 in bursts and cuts connections: a lecture is made and edited all the same, each call bought once."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from lecture_assets.store.artifacts import Condition
from lecture_assets.store.reachable import named_media
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.runner.conftest import CALLS, LECTURE, SmallLecture, open_small_lecture
from lecture_assets_tests.servers.s3 import BUCKET
from lecture_assets_tests.store.s3_faults import FaultyProxy, faulty_proxy
from lecture_assets_tests.store.s3_media import new_bucket, s3_environ

EDITS = 12 if THOROUGH else 1


@pytest.fixture
def faulty(tmp_path: Path) -> Iterator[tuple[SmallLecture, FaultyProxy]]:
    with (
        s3_environ(),
        faulty_proxy(os.environ["AWS_ENDPOINT_URL_S3"]) as (url, proxy),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("AWS_ENDPOINT_URL_S3", url)
        place = f"s3://{BUCKET}/{new_bucket().place.prefix}"
        with open_small_lecture(tmp_path / "home", AWS_ENDPOINT_URL_S3=url, LECTURES_ARTIFACTS=place) as small_lecture:
            yield small_lecture, proxy


@pytest.mark.slow
def test_a_lecture_is_made_and_edited_and_no_call_is_bought_twice(faulty: tuple[SmallLecture, FaultyProxy]) -> None:
    small_lecture, proxy = faulty
    small_lecture.regenerate()
    for number in range(EDITS):
        small_lecture.edit(f"text content:narration-text:segment[0]=Rain falls {number + 2} times.")
        small_lecture.regenerate()
    assert set(small_lecture.statuses().values()) == {"fresh"}
    bought = len(small_lecture.journal())
    assert bought == sum(CALLS.values()) + EDITS
    context = small_lecture.lectures.context
    with context.database.read() as connection:
        media = named_media(connection)
    assert set(context.artifacts.conditions(media).values()) == {Condition.WHOLE}
    small_lecture.lectures.export(LECTURE, small_lecture.home / "out", video=False)
    assert min(proxy.faults.values()) > 0
    print(f"{bought} calls, {len(media)} media, S3's answers: {proxy.faults}")  # noqa: T201 - the figure that is quoted
