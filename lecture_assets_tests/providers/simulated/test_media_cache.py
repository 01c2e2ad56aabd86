"""A cached medium is the one that would be made, and is made once."""

from pathlib import Path

import pytest

from lecture_assets.providers.simulated.media_cache import KEPT, keep, take


def test_the_cache_returns_exactly_what_was_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = {"role": "music", "key": "k", "request": {"prompt": "calm", "seconds": 3}, "files": {}, "out": str(tmp_path / "one")}
    (tmp_path / "one").write_bytes(b"music")
    keep(job, {"duration_ms": 3000})
    assert take(job) is None
    monkeypatch.setenv(KEPT, str(tmp_path / "kept"))
    assert take(job) is None
    keep(job, {"duration_ms": 3000})
    again = job | {"out": str(tmp_path / "two")}
    assert take(again) == {"duration_ms": 3000}
    assert (tmp_path / "two").read_bytes() == b"music"
    for other in ({"key": "l"}, {"role": "image"}, {"request": {"prompt": "calm", "seconds": 4}}):
        assert take(again | other) is None
