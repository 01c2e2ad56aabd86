"""Ids of lectures: what one may be, and one from a name. Whether a lecture has it already is the store's to say."""

import re
import unicodedata

from lecture_assets.briefs.rules import shown
from lecture_assets.graph.errors import Fault, WrongInputError

MAX_ID = 63
"""Characters of an id: a file name, a partition key and a host name can all be that long."""
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_FALLBACK = "lecture"


def check_id(text: str) -> str:
    """The id itself; WrongInputError where it is none."""
    if not _ID.fullmatch(text):
        found = f"{len(text)} characters" if len(text) > MAX_ID else shown(text)
        allowed = f"1 to {MAX_ID} of the characters a-z, 0-9 and -, not beginning with - (like {slug(text)})"
        raise WrongInputError([Fault("id", found, allowed)])
    return text


def slug(name: str) -> str:
    """An id from any name: `Wie Bäume trinken.yaml` gives `wie-baume-trinken-yaml`; `lecture` where no letter is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    whole = ""
    for word in words:
        longer = f"{whole}-{word}" if whole else word[:MAX_ID]
        if len(longer) > MAX_ID:
            break
        whole = longer
    return whole or _FALLBACK
