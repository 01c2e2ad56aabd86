"""What every test shares: how hypothesis searches. Adds no fixture that a room's own conftest could hold.

`default` gives the same examples on every run; `HYPOTHESIS_PROFILE=search` looks for new ones, forty times as many.
"""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "default",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "search", deadline=None, max_examples=1000, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
