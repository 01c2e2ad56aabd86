"""What a value should have been is said in plain words, never in those of the library that refused it."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from lecture_assets.prose.refusals import allowed_by, found_by, plain_name


class Part(BaseModel):
    """A part."""

    model_config = ConfigDict(extra="forbid")
    name: str


ROWS: list[tuple[Any, Any, str, str | None]] = [
    (Annotated[str, Field(max_length=5)], "rainfall", "at most 5 characters", "8 characters"),
    (Annotated[str, AfterValidator(str.strip), Field(max_length=5)], "rainfall", "at most 5 characters", "8 characters"),
    (Annotated[str, Field(min_length=1)], "", "at least 1 character", "an empty text"),
    (Annotated[list[int], Field(max_length=1)], [1, 2], "at most 1 entry", "2 entries"),
    (Annotated[tuple[int, ...], Field(min_length=1)], [], "at least 1 entry", "none"),
    (str, 3, "a text", None),
    (int, "three", "a whole number", None),
    (int, 3.5, "a whole number", None),
    (float, "x", "a number", None),
    (bool, "maybe", "true or false", None),
    (list[int], 3, "a list", None),
    (tuple[int, ...], 3, "a list", None),
    (dict[str, int], 3, "an object with keys", None),
    (Part, "", "an object with keys", None),
    (Part, {}, "a value, which is required", "nothing"),
    (Part, {"name": "a", "size": 1}, "no other keys than the known ones", "an unknown key"),
    (Literal["a", "b"], "c", "one of 'a' or 'b'", None),
    (Annotated[int, Field(ge=3)], 2, "at least 3", None),
    (Annotated[int, Field(lt=3)], 3, "less than 3", None),
    (Annotated[float, Field(ge=0)], -0.5, "at least 0", None),
    (Annotated[float, Field(le=0.5)], 0.75, "at most 0.5", None),
    (Annotated[str, Field(pattern="^a$")], "b", "a text of another form", None),
]


@pytest.mark.parametrize(("sort", "value", "allowed", "found"), ROWS)
def test_each_fault_has_words_of_our_own(sort: Any, value: Any, allowed: str, found: str | None) -> None:
    with pytest.raises(ValidationError) as error:
        TypeAdapter(sort).validate_python(value)
    (fault,) = error.value.errors()
    assert (allowed_by(fault), found_by(fault)) == (allowed, found)


def test_the_name_of_an_error_is_words() -> None:
    errors = [TimeoutError(), ConnectionResetError(), OSError(), UnicodeDecodeError("a", b"", 0, 1, "")]
    assert [plain_name(error) for error in errors] == [
        "timeout error",
        "connection reset error",
        "os error",
        "unicode decode error",
    ]
