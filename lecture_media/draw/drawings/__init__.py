"""Every drawing, by the name of its subject (`subjects.py`). A drawing only uses its pen; it knows neither style, place nor size.

ideas.py       signs, tools of study, things one reads, counts and hears
land.py        land, water and weather
life.py        living things, whole and through the microscope
machines.py    computers, networks and machines
matter.py      molecules, crystals and glassware
society.py     people and what they build
space.py       beyond the air
things.py      things people make and use
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
