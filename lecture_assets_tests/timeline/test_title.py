import pytest

from lecture_assets.timeline.title import is_title
from lecture_assets_tests.timeline.samples import lecture


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Bees", True),
        ("1984.", True),
        ("**Bees** 🎉", True),
        ("1️⃣", True),
        ("© ☺", True),
        ("🎉🎉", False),
        ("👍🏽 🇩🇪 ❤️", False),
        ("\u3164", False),
        ("\u2800", False),
        ("![](bee.png)", False),
        ("<!-- bees -->", False),
        ("---", False),
    ],
)
def test_a_title_has_words(text: str, is_one: bool) -> None:  # noqa: FBT001 - a row of a table
    assert is_title(text) is is_one


@pytest.mark.parametrize("display", ["over", "card"])
def test_a_title_without_words_takes_no_time(display: str) -> None:
    timeline = lecture(title="🎉🎉", title_display=display)
    assert timeline == lecture(title="🎉🎉", title_display="none")
    assert (timeline["title"]["display"], timeline["title"]["duration_in_frames"]) == ("none", 0)
