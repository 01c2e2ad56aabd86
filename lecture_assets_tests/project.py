"""Where the project's own files are. Reads none of them."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
