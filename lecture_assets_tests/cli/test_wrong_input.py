"""Wrong input: exit 2, one line per fault, nothing on stdout, nothing created, nothing lost, nothing bought."""

import hashlib
import os
import shlex
import shutil
import struct
import zlib
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from lecture_assets.cli.entry import run
from lecture_assets_tests.cli.wrong_inputs import BRIEFS, COMMANDS, EDITS, JSON_BRIEFS, VARIABLES
from lecture_assets_tests.processes import run_command

LARGE = 100_000_000
"""The size of a file that must not be read to its end."""


def state(folder: Path) -> dict[str, str]:
    """Every path below a folder, with a digest of its bytes; only the size for a large file."""
    return {str(path.relative_to(folder)): digest(path) for path in sorted(folder.rglob("*"))}


@cache
def bomb(side: int) -> bytes:
    """A picture of a few kilobytes that would take gigabytes of memory."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(1_000_000))), (b"IEND", b""))
    parts = (struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def digest(path: Path) -> str:
    if not path.is_file() or path.stat().st_size >= LARGE:
        return f"{path.stat().st_mode} {path.stat().st_size if path.is_file() else ''}"
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own, and only the variables that a test sets."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("LECTURES_")]:
        monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the lecture `bees` of three segments, at version 2, to be copied."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LECTURES_HOME", str(folder / ".lectures"))
        assert run(["create", "--example", "photosynthesis", "--id", "bees"]) == 0
        assert run(["edit", "bees", "set audience=keepers"]) == 0
    return folder


@pytest.fixture
def bees(folder: Path, made: Path) -> Path:
    """The folder with a copy of the lecture `bees`."""
    shutil.copytree(made, folder, dirs_exist_ok=True)
    return folder


@pytest.fixture
def clutter(folder: Path) -> None:
    """Files and folders that a path may name by mistake."""
    (folder / "folder").mkdir()
    (folder / "folder" / "diary.txt").write_text("mine")
    (folder / "file").write_text("mine")
    (folder / "broken").mkdir()
    (folder / "broken" / ".lecture-export.json").write_text("not a list")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    Image.new("RGB", (64, 64)).save(folder / "good.png")
    (folder / "bomb.png").write_bytes(bomb(60_000))
    (folder / "list.m3u8").write_text("#EXTM3U\n#EXTINF:10,\n/etc/passwd\n")
    with (folder / "large.txt").open("wb") as large:
        large.truncate(LARGE)
    os.mkfifo(folder / "pipe")


def refused(capfd: pytest.CaptureFixture[str], arguments: list[str], code: int = 2) -> list[str]:
    """Run a refused command and return what follows `error: ` on each line of stderr; the command must change nothing."""
    before = state(Path())
    capfd.readouterr()
    found = run(arguments)
    out, err = capfd.readouterr()
    assert (found, out) == (code, ""), err
    assert state(Path()) == before
    lines = err.splitlines()
    assert all(line.startswith("error: ") and line.isprintable() for line in lines), err
    return [line.removeprefix("error: ") for line in lines]


def are(found: list[str], wanted: list[str]) -> None:
    assert len(found) == len(wanted), "\n".join(found)
    for line, start in zip(found, wanted, strict=True):
        assert line.startswith(start), line


@pytest.mark.parametrize("fault", BRIEFS)
def test_a_wrong_brief_is_reported_by_line_and_leaves_nothing(capfd: pytest.CaptureFixture[str], fault: str) -> None:
    content, wanted = BRIEFS[fault]
    Path("brief.yaml").write_bytes(content.encode() if isinstance(content, str) else content)
    are(refused(capfd, ["make", "brief.yaml", "--json"]), [f"brief.yaml:{line}" for line in wanted])


@pytest.mark.parametrize("fault", JSON_BRIEFS)
def test_a_wrong_json_brief_is_reported_by_line_too(capfd: pytest.CaptureFixture[str], fault: str) -> None:
    content, wanted = JSON_BRIEFS[fault]
    Path("brief.json").write_text(content)
    are(refused(capfd, ["create", "brief.json"]), [f"brief.json:{line}" for line in wanted])


@pytest.mark.usefixtures("clutter")
@pytest.mark.parametrize("fault", COMMANDS)
def test_a_wrong_command_is_reported_in_one_line_and_leaves_nothing(capfd: pytest.CaptureFixture[str], fault: str) -> None:
    command, wanted = COMMANDS[fault]
    are(refused(capfd, shlex.split(command)), wanted)


@pytest.mark.usefixtures("clutter")
@pytest.mark.parametrize("command", ["list", "make --example photosynthesis", "status bees"])
@pytest.mark.parametrize("fault", VARIABLES)
def test_every_wrong_variable_is_reported_before_anything_is_made(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, fault: str, command: str
) -> None:
    variables, wanted = VARIABLES[fault]
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    are(refused(capfd, command.split()), wanted)


@pytest.mark.usefixtures("bees", "clutter")
@pytest.mark.parametrize("verb", ["edit", "plan"])
@pytest.mark.parametrize("fault", EDITS)
def test_wrong_edits_are_all_reported_and_none_of_the_list_is_made(
    capfd: pytest.CaptureFixture[str], fault: str, verb: str
) -> None:
    edits, wanted = EDITS[fault]
    are(refused(capfd, [verb, "bees", "--json", "--", *edits]), wanted)


@pytest.mark.usefixtures("bees")
@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ("regenerate nobody", "lecture: found 'nobody'; allowed: one of bees"),
        ("regenerate bees --only asset:nothing", "only: found 'asset:nothing'; allowed: an id like"),
        ("regenerate bees --only asset:image:segment[7]:image[0]", "only: found 'asset:image:segment[7]:image[0]'; allowed: "),
        ("regenerate bees --segment 7", "segment: found s07; allowed: a segment of this lecture: s00, s01, s02"),
        ("explain bees asset:nothing", "node: found 'asset:nothing'; allowed: an id like"),
        ("edit bees", "EDIT: found none; allowed: at least one"),
        ("export bees --format srt --out none/x.srt", "--out: found 'none/x.srt' (No such file or directory)"),
        ("export bees --format mp4 --out .", "--out: found '.', a folder; allowed: "),
        ("export bees --format remotion --out /dev/null", "out: found /dev/null, which is a file"),
    ],
)
def test_what_a_lecture_lacks_is_reported_and_nothing_is_bought(
    capfd: pytest.CaptureFixture[str], arguments: str, wanted: str
) -> None:
    are(refused(capfd, arguments.split()), [wanted])


@pytest.mark.parametrize(
    ("form", "end"), {"vtt": ".vtt", "mp4": ".mp4", "scorm": "-scorm.zip", "poster": ".jpg", "gif": ".gif"}.items()
)
def test_an_export_replaces_no_device_and_no_pipe(capfd: pytest.CaptureFixture[str], bees: Path, form: str, end: str) -> None:
    os.mkfifo(bees / "pipe")
    lines = refused(capfd, f"export bees --format {form} --out pipe".split())
    are(lines, [f"--out: found 'pipe', which is not a regular file; allowed: a file name, like bees{end}"])
    assert (bees / "pipe").is_fifo()


@pytest.mark.parametrize("form", ["vtt", "poster"])
def test_an_export_follows_a_link(capfd: pytest.CaptureFixture[str], bees: Path, form: str) -> None:
    (bees / "link").symlink_to("elsewhere")
    assert run(["export", "bees", "--format", form, "--out", "link"]) == 0
    assert capfd.readouterr().out == "link\n"
    assert (bees / "link").readlink() == Path("elsewhere")
    assert (bees / "elsewhere").stat().st_size > 0


@pytest.mark.usefixtures("bees")
def test_each_of_several_wrong_names_is_reported(capfd: pytest.CaptureFixture[str]) -> None:
    found = refused(capfd, ["regenerate", "bees", "--only", "asset:a", "--only", "asset:music", "--only", "b", "--segment", "7"])
    are(found, ["only: found 'asset:a'", "only: found 'b'", "segment: found s07"])


@pytest.mark.usefixtures("bees")
def test_a_stale_version_is_refused_with_both_versions(capfd: pytest.CaptureFixture[str]) -> None:
    (line,) = refused(capfd, ["edit", "bees", "set voice=teacher", "--if-version", "1"], code=3)
    assert line.startswith("lecture bees is at version 2, but this request was for version 1; nothing was changed")


@pytest.mark.parametrize("content", [b"This is no database. " * 100, b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_broken_database_is_reported_and_left_for_a_person_to_repair(
    capfd: pytest.CaptureFixture[str], bees: Path, content: bytes
) -> None:
    (bees / ".lectures" / "lectures.db").write_bytes(content)
    (line,) = refused(capfd, ["status", "bees"])
    assert line.startswith("database: found sqlite:///")
    assert line.endswith("allowed: a readable and writable database")


SUBPROCESSES = {
    "the bytes of a name that is no text": (b"caf\xe9.yaml", "error: caf\\udce9.yaml: brief: found no such file"),
    "a pipe that nobody writes to": (b"pipe", "error: pipe: brief: found a pipe or a device"),
    "100 MB": (b"large.txt", "error: large.txt: brief: found more than 1,000,000 bytes"),
}


@pytest.mark.slow
@pytest.mark.usefixtures("clutter")
@pytest.mark.parametrize("case", SUBPROCESSES)
def test_a_separate_process_ends_at_once_with_one_line(folder: Path, case: str) -> None:
    name, wanted = SUBPROCESSES[case]
    before = state(folder)
    ended = run_command("make", os.fsdecode(name), environ=os.environ, cwd=folder)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(wanted)
    assert ended.stderr.count("\n") == 1
    assert state(folder) == before


def test_the_tables_have_enough_cases() -> None:
    assert len(BRIEFS) + len(JSON_BRIEFS) + len(COMMANDS) + len(VARIABLES) + len(EDITS) >= 120
