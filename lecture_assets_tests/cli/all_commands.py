"""Every command by the words that it is called with: `make`, `db`, `db upgrade`."""

from collections.abc import Iterator

import click

from lecture_assets.cli.entry import cli


def all_commands(group: click.Group = cli, before: str = "") -> dict[str, click.Command]:
    """The commands of a group and those of the groups in it, in the order of the help; `before`: the words of the group."""
    return dict(_commands(group, before))


def _commands(group: click.Group, before: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        yield f"{before}{name}", command
        if isinstance(command, click.Group):
            yield from _commands(command, f"{before}{name} ")
