"""Your own definitions. `dg scaffold defs …` writes them here; whatever is here is loaded with ours (`definitions.py`)."""
