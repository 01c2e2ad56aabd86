"""Consoles that show texts literally and obey no control characters in them."""

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from lecture_assets.prose.readable import readable


class Terminal(Console):
    """A console without control characters in its texts, whose reader may close the pipe early, as `head` does."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """Make all printed text readable, but leave the console's own control codes."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=readable(segment.text))

    def on_broken_pipe(self) -> None:
        """Leave it to the caller; rich would exit with 1, which means that nodes failed."""
        raise BrokenPipeError
