"""The formats of an export, on disk: what is written, and what is left alone."""

import json
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.render.folder import MANIFEST, write_timeline
from lecture_assets.render.forms import FORMS
from lecture_assets_tests.render.samples import RED, Shelf

_CP, _ADL = "{http://www.imsproject.org/xsd/imscp_rootv1p1p2}", "{http://www.adlnet.org/xsd/adlcp_rootv1p2}"


def short(shelf: Shelf) -> Any:
    return shelf.lecture(shelf.segment(seconds=0.4, pictures=[shelf.picture(RED)]), title="Light <1> & more")


def written(shelf: Shelf, form: str, out: Path) -> Path:
    shares: list[float] = []
    path = FORMS[form](short(shelf), "light", out, shelf, shares.append)
    assert shares == sorted(shares)
    assert (shares[-1:] == [1.0]) is (form in {"html", "scorm"}), "what has a film has a progress"
    return path


def names(out: Path) -> set[str]:
    return {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}


PAGE = {"index.html", "lecture.mp4", "poster.jpg", "captions.vtt"}


@pytest.mark.slow
def test_a_page_is_a_folder_and_stays_one_when_it_is_written_again(shelf: Shelf, tmp_path: Path) -> None:
    out = tmp_path / "page"
    assert written(shelf, "html", out) == written(shelf, "html", out) == out / "index.html"
    assert names(out) == PAGE | {MANIFEST}
    assert "Light &lt;1&gt; &amp; more" in (out / "index.html").read_text(encoding="utf-8")
    assert set(json.loads((out / MANIFEST).read_text())["files"]) == PAGE


@pytest.mark.slow
def test_a_page_in_the_folder_of_an_export_takes_nothing_away(shelf: Shelf, tmp_path: Path) -> None:
    write_timeline(short(shelf), tmp_path / "out", shelf)
    before = names(tmp_path / "out")
    written(shelf, "html", tmp_path / "out")
    assert names(tmp_path / "out") == before | PAGE
    write_timeline(short(shelf), tmp_path / "out", shelf)
    assert names(tmp_path / "out") == before | PAGE


@pytest.mark.parametrize("form", ["html", "otio", "remotion"])
def test_a_folder_of_somebody_else_is_refused(shelf: Shelf, tmp_path: Path, form: str) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "index.html").write_text("mine")
    with pytest.raises(WrongInputError, match="contains files that are not part of an export"):
        FORMS[form](short(shelf), "light", tmp_path / "out", shelf, lambda _share: None)
    assert names(tmp_path / "out") == {"index.html"}


@pytest.mark.parametrize(("form", "name"), [("otio", "lecture.otio"), ("remotion", "remotion.json")])
def test_what_programs_read_has_its_media_beside_it(shelf: Shelf, tmp_path: Path, form: str, name: str) -> None:
    out = tmp_path / "out"
    assert written(shelf, form, out) == out / name
    media = {"media/s00-image-0.png", "media/s00-narration.wav", "media/music.wav"}
    assert names(out) == {name, MANIFEST, "timeline.json", "captions.vtt", *media}
    text = (out / name).read_text(encoding="utf-8")
    assert all(file in text for file in media)
    write_timeline(short(shelf), out, shelf)
    assert name in names(out)


@pytest.mark.slow
def test_a_course_is_one_file_whose_manifest_names_the_page_and_its_files(shelf: Shelf, tmp_path: Path) -> None:
    package = written(shelf, "scorm", tmp_path / "light.zip")
    with zipfile.ZipFile(package) as found:
        assert found.testzip() is None
        assert set(found.namelist()) == PAGE | {"imsmanifest.xml"}
        manifest = ET.fromstring(found.read("imsmanifest.xml"))  # noqa: S314 - ours
        assert "LMSInitialize" in found.read("index.html").decode()
    assert manifest.findtext(f"{_CP}metadata/{_CP}schemaversion") == "1.2"
    assert manifest.findtext(f".//{_CP}item/{_CP}title") == "Light <1> & more"
    (resource,) = manifest.iter(f"{_CP}resource")
    assert (resource.get("href"), resource.get(f"{_ADL}scormtype")) == ("index.html", "sco")
    assert {file.get("href") for file in resource} == PAGE
    assert names(tmp_path) - {name for name in names(tmp_path) if name.startswith("media/")} == {"light.zip"}


@pytest.mark.parametrize(("form", "start"), [("poster", b"\xff\xd8\xff"), ("gif", b"GIF89a")])
def test_a_picture_is_a_file(shelf: Shelf, tmp_path: Path, form: str, start: bytes) -> None:
    assert written(shelf, form, tmp_path / "out").read_bytes().startswith(start)
