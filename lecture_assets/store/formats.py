"""The sorts of documents that are stored, each with the functions that upgrade what an older release wrote.

Whoever changes what is in one appends a function here, which makes a document of the version before one of the new version, and
keeps a store of the release before (`lecture_assets_tests/store/releases.py`). Settings are upgraded in `graph/settings.py`.
"""

from lecture_assets.store.document import Format

EDITS = Format("edits")
VALUES = Format("values")
"""What nodes hold. Their versions stay those of the values as they were stored."""
RECIPES = Format("recipes")
REQUESTS = Format("requests")
REPLIES = Format("replies")
ERRORS = Format("errors")
GRAPHS = Format("graphs")
PLANS = Format("plans")
OFFERS = Format("offers")
SETTINGS = Format("settings")
"""Whole ones, and what an edit changes in them; the version that upgrades go by stands within."""
