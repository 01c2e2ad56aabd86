"""Texts are made once, and the last ones are kept, as many as there is room for."""

from lecture_assets.api.kept_texts import KeptTexts


def test_the_last_texts_are_made_once_and_one_that_was_asked_for_lately_is_kept_longer() -> None:
    made: list[str] = []
    kept = KeptTexts(most_bytes=10)

    def text(name: str, size: int = 4) -> bytes:
        return kept.of(name, lambda: made.append(name) or name.encode() * size)  # type: ignore[func-returns-value]

    for name in ("a", "b", "a", "c", "a", "b"):
        assert text(name) == name.encode() * 4
    assert made == ["a", "b", "c", "b"]


def test_a_text_longer_than_all_that_is_kept_is_kept_until_the_next() -> None:
    kept = KeptTexts(most_bytes=10)
    assert kept.of("long", lambda: b"l" * 100) is kept.of("long", lambda: b"")
    assert kept.of("short", lambda: b"s") == b"s"
    assert kept.of("long", lambda: b"again") == b"again"
    assert kept.of("short", lambda: b"") == b"s"
