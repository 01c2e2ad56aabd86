from pathlib import Path

import pytest

from lecture_assets_tests.render.samples import Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "media")
