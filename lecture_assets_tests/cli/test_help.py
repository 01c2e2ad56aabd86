"""Every command has a help text with an example, and shows it at once."""

import subprocess
import sys
from typing import get_args

import click
import pytest
from click.testing import CliRunner
from syrupy.assertion import SnapshotAssertion

from lecture_assets.briefs.edit_syntax import FORMS
from lecture_assets.cli.entry import cli
from lecture_assets.cli.write_commands import FORMATS
from lecture_assets.runner.reading.shapes import ExportFormat
from lecture_assets_tests.cli.all_commands import all_commands


def help_of(*command: str) -> str:
    return CliRunner().invoke(cli, [*command, "--help"], prog_name="lectures", terminal_width=80).output


@pytest.mark.parametrize("command", ["", *all_commands()])
def test_help(command: str, snapshot: SnapshotAssertion) -> None:
    assert help_of(*command.split()) == snapshot


@pytest.mark.parametrize("command", all_commands())
def test_every_command_shows_an_example_of_itself(command: str) -> None:
    assert f"  lectures {command}" in help_of(*command.split()).partition("Example")[2]


def test_every_command_says_in_one_line_what_it_does() -> None:
    listed = help_of().partition("Commands:")[2].partition("Start here")[0]
    assert "..." not in listed


def test_every_form_of_an_edit_is_in_the_help_of_edit() -> None:
    text = help_of("edit")
    assert [form for form in FORMS if form not in text] == []


def test_the_examples_are_commands_that_exist() -> None:
    context = click.Context(cli)
    for command in ("", *all_commands()):
        for line in help_of(*command.split()).splitlines():
            word = line.split()[:2]
            if line.startswith("    lectures "):
                assert cli.get_command(context, word[1]), line


def test_help_loads_nothing_heavy() -> None:
    heavy = "{'pydantic', 'yaml', 'rich.console', 'sqlalchemy', 'alembic', 'av', 'PIL', 'numpy', 'asyncio', 'rfc8785'}"
    code = f"import sys; from lecture_assets.cli import main; print({heavy} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


def test_the_formats_of_export_are_those_that_its_document_names() -> None:
    assert set(FORMATS) == set(get_args(ExportFormat))
