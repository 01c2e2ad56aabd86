"""Files and classes stay small, each class name has one meaning, and imports never go round in a circle."""

from pathlib import Path

from lecture_assets_tests.rooms import faults, modules, rooms


def test_every_file_class_and_room_keeps_the_rules() -> None:
    assert list(faults(modules())) == []


def test_the_runner_is_a_face_over_six_rooms() -> None:
    runner = next(room for room in rooms(modules()) if room.name == "lecture_assets.runner")
    assert runner.parts == {"lectures", "watching", "change", "regenerate", "reading", "calls", "setup"}
    assert runner.floors == 4


def test_each_rule_that_is_broken_is_a_sentence(tmp_path: Path) -> None:
    package = tmp_path / "lecture_assets"
    package.mkdir()
    (package / "one.py").write_text("from lecture_assets.two import B\nclass A: ...\n")
    (package / "two.py").write_text("import lecture_assets.one\nclass A: ...\nclass B: ...\n")
    (package / "three.py").write_text("class C:\n" + "    x = 1\n" * 301)
    assert list(faults(modules(tmp_path))) == [
        "lecture_assets.three has 302 lines, more than 300",
        "class C of lecture_assets.three has 302 lines, more than 150",
        "class A is defined in lecture_assets.one, lecture_assets.two",
        "the parts of lecture_assets import each other in a circle",
    ]
