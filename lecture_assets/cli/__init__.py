"""The command line `lectures`: arguments in, sentences and JSON out. All work and decisions are in `runner/lectures.py`.

    entry.py                 the command, its exit codes, its error messages
    write_commands.py        create, make, edit, …
    read_commands.py         status, plan, explain, …
    watch_command.py         watch; event_lines.py: its lines for people
    version_commands.py      undo, copy, import, …
    lecture_commands.py      rename, delete
    import_files.py          import: one file, or many
    shadow_commands.py       shadow report, shadow paid, promote
    rollout_commands.py      rollout show, set, ask
    maintenance_commands.py  gc, artifacts, doctor
    db_commands.py           db upgrade, db check
    token_commands.py        token create, list, rotate, revoke
    webhook_commands.py      webhook create, list, rotate, ping, remove
    export_command.py        the formats of export
    dev_command.py           `lectures dev`
    serve_commands.py        webserver, worker, serve
    mcp_command.py           mcp
    arguments.py             the arguments and options
    session.py               what commands share
    printing.py, report.py   output on stdout
    progress.py              progress on stderr
    figures.py               money, time and sizes as text
    signals.py, log.py       how a command ends, and the log of internal errors

Heavy modules are imported inside the commands, so that `lectures --help` answers at once.
"""

from lecture_assets.cli.entry import main

__all__ = ["main"]
