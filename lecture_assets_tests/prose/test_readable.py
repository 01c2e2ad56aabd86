"""No control character gets through; whatever a script needs does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.content import HELD
from lecture_assets.graph.kind import Holds
from lecture_assets.ports import FailureKind, ProviderError
from lecture_assets.prose.readable import readable, readable_value
from lecture_assets.providers.failures import clean

OBEYED = {
    "ESC": "\x1b",
    "CSI": "\x1b[31;1mred\x1b[0m",
    "CSI of C1": "\x9b2J",
    "OSC, ended by BEL": "\x1b]0;a title\x07",
    "OSC, ended by ST": "\x1b]8;;https://example.org\x1b\\",
    "NUL": "\x00",
    "backspace": "\x08",
    "DEL": "\x7f",
    "C1": "\x80\x9f",
    "override of direction": "\u202ex\u202c",
    "isolate": "\u2066x\u2069",
    "half of a surrogate pair": "\ud83d",
    "byte order mark": "\ufeff",
    "tag": "\U000e0041\U000e007f",
    "annotation": "\ufff9",
    "noncharacter": "\uffff\U0010fffe",
    "separator of lines": "\u2028\u2029",
    "vertical tab, form feed": "\v\f",
    "carriage return": "\r",
}
NEEDED = [
    "\n\t",
    "نمی\u200cخواهم",
    "क्\u200dष",
    "👩\u200d🏫 ❤\ufe0f",
    "a\u200fb\u200e",
    "e\u0301",
    "soft\u00adhyphen",
    "no\u00a0break",
    "ไทย\u200bไทย",
]
_OBEYED = set("".join(OBEYED.values())) - set("[31;1mred0]aitle8;hps:/xmo.g\\2Jx \n")


def shows_only_text(text: str) -> bool:
    return not _OBEYED & set(text)


@pytest.mark.parametrize("name", OBEYED)
def test_what_a_terminal_obeys_is_taken_out(name: str) -> None:
    text = readable(f"before {OBEYED[name]} after")
    assert shows_only_text(text)
    assert text.startswith("before ")
    assert text.endswith(" after")


@pytest.mark.parametrize("name", OBEYED)
def test_a_model_s_and_a_vendor_s_control_characters_are_taken_out_where_they_come_in(name: str) -> None:
    said = f"Rain {OBEYED[name]} falls."
    script = {"title": said, "segments": [{"narration": said, "visual": said, "background_music": said, "effect": "none"}]}
    assert shows_only_text(str(HELD[Holds.SCRIPT].validate_python(script).model_dump()))
    assert shows_only_text(HELD[Holds.TEXT].validate_python(said))
    assert shows_only_text(clean(said))
    error = ProviderError("openai", FailureKind.MODERATION, said, said, request_id=said)
    assert shows_only_text(str(error) + str(error.to_json()))
    assert shows_only_text(str(readable_value({said: [said, {"x": said}]})))


@pytest.mark.parametrize("text", NEEDED)
def test_what_scripts_need_stays(text: str) -> None:
    assert readable(text) == text


@given(st.text(st.characters()))
def test_any_text_comes_out_readable_once_and_for_all(text: str) -> None:
    once = readable(text)
    assert shows_only_text(once)
    assert readable(once) == once
    once.encode()
