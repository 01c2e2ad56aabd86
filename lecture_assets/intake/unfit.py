"""Why a medium is not taken in."""


class UnfitMediumError(Exception):
    """A file that is no medium of the wanted sort, or one beyond the limits; the message says what was found."""


class UnreachableMediumError(UnfitMediumError):
    """A file that was not to be had just now: another try may find it."""
