"""What every test shares: how hypothesis searches. Adds no fixture that a room's own conftest could hold.

`default` gives the same examples on every run; `HYPOTHESIS_PROFILE=search` looks for new ones, forty times as many.
"""

import os

from hypothesis import HealthCheck, settings

for _key in (
    "LECTURES_RECORD",
    "LECTURES_REPLAY",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "REPLICATE_API_TOKEN",
    "REPLICATE_BASE_URL",
):
    os.environ.pop(_key, None)  # no test may spend anybody's money

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
