"""Ids of lectures: checking one, and deriving one from a name. Whether an id is taken is up to the store."""

import re
import unicodedata

from lecture_assets.briefs.rules import shown
from lecture_assets.graph.errors import Fault, WrongInputError

MAX_ID = 63
"""The most characters in an id: file names, partition keys and host names can all be that long."""
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
ID_PATTERN = f"^{_ID.pattern}$"
"""The same for JSON Schema."""
_FALLBACK = "lecture"


def check_id(text: str) -> str:
    """Return the id. Raise WrongInputError if it is not a valid one."""
    if not _ID.fullmatch(text):
        found = f"{len(text)} characters" if len(text) > MAX_ID else shown(text)
        allowed = f"1 to {MAX_ID} of the characters a-z, 0-9 and -, not beginning with - (like {slug(text)})"
        raise WrongInputError([Fault("id", found, allowed)])
    return text


def slug(name: str) -> str:
    """Derive an id from any name: `wie-baume-trinken-yaml` from `Wie Bäume trinken.yaml`, `lecture` if nothing is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    whole = ""
    for word in words:
        longer = f"{whole}-{word}" if whole else word[:MAX_ID]
        if len(longer) > MAX_ID:
            break
        whole = longer
    return whole or _FALLBACK
