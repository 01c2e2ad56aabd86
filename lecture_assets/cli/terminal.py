"""Where a person reads: consoles that show what they are given, and obey nothing that is in it."""

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from lecture_assets.prose.readable import readable


class Terminal(Console):
    """A console without control characters in its texts, whose reader may leave early, as `head` does."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """What is printed, made readable whatever has become of it on its way here; the console's own codes stay."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=readable(segment.text))

    def on_broken_pipe(self) -> None:
        """Leave it to the caller; rich alone would end with 1, which says that nodes failed."""
        raise BrokenPipeError
