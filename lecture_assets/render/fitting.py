"""Pictures fitted to a frame: filling it, or whole before a blurred copy of themselves. Nothing moves here."""

from PIL import Image, ImageFilter

_BACKDROP_DIM = 0.45


def covering(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The middle of a picture, filling the size."""
    scale = max(size[0] / picture.width, size[1] / picture.height)
    width, height = (
        min(size[0] / scale, picture.width),
        min(size[1] / scale, picture.height),
    )  # a box beyond by a rounding error is refused
    left, top = (picture.width - width) / 2, (picture.height - height) / 2
    return picture.resize(size, Image.Resampling.LANCZOS, box=(left, top, left + width, top + height))


def backdrop(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """A blurred and dimmed copy of a picture, filling the size."""
    small = covering(picture, (size[0] // 8, size[1] // 8)).filter(ImageFilter.GaussianBlur(6))
    return Image.blend(Image.new("RGB", size), small.resize(size, Image.Resampling.BICUBIC), 1 - _BACKDROP_DIM)


def whole_size(picture: Image.Image, size: tuple[float, float]) -> tuple[int, int]:
    """The largest size at which all of a picture is within a size."""
    scale = min(size[0] / picture.width, size[1] / picture.height)
    return max(1, round(picture.width * scale)), max(1, round(picture.height * scale))


def contained(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The whole picture before its backdrop."""
    ground = backdrop(picture, size)
    whole = picture.resize(whole_size(picture, size), Image.Resampling.LANCZOS)
    ground.paste(whole, ((size[0] - whole.width) // 2, (size[1] - whole.height) // 2))
    return ground
