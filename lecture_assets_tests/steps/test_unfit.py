"""An answer that a node cannot hold is refused in a sentence that names the part and the remedy."""

import copy
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.steps import STEPS
from lecture_assets.steps.step import Paid, UnfitAnswerError
from lecture_assets_tests.steps.samples import ANSWERS, SEGMENT, inputs_of


class Gone(Enum):
    """A field that is left out; an enum, so that its name in a test's id is the same in every process."""

    GONE = "gone"


GONE = Gone.GONE
WRONG: list[tuple[str, tuple[str | int, ...], Any]] = [
    ("llm:script-generation", ("title",), GONE),
    ("llm:script-generation", ("title",), ""),
    ("llm:script-generation", ("title",), "x" * 201),
    ("llm:script-generation", ("subtitle",), "more"),
    ("llm:script-generation", ("segments",), []),
    ("llm:script-generation", ("segments",), [SEGMENT] * 2),
    ("llm:script-generation", ("segments",), [SEGMENT] * 4),
    ("llm:script-generation", ("segments",), [SEGMENT] * 100),
    ("llm:script-generation", ("segments",), {"0": SEGMENT}),
    ("llm:script-generation", ("segments", 1, "narration"), " \n"),
    ("llm:script-generation", ("segments", 1, "narration"), "x" * 20_001),
    ("llm:script-generation", ("segments", 2, "effect"), "spin"),
    ("llm:script-generation", ("segments", 2, "visual"), ["a", "bee"]),
    ("llm:script-generation", ("segments", 0, "speaker"), "Anna"),
    ("llm:segment-script", ("narration",), GONE),
    ("llm:segment-script", ("background_music",), None),
    ("llm:segment-script", ("effect",), 3),
    ("llm:video-summary", ("text",), GONE),
    ("llm:video-summary", ("text",), ""),
    ("llm:video-summary", ("comment",), "Here you are"),
    ("llm:image-prompt", ("text",), 7),
    ("llm:image-prompt", ("text",), "\ud800"),
    ("llm:music-prompt", ("text",), ["piano"]),
    ("llm:video-prompts", ("movie_direction",), GONE),
    ("llm:video-prompts", ("starting_image",), ""),
    ("asset:image", ("width",), 0),
    ("asset:image", ("height",), 100_000),
    ("asset:image", ("width",), 1280.5),
    ("asset:image", ("width",), True),
    ("asset:image", ("media_type",), "image/gif"),
    ("asset:image", ("media_type",), "video/mp4"),
    ("asset:image", ("sha256",), "ab"),
    ("asset:starting-image", ("height",), GONE),
    ("asset:video", ("duration_ms",), 0),
    ("asset:video", ("media_type",), "image/png"),
    ("asset:narration", ("duration_ms",), -1),
    ("asset:narration", ("words",), GONE),
    ("asset:narration", ("words",), "Bees dance."),
    ("asset:narration", ("words", 0, "end_ms"), 500),
    ("asset:narration", ("words", 1, "start_ms"), 950),
    ("asset:narration", ("words", 1, "start_ms"), "400"),
    ("asset:music", ("duration_ms",), 5 * 3600 * 1000),
    ("asset:music", ("tempo",), 90),
]


def changed(answer: Any, path: tuple[str | int, ...], value: Any) -> Any:
    answer = copy.deepcopy(answer)
    inner = answer
    for part in path[:-1]:
        inner = inner[part]
    if value is GONE:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return answer


def sentence(name: str, answer: Any) -> str:
    step, inputs = STEPS[name], inputs_of(name)
    assert isinstance(step, Paid)
    with pytest.raises(UnfitAnswerError) as unfit:
        step.accept(inputs, answer)
    assert f"`reroll {inputs.node.id}` buys another, or choose another" in str(unfit.value)
    assert len(str(unfit.value)) < 700
    return str(unfit.value)


@pytest.mark.parametrize(("name", "path", "value"), WRONG, ids=lambda part: str(part)[:30].replace(" ", ""))
def test_a_misfit_is_refused_by_the_name_of_its_field(name: str, path: tuple[str | int, ...], value: Any) -> None:
    field = path if path[:1] != ("words",) or (isinstance(value, str) and len(path) > 1) else path[:1]
    assert ".".join(str(part) for part in field) in sentence(name, changed(ANSWERS[name], path, value))


@pytest.mark.parametrize("name", sorted(ANSWERS))
@pytest.mark.parametrize("answer", [None, "", "words", [], {}, 7, True, [{"text": "x"}]], ids=repr)
def test_an_answer_of_another_shape_is_refused(name: str, answer: Any) -> None:
    assert "cannot hold" in sentence(name, answer)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
)


@pytest.mark.slow
@given(answer=JSON)
def test_any_json_is_accepted_as_a_value_or_refused_as_unfit(answer: Any) -> None:
    for name in ("llm:script-generation", "llm:image-prompt", "asset:narration"):
        sentence(name, answer)


def test_a_wrong_number_of_segments_is_told_with_both_numbers() -> None:
    told = sentence("llm:script-generation", changed(ANSWERS["llm:script-generation"], ("segments",), [SEGMENT] * 2))
    assert "asked for 3 segments and wrote 2" in told


def test_surrounding_space_is_not_held() -> None:
    step = STEPS["llm:image-prompt"]
    assert isinstance(step, Paid)
    assert step.accept(inputs_of("llm:image-prompt"), {"text": " A bee.\n"}) == "A bee."
