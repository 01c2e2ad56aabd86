"""The errors for a medium that is rejected."""


class UnfitMediumError(Exception):
    """The file is not a medium of the wanted kind, or exceeds the limits. The message says what was found."""


class UnreachableMediumError(UnfitMediumError):
    """The file was not available just now; another attempt may succeed."""


class UnreadableMediumError(UnfitMediumError):
    """A library gives up on the file; what it says of its own state helps nobody."""

    def __init__(self, what: str) -> None:
        """Name the kind of medium, with its article."""
        super().__init__(f"{what} that cannot be read to its end: the file is damaged or incomplete")
