"""What is read from a child's log, and what is reported of it."""

from pathlib import Path

import pytest

from lecture_assets.defs.host.dev_child import Log

DAGSTER = "\x1b[32m2026-11-25 10:33:03 +0000\x1b[0m - dagster.daemon.SensorDaemon - \x1b[34m{}\x1b[0m - {}\n"


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path / "daemon.log")


def write(log: Log, text: str) -> None:
    with log.path.open("a") as file:
        file.write(text)


def test_only_warnings_and_errors_are_reported(log: Log) -> None:
    write(log, DAGSTER.format("INFO", "Checking for new runs") + DAGSTER.format("ERROR", "Sensor tick caught an error"))
    write(log, "Traceback (most recent call last):\n  File x\n" + "ERROR:    Exception in ASGI application\n")
    write(log, DAGSTER.format("WARNING", "slow"))
    said = ["ERROR - Sensor tick caught an error", "ERROR:    Exception in ASGI application", "WARNING - slow"]
    assert list(log.warnings()) == said
    assert list(log.warnings()) == []


def test_an_error_that_only_announces_another_is_reported_with_the_next_line(log: Log) -> None:
    write(log, DAGSTER.format("ERROR", "Caught error:") + "ValueError: no such table\n\nStack Trace:\n")
    assert list(log.warnings()) == ["ERROR - Caught error: ValueError: no such table"]


def test_a_repeated_error_is_reported_once(log: Log) -> None:
    for _ in range(3):
        write(log, DAGSTER.format("ERROR", "no"))
        write(log, DAGSTER.format("INFO", "and on"))
    assert list(log.warnings()) == ["ERROR - no"]
    write(log, DAGSTER.format("ERROR", "no"))
    assert list(log.warnings()) == []


def test_a_line_is_read_once_complete_and_without_colours(log: Log) -> None:
    write(log, "\x1b[31mone\x1b[0m\ntw")
    assert log.new_lines() == ["one"]
    write(log, "o\n")
    assert log.new_lines() == ["two"]


def test_output_of_an_earlier_child_is_not_read_as_new(tmp_path: Path) -> None:
    (tmp_path / "code.log").write_text("ERROR: of yesterday\n")
    assert list(Log(tmp_path / "code.log").warnings()) == []


def test_a_long_log_is_rotated_and_the_old_one_kept(tmp_path: Path) -> None:
    log = Log(tmp_path / "code.log", max_bytes=20)
    write(log, "a line of many letters\n")
    assert log.new_lines() == ["a line of many letters"]
    assert log.path.stat().st_size == 0
    assert (tmp_path / "code.log.1").read_text() == "a line of many letters\n"
    write(log, "next\n")
    assert log.new_lines() == ["next"]
    assert log.tail() == "next"


def test_a_deleted_log_says_nothing_and_its_successor_is_read_from_its_start(log: Log) -> None:
    write(log, "the first line\n")
    assert log.new_lines() == ["the first line"]
    log.path.unlink()
    assert log.new_lines() == []
    assert log.tail() == ""
    write(log, "another\n")
    assert log.new_lines() == ["another"]


def test_a_log_that_somebody_emptied_is_read_from_its_start(log: Log) -> None:
    write(log, "the first line\n")
    log.new_lines()
    log.path.write_bytes(b"")
    assert log.new_lines() == []
    write(log, "another\n")
    assert log.new_lines() == ["another"]
