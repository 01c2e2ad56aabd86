"""The command `lectures mcp`: a server for assistants, on standard input and output."""

from importlib.util import find_spec

import click

from lecture_assets.cli.arguments import examples


@click.command(epilog=examples("lectures mcp"))
def mcp() -> None:
    """Serve lectures to an assistant.

    This is a server of the Model Context Protocol for one workspace. The assistant's program starts it, and talks to it over
    standard input and output. An assistant may list, read, price and edit lectures; what costs money, a person has to agree to.
    Needs the extra: pip install 'lecture-assets[mcp]'.
    """
    from lecture_assets.cli.session import open_lectures  # noqa: PLC0415 - longer than --help may take
    from lecture_assets.graph.errors import RefusedError  # noqa: PLC0415 - the same

    if find_spec("mcp") is None:
        message = "the protocol's package is not installed; nothing was started (pip install 'lecture-assets[mcp]')"
        raise RefusedError(message)
    from lecture_assets.api.mcp_server import mcp_server  # noqa: PLC0415 - it needs the package

    with open_lectures() as lectures:
        mcp_server(lectures.context).run()
