"""Every drawing by the name of its subject (`subjects.py`).

A drawing only uses its pen; style, place and size are not its business.
"""

from collections.abc import Callable, Mapping
from types import ModuleType

from lecture_media.draw.drawings import ideas, land, life, machines, matter, society, space, things
from lecture_media.draw.pen import Pen

_ROOMS: tuple[ModuleType, ...] = (land, life, matter, machines, ideas, society, space, things)
DRAWINGS: Mapping[str, Callable[[Pen], None]] = {
    name.replace("_", "-"): made
    for room in _ROOMS
    for name, made in vars(room).items()
    if callable(made) and getattr(made, "__module__", "") == room.__name__ and not name.startswith("_")
}
"""The drawing of each subject."""
