"""Where the project's own files are. Reads none of them."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[1]

THOROUGH = bool(os.environ.get("LECTURES_THOROUGH"))
"""Whether the seeded searches (random edits, the ledger) run all of their seeds: `LECTURES_THOROUGH=1 pytest …`."""
