"""Lists by cursor: `first` is required, from 1 to 100; a cursor is opaque to clients."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from graphql import GraphQLError

MOST = 100


def check_first(first: int) -> int:
    """Return `first`; GraphQLError unless it is from 1 to 100."""
    if not 1 <= first <= MOST:
        message = f"first: found {first}; allowed: 1 to {MOST}"
        raise GraphQLError(message, extensions={"code": "INVALID_ARGUMENT"})
    return first


def cursor(*parts: str | float) -> str:
    """Return the cursor of an item that is found by these parts."""
    return base64.urlsafe_b64encode("\n".join(map(str, parts)).encode()).decode().rstrip("=")


def parts_of(after: str, number: int) -> tuple[str, ...]:
    """Return the parts of a cursor; GraphQLError if it is none of a list whose cursors have so many."""
    try:
        text = base64.urlsafe_b64decode(f"{after}{'=' * (-len(after) % 4)}".encode("ascii")).decode()
    except (binascii.Error, UnicodeError):
        text = ""
    parts = tuple(text.split("\n"))
    if not text or len(parts) != number:
        raise not_a_cursor()
    return parts


def not_a_cursor() -> GraphQLError:
    """Return the error of a cursor that is none."""
    return GraphQLError("after: found no cursor of this list; allowed: an endCursor", extensions={"code": "INVALID_ARGUMENT"})


def page(items: Sequence[Any], first: int, after: str | None) -> dict[str, Any]:
    """Return a page of a list whose order does not change; its cursors are places in it."""
    check_first(first)
    begin = 0
    if after is not None:
        place = parts_of(after, 1)[0]
        if not (place.isascii() and place.isdecimal() and len(place) < len("1000000000")):
            raise not_a_cursor()
        begin = int(place)
    end = min(begin + first, len(items))
    about = page_info(end < len(items), end if begin < end else None)
    return {"total": len(items), "items": list(items[begin:end]), "page_info": about}


def page_info(has_next: bool, end: str | float | None) -> dict[str, Any]:  # noqa: FBT001 - the schema's order
    """Return the place of a page. end: what its last item is found by; None for an empty page."""
    return {"has_next_page": has_next, "end_cursor": None if end is None else cursor(end)}
