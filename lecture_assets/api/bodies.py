"""Bodies of requests and messages of sockets as JSON. How many values there are is counted before any of them is parsed.

A body of 2 MB may have a million values, which take Python longer to parse, and to look through, than all else of a request.
"""

import json
import re
from itertools import islice
from typing import Any

from lecture_assets.api.cost_limits import TooMuchError

MOST_VALUES = 20_000
"""In one body, keys included. An import of 99 segments has 4,000."""
_MARKS = ",:[{"
"""One for each value but the first, and for each list or object: of n values there are at most 2 n + 1."""
_MOST_MARKS = 2 * MOST_VALUES + 1
_MOST_PIECES = _MOST_MARKS + MOST_VALUES
"""Of marks and strings together."""
_PIECE = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[,:\[{]', re.DOTALL)


def parsed_json(body: bytes | str, **how: Any) -> Any:
    """Return the document. ValueError or RecursionError if it is none; TooMuchError for more values than are ever allowed.

    how: as `json.loads` takes it
    """
    text = body if isinstance(body, str) else body.decode(json.detect_encoding(body), "surrogatepass")
    if sum(map(text.count, _MARKS)) > _MOST_MARKS and next(islice(_PIECE.finditer(text), _MOST_PIECES, None), None):
        raise TooMuchError(None, MOST_VALUES, "values")
    return json.loads(text, **how)
