"""What both kinds of artifacts do alike. A kind's test class sets `store`, and says how its bytes are overwritten and lost."""

import hashlib
from abc import ABC, abstractmethod

import pytest

from lecture_assets.graph.errors import RefusedError
from lecture_assets.store.artifacts import Artifacts, Condition, Mark

CONTENT = b"the bytes of a picture"
NAME = hashlib.sha256(CONTENT).hexdigest()
OTHER = hashlib.sha256(b"other").hexdigest()
FUTURE_S = 3600.0


class ArtifactsContract(ABC):
    """The tests; they get the store from a fixture of the kind."""

    @abstractmethod
    def overwrite(self, store: Artifacts, sha256: str, content: bytes) -> None:
        """Put other bytes in a medium's place, behind the store's back."""

    @abstractmethod
    def lose(self, store: Artifacts, sha256: str) -> None:
        """Remove a medium, behind the store's back."""

    def put(self, store: Artifacts, content: bytes = CONTENT) -> str:
        source = store.workspace() / "source.png"
        source.write_bytes(content)
        sha256 = store.adopt(source)
        assert not source.exists()
        return sha256

    def read(self, store: Artifacts, sha256: str) -> bytes | None:
        with store.local() as local:
            path = local(sha256)
            assert path.name == sha256
            return path.read_bytes() if path.exists() else None

    def test_bytes_are_stored_under_their_digest(self, store: Artifacts) -> None:
        assert store.is_empty()
        assert not store.has(NAME)
        assert self.put(store) == NAME
        assert store.has(NAME)
        assert not store.is_empty()
        assert self.read(store, NAME) == CONTENT
        assert store.sizes([NAME, OTHER]) == store.look([NAME, OTHER]) == {NAME: len(CONTENT)}
        assert store.address(NAME).startswith(store.place)

    def test_the_same_bytes_are_stored_once(self, store: Artifacts) -> None:
        assert [self.put(store), self.put(store)] == [NAME, NAME]
        assert [(one.sha256, one.size) for one in store.listing()] == [(NAME, len(CONTENT))]

    def test_empty_bytes_and_bytes_that_begin_alike_are_kept_apart(self, store: Artifacts) -> None:
        names = {content: self.put(store, content) for content in (b"", b"a", b"ab")}
        assert {content: self.read(store, name) for content, name in names.items()} == {b"": b"", b"a": b"a", b"ab": b"ab"}

    def test_of_missing_bytes_there_is_no_file(self, store: Artifacts) -> None:
        assert self.read(store, OTHER) is None
        assert store.conditions([OTHER]) == {OTHER: Condition.MISSING}
        store.drop_if_damaged(OTHER)

    def test_a_missing_source_is_an_error_and_nothing_is_stored(self, store: Artifacts) -> None:
        with pytest.raises(FileNotFoundError):
            store.adopt(store.workspace() / "nothing")
        assert store.is_empty()

    def test_damaged_bytes_are_found_and_count_as_missing_until_they_are_stored_again(self, store: Artifacts) -> None:
        self.put(store)
        self.overwrite(store, NAME, CONTENT[:-1] + b"?")
        assert store.conditions([NAME]) == {NAME: Condition.DAMAGED}
        store.drop_if_damaged(NAME)
        assert not store.has(NAME)
        assert self.put(store) == NAME
        assert store.has(NAME)
        assert store.conditions([NAME]) == {NAME: Condition.WHOLE}
        assert self.read(store, NAME) == CONTENT

    def test_what_is_gone_or_damaged_and_has_no_copy_counts_as_missing_once_it_is_to_be_restored(self, store: Artifacts) -> None:
        gone, damaged = self.put(store), self.put(store, b"other")
        self.overwrite(store, gone, b"?")
        self.lose(store, gone)
        self.overwrite(store, damaged, b"?")
        assert not store.restore(gone)
        assert not store.restore(damaged)
        assert store.sizes([gone, damaged]) == {}
        assert self.put(store) == gone
        assert store.conditions([gone]) == {gone: Condition.WHOLE}

    def test_storing_bytes_replaces_damaged_ones_that_nobody_noticed(self, store: Artifacts) -> None:
        self.put(store)
        self.overwrite(store, NAME, b"?" * len(CONTENT))
        self.put(store)
        assert store.conditions([NAME]) == {NAME: Condition.WHOLE}

    def test_lost_bytes_count_as_missing_once_somebody_looked(self, store: Artifacts) -> None:
        self.put(store)
        self.lose(store, NAME)
        assert store.look([NAME]) == {}
        assert not store.has(NAME)
        self.put(store)
        assert store.has(NAME)

    def test_old_media_are_discarded_and_those_wanted_since_are_spared(self, store: Artifacts) -> None:
        names = [self.put(store, content) for content in (b"old", b"wanted again")]
        media = sorted(store.listing(), key=lambda one: names.index(one.sha256))
        assert store.discard_all(media, store.now() - FUTURE_S) == set()
        before = store.now() + FUTURE_S
        assert store.discard_all(media[:1], before) == set(media[:1])
        assert [store.has(name) for name in names] == [False, True]
        assert [one.sha256 for one in store.listing()] == names[1:]

    def test_discarded_bytes_can_be_stored_again(self, store: Artifacts) -> None:
        for _ in range(3):
            assert self.put(store) == NAME
            assert self.read(store, NAME) == CONTENT
            assert len(store.discard_all(list(store.listing()), store.now() + FUTURE_S)) == 1
            assert not store.has(NAME)
        self.put(store)
        assert [one.sha256 for one in store.listing()] == [NAME]

    def test_ages_are_by_the_place_s_own_time(self, store: Artifacts) -> None:
        before = store.now()
        self.put(store)
        (medium,) = store.listing()
        assert before - 2 <= medium.changed_at <= store.now() + 3

    def test_a_mark_is_written_once(self, store: Artifacts) -> None:
        assert (store.identity.mark(), store.identity.is_marked()) == (None, False)
        first = Mark("a database", "a place")
        assert store.identity.put_mark(first) == first
        assert store.identity.put_mark(Mark("another", "another")) == first
        assert (store.identity.mark(), store.identity.is_marked()) == (first, True)
        assert store.is_empty()

    def test_the_generation_is_the_highest_and_tidying_keeps_it(self, store: Artifacts) -> None:
        assert store.identity.generation() == 0
        for generation in (1, 2, 12, 3):
            store.identity.advance(generation)
        assert store.identity.generation() == 12
        store.tidy(store.now())
        assert store.identity.generation() == 12
        assert store.is_empty()

    def test_whoever_adds_media_keeps_a_collector_out(self, store: Artifacts, monkeypatch: pytest.MonkeyPatch) -> None:
        self.impatient(monkeypatch)
        with store.shared(), store.shared(), pytest.raises(RefusedError, match="another process is adding media"), store.alone():
            pass
        with store.alone():
            pass

    @abstractmethod
    def impatient(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let the collector give up at once."""

    def test_what_is_added_is_announced_before(self, store: Artifacts) -> None:
        seen: list[bool] = []
        store.before_new = lambda: seen.append(store.has(NAME))
        self.put(store)
        assert seen == [False]

    def test_leftovers_are_folders_of_this_machine(self, store: Artifacts) -> None:
        folder = store.workspace()
        assert folder in set(store.leftovers())

    def test_files_stay_while_they_are_held(self, store: Artifacts) -> None:
        self.put(store)
        with store.local() as local:
            path = local(NAME)
            assert local(NAME) == path
            assert path.stat().st_size == len(CONTENT)
