"""The half-made timeline is written while a lecture is made, and never in anybody's way."""

import threading

from lecture_assets.runner.regenerate.draft_writer import DraftWriter
from lecture_assets.runner.setup.events import Event, Replanned, SegmentPlayable


def test_a_draft_is_written_when_a_segment_becomes_playable_and_not_for_other_events() -> None:
    written, seen = threading.Event(), list[Event]()
    with DraftWriter(written.set, seen.append) as drafts:
        drafts.watch(Replanned(2))
        assert not written.is_set()
        drafts.watch(SegmentPlayable(0, 0.1))
        assert written.wait(10)
    assert seen == [Replanned(2), SegmentPlayable(0, 0.1)]


def test_segments_that_come_while_a_draft_is_written_share_the_next_one() -> None:
    began, go_on, second = threading.Semaphore(0), threading.Event(), threading.Event()
    writes: list[int] = []

    def write() -> None:
        writes.append(len(writes))
        began.release()
        go_on.wait(10)
        if len(writes) == 2:
            second.set()

    with DraftWriter(write, lambda _event: None) as drafts:
        drafts.watch(SegmentPlayable(0, 0.1))
        began.acquire(timeout=10)
        for slot in (1, 2, 3):
            drafts.watch(SegmentPlayable(slot, 0.1))
        go_on.set()
        assert second.wait(10)
    assert writes == [0, 1]


def test_a_draft_that_cannot_be_written_stops_nobody() -> None:
    tried = threading.Event()

    def write() -> None:
        tried.set()
        raise OSError(28, "No space left on device")

    with DraftWriter(write, lambda _event: None) as drafts:
        drafts.watch(SegmentPlayable(0, 0.1))
        assert tried.wait(10)
        drafts.watch(SegmentPlayable(1, 0.2))
