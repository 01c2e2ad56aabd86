"""The commands `lectures webserver`, `worker` and `serve`: the processes of a production set-up that are ours."""

import os
from pathlib import Path

import click

from lecture_assets.cli.arguments import NewPath, examples


@click.command(epilog=examples("lectures webserver --host 0.0.0.0 --workspace workspace.yaml"))
@click.option("--port", type=click.IntRange(1, 65535), default=3000, show_default=True, help="Port to serve on.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve on; others than loopback ask for a login.")
@click.option(
    "-w",
    "--workspace",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default="workspace.yaml",
    show_default=True,
    help="Dagster's workspace file, which says where the code server is.",
)
def webserver(port: int, host: str, workspace: Path) -> None:
    """Serve Dagster's UI and media alone, for production.

    /lectures/health answers while the process works, /lectures/ready once database, instance and code server can be used.
    """
    from lecture_assets.cli.session import open_lectures  # noqa: PLC0415 - longer than --help may take
    from lecture_assets.defs.host.dev_port import free_port  # noqa: PLC0415 - the same
    from lecture_assets.defs.host.webserver import serve  # noqa: PLC0415 - the same

    with open_lectures():  # report a faulty environment in words
        serve(os.environ, host, free_port(host, port), str(workspace))


@click.command(epilog=examples("lectures worker", "lectures worker --max-runs 16 --drain-seconds 1800"))
@click.option("--max-runs", type=click.IntRange(1, 1000), default=8, show_default=True, help="Most runs at once.")
@click.option(
    "--drain-seconds",
    type=click.FloatRange(0, 86_400),
    default=600,
    show_default=True,
    help="After SIGTERM, how long its runs may continue.",
)
@click.option(
    "--heartbeat-file",
    type=NewPath(dir_okay=False, path_type=Path),
    help="A file to touch every 5 s while the database has this worker's lease, for a liveness probe.",
)
def worker(max_runs: int, drain_seconds: float, heartbeat_file: Path | None) -> None:
    """Execute launched runs, for production.

    Any number of workers on any machines share the runs that the launcher WorkerRunLauncher puts into the database. SIGTERM or
    Ctrl-C: it takes no new runs and ends once its runs have ended. A second one interrupts them once calls in flight have
    completed; their lectures continue elsewhere.
    """
    from lecture_assets.cli.session import open_lectures  # noqa: PLC0415 - longer than --help may take
    from lecture_assets.defs.worker_service import WorkerOptions, work  # noqa: PLC0415 - the same
    from lecture_assets.runner.setup.environment import home_of  # noqa: PLC0415 - the same

    with open_lectures():  # report a faulty environment in words, before anything starts
        os.environ["LECTURES_HOME"] = str(home_of(os.environ))

    def say(words: str) -> None:
        click.echo(words)

    work(os.environ, WorkerOptions(max_runs, drain_seconds, heartbeat_file), say)


@click.command(epilog=examples("lectures serve", "lectures serve --host 0.0.0.0 --port 8000"))
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to serve on.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve on. Others than loopback need tokens.")
def serve(port: int, host: str) -> None:
    """Serve GraphQL and REST for a product backend, for production.

    It creates, edits, prices and queues; workers regenerate. It runs without Dagster, in as many copies as you like.
    /lectures/health answers while the process works, /lectures/ready once the database can be used.
    """
    from lecture_assets.api.server import serve as serve_api  # noqa: PLC0415 - longer than --help may take
    from lecture_assets.cli.session import open_lectures  # noqa: PLC0415 - the same
    from lecture_assets.defs.host.dev_port import free_port  # noqa: PLC0415 - the same; it does not load Dagster

    with open_lectures() as lectures:
        serve_api(lectures, host, free_port(host, port))
