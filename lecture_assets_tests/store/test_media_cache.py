"""The cache of media keeps to its bound, drops what was used longest ago, and takes nothing from whoever uses it."""

import hashlib
import os
from pathlib import Path

import pytest

from lecture_assets.store.media_cache import MediaCache

SIZE = 1000


def kept(cache: MediaCache, number: int) -> str:
    source = cache.workspace() / "source"
    source.write_bytes(b"%04d" % number * (SIZE // 4))
    sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
    cache.keep(source)
    return sha256


def has(cache: MediaCache, sha256: str) -> bool:
    return cache.lend(sha256, cache.workspace())


def age(cache: MediaCache, sha256: str, by_s: int) -> None:
    path = cache._folder.path(sha256)
    found = path.stat()
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns - by_s * 10**9))


def test_the_least_recently_used_files_go_first(tmp_path: Path) -> None:
    cache = MediaCache(tmp_path / "cache", 10 * SIZE)
    names = [kept(cache, number) for number in range(8)]
    for number, name in enumerate(names):
        age(cache, name, 1000 - number)
    assert has(cache, names[0])
    names += [kept(cache, number) for number in range(8, 12)]
    left = {medium.sha256 for medium in cache._folder.listing()}
    assert len(left) * SIZE <= 10 * SIZE
    assert names[0] in left
    assert names[1] not in left


def test_a_file_in_use_stays_though_the_cache_drops_it(tmp_path: Path) -> None:
    cache = MediaCache(tmp_path / "cache", 2 * SIZE)
    name, folder = kept(cache, 1), cache.workspace()
    assert cache.lend(name, folder)
    cache.drop(name)
    assert not has(cache, name)
    assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == name


def test_a_file_larger_than_the_cache_is_not_kept(tmp_path: Path) -> None:
    cache = MediaCache(tmp_path / "cache", SIZE // 2)
    assert not has(cache, kept(cache, 1))


def test_a_file_that_was_overwritten_is_not_lent(tmp_path: Path) -> None:
    cache = MediaCache(tmp_path / "cache", 10 * SIZE)
    name = kept(cache, 1)
    cache._folder.path(name).write_bytes(b"?" * SIZE)
    assert not has(cache, name)


def test_a_linked_file_stays_where_it_is_and_is_kept(tmp_path: Path) -> None:
    cache = MediaCache(tmp_path / "cache", 10 * SIZE)
    name = kept(cache, 1)
    folder = cache.workspace()
    assert cache.lend(name, folder)
    cache.drop(name)
    cache.keep_linked(folder / name)
    assert (folder / name).exists()
    assert has(cache, name)


def test_the_oldest_is_measured_by_other_processes_files_too(tmp_path: Path) -> None:
    one, other = (MediaCache(tmp_path / "cache", 4 * SIZE) for _ in range(2))
    names = [kept(one, number) for number in range(3)]
    for number, name in enumerate(names):
        age(one, name, 1000 - number)
    kept(other, 3)
    assert not has(other, names[0])


@pytest.mark.parametrize("number", range(3))
def test_lending_twice_is_harmless(tmp_path: Path, number: int) -> None:
    cache = MediaCache(tmp_path / "cache", 10 * SIZE)
    name, folder = kept(cache, number), cache.workspace()
    assert cache.lend(name, folder)
    assert cache.lend(name, folder)
