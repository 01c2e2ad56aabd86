"""Here media are made, and none is taken from those that other tests made."""

import pytest

from lecture_assets.providers.simulated.media_cache import KEPT


@pytest.fixture(autouse=True)
def _made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEPT, raising=False)
