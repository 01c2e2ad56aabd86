"""Media of an import lie beside its JSON, or behind https."""

import json
from pathlib import Path

import pytest

from lecture_assets.briefs.adopted import read_adopted
from lecture_assets.graph.errors import WrongInputError
from lecture_assets.providers.catalogue import read_catalogue
from lecture_assets.runner.setup.names import CatalogueNames

ELSEWHERE = [
    "../x.png",
    "media/../../x.png",
    "media/..",
    "..",
    "..\\x.png",
    "media\\..\\..\\x.png",
    "/etc/passwd",
    "//server/share/x.png",
    "\\\\server\\share\\x.png",
    "\\x.png",
    "C:\\x.png",
    "C:/x.png",
    "c:x.png",
    "~/x.png",
    "~root/x.png",
    "~",
    "a\0.png",
    "out.png",
    "out/x.png",
    "loop.png",
    "around.png",
]
BESIDE = ["x.png", "./x.png", "media/s0.png", "media/./s0.png", "in.png", "a b…ä.png", "..x.png", "x~.png", "https://e.com/x.png"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with links: out of it, in it, to themselves, and around."""
    folder = tmp_path / "lecture"
    (folder / "media").mkdir(parents=True)
    (tmp_path / "x.png").write_bytes(b"")
    (folder / "x.png").write_bytes(b"")
    (folder / "out.png").symlink_to(tmp_path / "x.png")
    (folder / "out").symlink_to(tmp_path)
    (folder / "in.png").symlink_to("x.png")
    (folder / "loop.png").symlink_to("loop.png")
    (folder / "around.png").symlink_to("media/../../x.png")
    return folder


def written(folder: Path, sources: list[str]) -> Path:
    segments = [
        {"narration": "x", "images": [{"file": source}], "clip": {"file": source}, "recording": source} for source in sources
    ]
    document = {"schema": "lecture-import/1", "title": "t", "segments": segments, "music": {"file": sources[0]}}
    (folder / "old.json").write_text(json.dumps(document))
    return folder / "old.json"


@pytest.mark.parametrize("source", ELSEWHERE, ids=range(len(ELSEWHERE)))
def test_a_file_that_is_not_beside_the_json_is_refused_with_one_fault(folder: Path, source: str) -> None:
    with pytest.raises(WrongInputError) as wrong:
        read_adopted(written(folder, [source, "x.png"]))
    assert sorted(fault.where for fault in wrong.value.faults) == [
        "music.file",
        "segments.0.clip.file",
        "segments.0.images.0.file",
        "segments.0.recording",
    ]
    assert all("in the JSON file's folder" in str(fault) and "\n" not in str(fault) for fault in wrong.value.faults)


def test_a_file_beside_the_json_is_taken_also_through_a_link_to_the_folder(folder: Path, tmp_path: Path) -> None:
    assert len(read_adopted(written(folder, BESIDE)).segments) == len(BESIDE)
    (tmp_path / "link").symlink_to(folder)
    assert len(read_adopted(tmp_path / "link" / "old.json").segments) == len(BESIDE)


@pytest.mark.parametrize("has_all", [True, False])
def test_a_lecture_that_is_spoken_already_may_be_in_any_language(folder: Path, has_all: bool) -> None:  # noqa: FBT001 - a parameter
    segments = [
        {"narration": "水は流れる。", "recording": "x.png"},
        {"narration": "海へ行く。"} | ({"recording": "x.png"} if has_all else {}),
    ]
    document = {"schema": "lecture-import/1", "title": "水", "brief": {"language": "ja"}, "segments": segments}
    (folder / "ja.json").write_text(json.dumps(document))
    names = CatalogueNames(read_catalogue({}))
    if has_all:
        assert read_adopted(folder / "ja.json", names).brief.language == "ja"
    else:
        with pytest.raises(WrongInputError, match=r"brief\.language: found 'ja'"):
            read_adopted(folder / "ja.json", names)
