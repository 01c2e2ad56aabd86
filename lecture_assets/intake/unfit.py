"""The errors for a medium that is rejected."""


class UnfitMediumError(Exception):
    """The file is not a medium of the wanted kind, or exceeds the limits. The message says what was found."""


class UnreachableMediumError(UnfitMediumError):
    """The file was not available just now; another attempt may succeed."""
