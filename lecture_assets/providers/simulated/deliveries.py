"""The media that the simulated vendor has made and that have not been fetched yet: files in a folder below the home."""

import shutil
import tempfile
import uuid
from collections.abc import Mapping
from pathlib import Path

from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Role
from lecture_assets.ports import Clock, MediaFile

_KEPT_S = 24 * 3600.0
"""A delivery that is older than a day belongs to a process that was killed."""
_FORMATS: Mapping[Role, tuple[str, str]] = {
    Role.SPEECH: (".wav", "audio/wav"),
    Role.IMAGE: (".png", "image/png"),
    Role.VIDEO: (".mp4", "video/mp4"),
    Role.MUSIC: (".m4a", "audio/mp4"),
}


class Deliveries:
    """The deliveries of one process, in a folder of its own on the home's disk, so that fetching a file is a rename."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        """folder: shared by all processes; created when it is first needed."""
        self._shared, self._clock = folder, clock
        self._folder: Path | None = None

    def new(self, role: Role) -> Path:
        """Return a path for a medium of this role that does not exist yet."""
        if self._folder is None:
            self._shared.mkdir(parents=True, exist_ok=True)
            _clear_old(self._shared, self._clock.now() - _KEPT_S)
            self._folder = Path(tempfile.mkdtemp(dir=self._shared))
        return self._folder / f"{uuid.uuid4().hex}{_FORMATS[role][0]}"

    def discard(self) -> None:
        """Delete what was not fetched."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def delivered(path: Path, role: Role, details: dict[str, Json]) -> MediaFile:
    """Describe a file that was made for this role."""
    return MediaFile(path, _FORMATS[role][1], details)


def invalid_delivery(path: Path, role: Role) -> MediaFile:
    """Write a file that is not a medium; its details claim zero length and zero size."""
    path.write_bytes(b"This is no medium.")
    sizes: dict[str, Json] = {"width": 0, "height": 0}
    length: dict[str, Json] = {"duration_ms": 0}
    details = {Role.IMAGE: sizes, Role.SPEECH: length | {"words": []}, Role.VIDEO: sizes | length, Role.MUSIC: length}
    return delivered(path, role, details[role])


def discard_reply(value: "Json | MediaFile") -> None:
    """Delete the file of a reply that will not be delivered, if it has one."""
    if isinstance(value, MediaFile):
        value.path.unlink(missing_ok=True)


def _clear_old(folder: Path, before: float) -> None:
    """Delete the deliveries of processes that were killed."""
    for delivery in folder.iterdir():
        if delivery.stat().st_mtime < before:
            shutil.rmtree(delivery, ignore_errors=True)
