"""The command `lectures dev`, which runs Dagster."""

import os

import click

from lecture_assets.cli.arguments import examples


@click.command(epilog=examples("lectures dev", "lectures dev --port 3001"))
@click.option(
    "--port", type=click.IntRange(0, 65535), default=3000, show_default=True, help="Port of the UI; 0 picks a free one."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve on; others than loopback ask for a login.")
@click.option("-v", "--verbose", is_flag=True, help="Show everything that webserver, daemon and code server log.")
def dev(port: int, host: str, *, verbose: bool) -> None:
    """Serve Dagster's UI and GraphQL; regenerate after edits.

    Every edit, whether in the UI or by `lectures edit`, starts a run automatically. Press Ctrl-C to stop.
    """
    from lecture_assets.cli.session import open_lectures, stderr  # noqa: PLC0415 - longer than --help may take
    from lecture_assets.defs.host.dev import serve  # noqa: PLC0415 - the same
    from lecture_assets.runner.setup.environment import home_of  # noqa: PLC0415 - the same

    with open_lectures():  # report a faulty environment once, before anything starts
        environ = {**os.environ, "LECTURES_HOME": str(home_of(os.environ))}
    console = stderr()

    def say(words: str) -> None:
        console.print(words, highlight=False, markup=False, soft_wrap=True)

    serve(environ, host, port, say, verbose=verbose)
