"""The command line `lectures`: words in, sentences and JSON out. The work is done by `runner/lectures.py`; it decides nothing.

    entry.py     the command, its exit codes, what is said when something is wrong
    making.py    commands that make or change a lecture          asking.py     commands that only report
    arguments.py what can be typed                               printing.py, report.py   what is read on stdout
    exporting.py the formats of export                           progress.py              what is seen on stderr meanwhile
    session.py   what commands share                             figures.py               money and time in words
    environment.py, scope.py  what is looked at first            signals.py, log.py       how it ends, and what is kept of faults

Everything heavy is imported inside the commands: `lectures --help` answers at once.
"""

from lecture_assets.cli.entry import main

__all__ = ["main"]
