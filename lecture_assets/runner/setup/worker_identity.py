"""The identity of a worker: a globally unique name tied to the lock it holds, without host names or paths.

A worker is named `LOCK/PROCESS/WORD`, like `5f0c…/4711/run`. A lock's name is derived from a random id stored beside it, from
the lock file itself (device and inode) and from the machine's boot. So the holder of a lock knows that all other workers whose
names start with that lock's name are dead: they held this very lock. A lock that was copied, restored, recreated or shared with
another machine has another name, and leases decide instead.
"""

import hashlib
import os
import tempfile
import uuid
from pathlib import Path

from lecture_assets.ports import boot_id

_ID = "id"


def lock_name(lock: Path) -> str:
    """Return the prefix of the names of all workers that have held this lock file; empty if the file does not exist."""
    try:
        file = lock.stat()
    except FileNotFoundError:
        return ""
    identity = f"{_random_id(lock.parent)} {boot_id()} {file.st_dev} {file.st_ino}"
    return hashlib.sha256(identity.encode()).hexdigest()[:16] + "/"


def worker_name(lock: Path | None, word: str) -> str:
    """Return a name for the worker that holds this lock file, or none. word: its suffix, random if empty."""
    held = lock_name(lock) if lock else f"{uuid.uuid4().hex[:16]}/"
    return f"{held}{os.getpid()}/{word or uuid.uuid4().hex[:8]}"


def _random_id(folder: Path) -> str:
    """Return the id of a folder of locks, created on first use. If two processes create it at once, the first one wins."""
    path = folder / _ID
    if not path.exists():
        handle, new = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "w") as file:
            file.write(uuid.uuid4().hex)
        try:
            os.link(new, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without hard links: if two processes race, the loser's name is not recognized
            Path(new).replace(path)
        finally:
            Path(new).unlink(missing_ok=True)
    return path.read_text(errors="replace")
