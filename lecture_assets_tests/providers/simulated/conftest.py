"""Media are really made here, instead of being taken from the cache that other tests share."""

import pytest

from lecture_assets.providers.simulated.media_cache import KEPT


@pytest.fixture(autouse=True)
def _made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEPT, raising=False)
