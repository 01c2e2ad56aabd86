"""The command line `lectures`: words in, sentences and JSON out. The work is done by `runner/lectures.py`; it decides nothing.

    entry.py               the command, its exit codes, what is said when something is wrong
    write_commands.py      create, make, edit, …             read_commands.py         status, plan, explain, …
    version_commands.py    undo, copy, import, …             maintenance_commands.py  doctor, gc, …
    export_command.py      the formats of export             dev_command.py           `lectures dev`
    arguments.py           what can be typed                 session.py               what commands share
    printing.py, report.py what is read on stdout            progress.py              what is seen on stderr meanwhile
    figures.py             money and time in words           signals.py, log.py       how it ends, and what is kept of faults

Everything heavy is imported inside the commands: `lectures --help` answers at once.
"""

from lecture_assets.cli.entry import main

__all__ = ["main"]
