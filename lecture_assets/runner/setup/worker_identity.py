"""Who a worker is: a name that nobody else in the world has, tied to the lock it holds. Not the host's name, and no path.

name of a worker = lock's name / process / word, as `5f0c…/4711/run`. A lock's name is made of a random id that lies beside the
lock, of the lock file itself (device and inode) and of the machine's boot. So whoever holds a lock knows that all workers are
dead whose names start with the lock's: they held this very lock. Copied, restored, shared with another machine or made anew, a
lock has another name, and then leases decide.
"""

import hashlib
import os
import tempfile
import uuid
from pathlib import Path

from lecture_assets.ports import boot_id

_ID = "id"


def lock_name(lock: Path) -> str:
    """What the names of all workers start with that have held this lock file; empty where there is no such file."""
    try:
        seen = lock.stat()
    except FileNotFoundError:
        return ""
    told = f"{_random_id(lock.parent)} {boot_id()} {seen.st_dev} {seen.st_ino}"
    return hashlib.sha256(told.encode()).hexdigest()[:16] + "/"


def worker_name(lock: Path, word: str) -> str:
    """A name for a worker that holds this lock file. word: what it ends with."""
    return f"{lock_name(lock)}{os.getpid()}/{word or uuid.uuid4().hex[:8]}"


def _random_id(folder: Path) -> str:
    """The id of a folder of locks, made when it is first needed. Of two that make one at once, the first one's counts."""
    path = folder / _ID
    if not path.exists():
        handle, new = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "w") as file:
            file.write(uuid.uuid4().hex)
        try:
            os.link(new, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without links: where two come at once, one of them is not known by its name
            Path(new).replace(path)
        finally:
            Path(new).unlink(missing_ok=True)
    return path.read_text(errors="replace")
