"""Bytes are under their name whole or not at all, whoever is killed when."""

import errno
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lecture_assets.store import durable
from lecture_assets.store.artifact_folder import ArtifactFolder
from lecture_assets.store.artifacts import Artifacts
from lecture_assets_tests.processes import at_once
from lecture_assets_tests.store.artifacts_contract import ArtifactsContract

CONTENT = os.urandom(3 << 20) + b"more than a whole number of chunks"
SMALL = CONTENT[: 1 << 16]
NAME = hashlib.sha256(CONTENT).hexdigest()
OTHER_DISK = Path("/dev/shm")  # noqa: S108 - only to have another file system
KILLED = """
import os, signal, sys
from pathlib import Path
from lecture_assets.store import artifact_folder, certified_files, durable

folder, moments, elsewhere = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])

TRACED = {module.__file__ for module in (artifact_folder, certified_files, durable, durable.shutil)}

def adopt_until(moment):
    seen = 0
    def look(frame, event, _argument):
        nonlocal seen
        if frame.f_code.co_filename not in TRACED:
            return None
        seen += event == "line"
        if seen == moment:
            os.kill(os.getpid(), signal.SIGKILL)
        return look
    store = artifact_folder.ArtifactFolder(folder / str(moment))
    sys.settrace(look)
    store.adopt(elsewhere / str(moment))
    os._exit(0)

for moment in range(1, moments):
    child = os.fork()
    if not child:
        adopt_until(moment)
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) == 0:
        print(moment - 1)
        break
"""
ORDER = """
import sys
from pathlib import Path
from lecture_assets.store.artifact_folder import ArtifactFolder

store, source = ArtifactFolder(Path(sys.argv[1])), Path(sys.argv[2])
calls = []
sys.setprofile(lambda frame, event, call: calls.append(call.__name__) if event == "c_call" else None)
store.adopt(source)
sys.setprofile(None)
print(*(name for name in calls if name in {"fsync", "replace", "rename"}))
"""


class TestFolder(ArtifactsContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> ArtifactFolder:
        return ArtifactFolder(tmp_path / "store")

    def overwrite(self, store: Artifacts, sha256: str, content: bytes) -> None:
        Path(store.address(sha256)).write_bytes(content)

    def lose(self, store: Artifacts, sha256: str) -> None:
        Path(store.address(sha256)).unlink()

    def impatient(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(durable, "PATIENCE_S", 0.0)


def written(path: Path, content: bytes = CONTENT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def files(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    if not OTHER_DISK.is_dir() or OTHER_DISK.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("this machine has one file system")
    return OTHER_DISK


def test_a_file_is_kept_under_the_digest_of_its_bytes_and_its_source_is_gone(tmp_path: Path) -> None:
    store = ArtifactFolder(tmp_path / "store")
    source = written(tmp_path / "source.png")
    assert not store.has(NAME)
    assert store.adopt(source) == NAME
    assert store.has(NAME)
    assert store.path(NAME).read_bytes() == CONTENT
    assert not source.exists()
    assert files(store.root) == {f"{NAME[:2]}/{NAME}"}


def test_the_same_bytes_are_kept_once_and_the_first_file_stays(tmp_path: Path) -> None:
    store = ArtifactFolder(tmp_path / "store")
    store.adopt(written(tmp_path / "first"))
    first = store.path(NAME).stat()
    assert store.adopt(written(tmp_path / "second")) == NAME
    assert store.path(NAME).stat().st_ino == first.st_ino
    assert not (tmp_path / "second").exists()
    assert files(store.root) == {f"{NAME[:2]}/{NAME}"}


def test_a_file_from_another_file_system_is_kept_and_leaves_no_copy(tmp_path: Path, elsewhere: Path) -> None:
    store = ArtifactFolder(tmp_path / "store")
    source = written(elsewhere / f"source-{os.getpid()}")
    assert store.adopt(source) == NAME
    assert store.path(NAME).read_bytes() == CONTENT
    assert not source.exists()
    assert files(store.root) == {f"{NAME[:2]}/{NAME}"}
    assert not list((store.root / "tmp").iterdir())


def test_a_copy_that_found_no_room_leaves_nothing_behind_and_the_source_where_it_was(tmp_path: Path, elsewhere: Path) -> None:
    source = written(elsewhere / f"source-{os.getpid()}")
    code = (
        "import resource, sys; from pathlib import Path; from lecture_assets.store.artifact_folder import ArtifactFolder\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))\n"
        "try: ArtifactFolder(Path(sys.argv[1])).adopt(Path(sys.argv[2]))\n"
        "except OSError as error: print(error.errno)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "store"), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    try:
        assert done.stdout.split() == [str(errno.EFBIG)]
        assert source.read_bytes() == CONTENT
        assert files(tmp_path / "store") == set()
        assert not list((tmp_path / "store" / "tmp").iterdir())
    finally:
        source.unlink()


def test_bytes_are_forced_to_disk_before_they_get_their_name_and_the_folders_after(tmp_path: Path) -> None:
    written(tmp_path / "source")
    command = [sys.executable, "-c", ORDER, str(tmp_path / "store"), str(tmp_path / "source")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["fsync", "replace", "fsync", "fsync"]


def adopt_many(root: Path, folder: Path) -> list[str]:
    store = ArtifactFolder(root)
    return [store.adopt(source) for source in sorted(folder.iterdir())]


@pytest.mark.slow
def test_processes_that_keep_the_same_bytes_at_once_all_succeed(tmp_path: Path) -> None:
    contents = [bytes([number]) * 200_000 for number in range(20)]
    for worker in "abc":
        for number, content in enumerate(contents):
            written(tmp_path / worker / f"{number:02}", content)
    answers = at_once(adopt_many, [(tmp_path / "store", tmp_path / worker) for worker in "abc"])
    assert answers[0] == answers[1] == answers[2] == [hashlib.sha256(content).hexdigest() for content in contents]
    store = ArtifactFolder(tmp_path / "store")
    assert [store.path(name).read_bytes() for name in answers[0]] == contents


@pytest.mark.slow
@pytest.mark.parametrize("same_disk", [True, False], ids=["renamed", "copied"])
def test_whenever_the_process_is_killed_the_file_is_whole_or_absent_and_the_bytes_are_somewhere(
    tmp_path: Path, request: pytest.FixtureRequest, *, same_disk: bool
) -> None:
    moments = 250
    sources = tmp_path / "sources" if same_disk else request.getfixturevalue("elsewhere") / f"sources-{os.getpid()}"
    try:
        for moment in range(1, moments):
            written(sources / str(moment), SMALL)
        name = hashlib.sha256(SMALL).hexdigest()
        command = [sys.executable, "-c", KILLED, str(tmp_path / "stores"), str(moments), str(sources)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        kills = int(done.stdout)
        states = [state(tmp_path / "stores" / str(moment), sources / str(moment), name) for moment in range(1, kills + 1)]
        assert kills > 15
        assert {whole for whole, _ in states} == {True, False}
        assert all(whole or waiting for whole, waiting in states)
    finally:
        shutil.rmtree(sources)


def state(root: Path, source: Path, name: str) -> tuple[bool, bool]:
    """Whether the file is there (then it is whole), and whether its source is; that a second try leads to the end is asserted."""
    store = ArtifactFolder(root)
    found = store.has(name), source.exists()
    assert {path.name for path in root.rglob("*") if path.is_file() and "tmp" not in path.parts} <= {name}
    if found[1]:
        assert store.adopt(source) == name
    assert hashlib.sha256(store.path(name).read_bytes()).hexdigest() == name
    return found
