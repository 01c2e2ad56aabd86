"""Counts in a sentence."""

from lecture_assets.runner.setup.money import calls, count


def test_calls_name_the_most_frequent_role_first() -> None:
    assert calls({"music": 1, "text": 9, "image": 9}) == "19 calls (9 image, 9 text, 1 music)"
    assert (calls({}), count(1, "call"), count(1900, "node")) == ("0 calls", "1 call", "1,900 nodes")
