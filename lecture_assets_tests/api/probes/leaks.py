"""What no text for a client may hold: paths of this machine, URLs with a password, SQL, stacks."""

import re
import tempfile

PATTERNS = {
    "a path": re.compile(rf"(?:{re.escape(tempfile.gettempdir())}|/home|/root|/usr|/var|site-packages)/|\.py\b|lectures\.db"),
    "a URL with a password": re.compile(r"[a-z0-9+]+://[^\s/@\"']+:[^\s/@\"']+@"),
    "SQL": re.compile(r"\b(?:SELECT|INSERT INTO|DELETE FROM|UPDATE \w+ SET|FROM \w+ WHERE|PRAGMA|psycopg2?|sqlalchemy)\b"),
    "a stack": re.compile(r"Traceback|File \"|, line \d+|\b[A-Z]\w+Error\b|object at 0x"),
}


def leaks(text: str) -> list[str]:
    """What a text holds of that."""
    return [f"{what}: {found[0]}" for what, pattern in PATTERNS.items() if (found := pattern.search(text))]
