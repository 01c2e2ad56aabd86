"""The vendor's journal survives the processes that write it."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lecture_assets.providers.simulated.journal import JournalEntry, PurchaseJournal

ENTRY = JournalEntry("sim-1", "attempt-1", "key", "image", "replicate/x/y", 3_000, 1_700_000_000.25, 42)
WRITER = """
import sys
from pathlib import Path
from lecture_assets.providers.simulated.journal import JournalEntry, PurchaseJournal
books = PurchaseJournal(Path(sys.argv[1]))
for n in range(int(sys.argv[3])):
    name = f"{sys.argv[2]}-{n}"
    books.append(JournalEntry(name, name, "k" * 2000, "text", "openai/x", 1, 0.5, 1))
"""


def entry(number: int) -> JournalEntry:
    return replace(ENTRY, id=f"sim-{number}", attempt=f"attempt-{number}")


def test_a_purchase_is_one_line_that_another_process_can_read(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "journal.jsonl"
    PurchaseJournal(path).append(ENTRY)
    [line] = path.read_text().splitlines()
    assert json.loads(line)["cost_usd_micros"] == 3_000
    assert PurchaseJournal(path).find("attempt-1") == PurchaseJournal(path).bought("sim-1") == ENTRY


def test_a_journal_without_a_file_is_empty_and_creates_none(tmp_path: Path) -> None:
    books = PurchaseJournal(tmp_path / "journal.jsonl")
    assert books.find("attempt-1") is None
    assert books.entries() == ()
    assert not books.path.exists()


def test_lines_of_other_processes_are_found_later(tmp_path: Path) -> None:
    ours, theirs = PurchaseJournal(tmp_path / "j"), PurchaseJournal(tmp_path / "j")
    theirs.append(entry(1))
    assert ours.find("attempt-2") is None
    theirs.append(entry(2))
    assert ours.find("attempt-2") == entry(2)
    assert ours.entries() == (entry(1), entry(2))


@pytest.mark.parametrize("cut", [1, 10, -1])
def test_an_incomplete_line_is_not_a_purchase_and_spoils_no_other(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "journal.jsonl"
    books = PurchaseJournal(path)
    books.append(entry(1))
    books.append(entry(2))
    whole = path.read_bytes()
    second = whole.index(b"\n") + 1
    path.write_bytes(whole[: second + cut] if cut > 0 else whole[:cut])
    assert PurchaseJournal(path).find("attempt-2") is None
    PurchaseJournal(path).append(entry(3))
    assert PurchaseJournal(path).entries() == (entry(1), entry(3))
    assert [json.loads(line)["id"] for line in path.read_text().splitlines()] == ["sim-1", "sim-3"]


def test_a_line_that_is_incomplete_while_reading_is_read_once_complete(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    PurchaseJournal(path).append(entry(1))
    whole, books = path.read_bytes(), PurchaseJournal(path)
    path.write_bytes(whole[:20])
    assert books.find("attempt-1") is None
    path.write_bytes(whole)
    assert books.find("attempt-1") == entry(1)


def test_processes_that_buy_at_once_lose_no_line(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), name, "200"]) for name in ("a", "b")]
    assert [writer.wait(30) for writer in writers] == [0, 0]
    assert {found.id for found in PurchaseJournal(path).entries()} == {f"{name}-{n}" for name in "ab" for n in range(200)}
    assert len(path.read_bytes().splitlines()) == 400


def test_looking_up_a_call_does_not_read_the_journal_again(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    books = PurchaseJournal(path)
    for number in range(50):
        books.append(entry(number))
    assert len(books.entries()) == 50
    path.write_bytes(b"x" * path.stat().st_size)
    assert books.find("attempt-49") == entry(49)
