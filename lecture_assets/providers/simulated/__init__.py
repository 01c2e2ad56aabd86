"""A vendor without keys or network: real media by local tools, bought and journalled as at a vendor. START HERE: `vendor.py`."""
