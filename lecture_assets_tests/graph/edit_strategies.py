"""Hypothesis strategies: lectures of any shape, and edits that these lectures can take."""

from hypothesis import strategies as st

from lecture_assets.graph.apply_edits import apply_edits
from lecture_assets.graph.build import build
from lecture_assets.graph.edits import AddSegment, Edit, MoveSegment, RemoveSegment, Reroll, SetInput, SetModel, SetText, Unpin
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Editable
from lecture_assets.graph.settings import Settings
from lecture_assets_tests.graph.lectures import MOMENT, lecture

VALUES: dict[str, list[Json]] = {
    "user-prompt": ["Explain bees", "Explain ants"],
    "system-prompt": ["", "Be brief."],
    "audience": ["adults", "ten-year-olds"],
    "language": ["en", "de"],
    "duration": [10, 30, 55],
    "segment-length": [5, 10, 15],
    "num-segments": [None, 1, 3, 6],
    "images-per-segment": [1, 2, 4],
    "image-style": ["oil", "woodcut"],
    "size-aspect-ratio": ["1:1", "16:9"],
    "use-video": [True, False],
    "assembly-strategy": ["fixed-length", "narration-led"],
    "voice": ["en", "en-scotland"],
    "lexicon": [{}, {"Bees": "beez"}, {"Bees": "bee ess", "tea": "tee"}, {"hum": "hmm", "tea": "tee"}],
    "music-prompt-mod": ["calm", "brisk"],
    "music-volume": [0, 60, 100],
    "title-display": ["over", "card"],
    "text-model": ["simulated:text", "simulated:other"],
    "speech-model": ["simulated:speech", "simulated:other"],
    "image-model": ["simulated:image", "simulated:other"],
    "video-model": ["simulated:video", "simulated:other"],
    "music-model": ["simulated:music", "simulated:other"],
}
MAX_ADDED = 8
"""Segments above which a test adds no more: it is about edits, not about size."""

_SIZE = st.tuples(st.integers(1, 6), st.integers(1, 4), st.booleans(), st.sampled_from(["narration-led", "fixed-length"]))
_INPUT = st.sampled_from(sorted(VALUES)).flatmap(lambda name: st.builds(SetInput, st.just(name), st.sampled_from(VALUES[name])))


@st.composite
def edits(draw: st.DrawFn, settings: Settings) -> Edit:
    """One edit that these settings can take, of any sort that they can take one of."""
    made = build(settings).made
    pinned = [node.id for node in made if settings.of_node(node.id).pinned is not None]
    editable = [node.id for node in made if node.kind.editable is Editable.TEXT]
    paid = [node.id for node in made if node.kind.role]
    unpinned = sorted(set(paid) - set(pinned))
    slots = st.sampled_from(settings.order)
    sorts: list[st.SearchStrategy[Edit]] = [
        _INPUT,
        st.builds(SetText, st.sampled_from(editable), st.sampled_from(["Bees dance.", "Bees hum."])),
        st.builds(SetModel, st.sampled_from(paid), st.sampled_from(["simulated:a", "simulated:b"])),
        st.builds(Reroll, st.sampled_from(unpinned)),
        st.builds(MoveSegment, slots, st.integers(0, len(settings.order) - 1)),
    ]
    if len(settings.slots) < MAX_ADDED:
        sorts.append(st.builds(AddSegment, st.none() | slots))
    if len(settings.order) > 1:
        sorts.append(st.builds(RemoveSegment, slots))
    if pinned:
        sorts.append(st.builds(Unpin, st.sampled_from(pinned)))
    return draw(st.one_of(sorts))


@st.composite
def lectures(draw: st.DrawFn, *, max_edits: int = 5) -> Settings:
    """A lecture of 1 to 6 segments and 1 to 4 images, on either path, that went through some edits."""
    segments, images, video, strategy = draw(_SIZE)
    settings = lecture(segments, images, video=video, assembly_strategy=strategy)
    for _ in range(draw(st.integers(0, max_edits))):
        settings = apply_edits(settings, [draw(edits(settings))], MOMENT)
    return settings
