"""Where the project's own files are. Reads none of them."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[1]

THOROUGH = bool(os.environ.get("LECTURES_THOROUGH"))
"""Whether what repeats a kind runs whole: all seeds, kill points, processes and examples. `LECTURES_THOROUGH=1 pytest …`."""
