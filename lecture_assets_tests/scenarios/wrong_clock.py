"""`lectures` in a process whose clock is wrong: `python -m …wrong_clock SECONDS WORDS…`. What faketime does, without it.

`time.time` is ahead by so many seconds, for the program and for all that it uses; the kernel's uptime is what it is.
"""

import sys
import time

_ahead, _true = float(sys.argv.pop(1)), time.time
time.time = lambda: _true() + _ahead

if __name__ == "__main__":
    from lecture_assets.cli.entry import main

    main()
