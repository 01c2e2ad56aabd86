"""The formats of stored documents, each with the functions that upgrade older versions.

A change to a document needs a function here that upgrades the previous version, and a kept store of the previous release
(`lecture_assets_tests/store/releases.py`). Settings are upgraded in `graph/settings.py`.
"""

from lecture_assets.store.document import Format

EDITS = Format("edits")
VALUES = Format("values")
"""What nodes hold. A node's version remains that of the value as it was stored."""
RECIPES = Format("recipes")
REQUESTS = Format("requests")
REPLIES = Format("replies")
KEPT_REPLIES = Format("kept replies")
ERRORS = Format("errors")
GRAPHS = Format("graphs")
PLANS = Format("plans")
OFFERS = Format("offers")
PROGRESS = Format("progress")
ANSWERS = Format("answers to requests")
SCOPES = Format("scopes")
IMPORTS = Format("imports")
SHADOWS = Format("prices of shadows")
SETTINGS = Format("settings")
"""Complete settings and differences between them; the version used for upgrades is inside the settings."""
