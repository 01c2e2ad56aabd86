"""A small version of a picture or of a clip's first frame; a clear error for anything else."""

import io
from pathlib import Path

import pytest
from PIL import Image

from lecture_assets.render.thumbnail import thumbnail


def test_a_large_picture_becomes_a_small_one_of_the_same_shape(tmp_path: Path) -> None:
    Image.new("RGBA", (1280, 720), "teal").save(tmp_path / "picture", "PNG")
    with Image.open(io.BytesIO(thumbnail(tmp_path / "picture", "image/png"))) as small:
        assert (small.format, small.size) == ("JPEG", (320, 180))


@pytest.mark.parametrize("kind", ["image/png", "video/mp4"])
@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\nnothing", b"\0\0\0\x18ftypmp42nothing"])
def test_a_damaged_file_is_an_os_error(tmp_path: Path, kind: str, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(OSError, match="file"):
        thumbnail(tmp_path / "file", kind)
