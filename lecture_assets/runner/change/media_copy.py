"""Copy all media of one place to another: folder to bucket, bucket to folder, or alike. Safe to repeat; opens no database.

Each medium is compared with its name when it is read, and stored where it is missing or damaged. The mark, which says whose
media they are, comes last: no database accepts a place before it is complete.
"""

import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from typing_extensions import TypedDict

from lecture_assets.graph.errors import Fault, RefusedError, WrongInputError
from lecture_assets.runner.setup.environment import why_not_writable
from lecture_assets.store.bucket_place import ALLOWED, bucket_place, is_bucket, why_no_bucket
from lecture_assets.store.media_places import MediaPlace, media_place

Progress = Callable[[int, int], None]
"""Called with how many media are done, and how many there are."""
_AT_ONCE = 8


class MediaCopyDocument(TypedDict):
    """What `artifacts copy` prints.

    copied, present: media that were copied, and that were there already; copied_bytes: of those copied
    damaged:         SHA-256 of media that are damaged in the source and whole nowhere; they were left out
    marked:          the target now belongs to the database that the source belongs to
    """

    source: str
    target: str
    copied: int
    copied_bytes: int
    present: int
    damaged: list[str]
    marked: bool


def copy_media(source: str, target: str, progress: Progress) -> MediaCopyDocument:
    """Copy what the target lacks. WrongInputError for a name that is no place; RefusedError if the target is another's."""
    check_places(source, target)
    with media_place(source) as there, media_place(target) as here, tempfile.TemporaryDirectory() as folder:
        sizes, present = there.sizes(), here.sizes()
        if not sizes and there.identity.mark() is None:
            raise WrongInputError(
                [Fault("FROM", f"{source!r}, which has no media and belongs to no database", "a place with media")]
            )
        _require_free(there, here, set(present) - set(sizes), target)

        def copy(sha256: str) -> str:
            if sha256 in present and here.is_whole(sha256):
                return "present"
            path = Path(folder) / sha256
            if not there.fetch(sha256, path):
                return "damaged"
            here.put(sha256, path)
            return "copied"

        done: dict[str, list[str]] = {"present": [], "copied": [], "damaged": []}
        pool = ThreadPoolExecutor(_AT_ONCE)
        try:
            for number, (sha256, outcome) in enumerate(zip(sizes, pool.map(copy, sizes), strict=True), 1):
                done[outcome].append(sha256)
                progress(number, len(sizes))
        finally:
            pool.shutdown(cancel_futures=True)  # so that Ctrl-C waits for nothing but what is being copied
        return {
            "source": source,
            "target": target,
            "copied": len(done["copied"]),
            "copied_bytes": sum(sizes[sha256] for sha256 in done["copied"]),
            "present": len(done["present"]),
            "damaged": sorted(done["damaged"]),
            "marked": _mark(there, here),
        }


def check_places(source: str, target: str) -> None:
    """Raise WrongInputError with a fault for each name that is no place, and if both are the same."""
    faults = []
    for where, named in (("FROM", source), ("TO", target)):
        if is_bucket(named):
            why = why_no_bucket(named)
        elif "://" in named:
            why = f"{named[:80]!r}, which is neither a folder nor a bucket of S3"
        else:
            why = _why_no_folder(Path(named), is_source=where == "FROM")
        if why:
            faults.append(Fault(where, why, f"a folder with media, or {ALLOWED}"))
    if not faults and _place(source) == _place(target):
        faults.append(Fault("TO", f"{target!r}, which is also the source", "another place"))
    if faults:
        raise WrongInputError(faults)


def _why_no_folder(folder: Path, *, is_source: bool) -> str | None:
    if is_source:
        return None if folder.is_dir() else f"{str(folder)!r}, which is not a folder"
    why = why_not_writable(folder)
    return f"{str(folder)!r}, {why}" if why else None


def _place(named: str) -> object:
    return bucket_place(named) if is_bucket(named) else Path(named).resolve()


def _require_free(there: MediaPlace, here: MediaPlace, foreign: set[str], target: str) -> None:
    """Raise RefusedError if the target has other media than the source, or belongs to another database."""
    mark = here.identity.mark()
    if mark is not None and mark != there.identity.mark():
        message = f"{target} belongs to another database than the source; nothing was copied (name an empty place)"
        raise RefusedError(message)
    if mark is None and foreign:
        message = f"{target} has media that the source lacks ({min(foreign)}); nothing was copied (name an empty place)"
        raise RefusedError(message)


def _mark(there: MediaPlace, here: MediaPlace) -> bool:
    """Give the target to the database that the source belongs to; False if that is none."""
    mark = there.identity.mark()
    if mark is None:
        return False
    here.identity.advance(max(there.identity.generation(), here.identity.generation()))
    return here.identity.put_mark(mark) == mark
