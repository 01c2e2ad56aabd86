"""What gives a rendering the files of media. Alone in its file, so that writing a timeline loads no media libraries."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

OpenMedia: TypeAlias = Callable[[str], Path]
"""Returns a file with the bytes of a SHA-256."""
