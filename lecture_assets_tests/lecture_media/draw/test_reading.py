"""What is read from a prompt: its subjects, its view, its messages, and where each subject is placed."""

from itertools import combinations

import pytest

from lecture_media.chance import Chance
from lecture_media.draw.drawings import DRAWINGS
from lecture_media.draw.layout import Placed, placed
from lecture_media.draw.reading import MOST_SUBJECTS, Message, PictureView, read
from lecture_media.draw.scenery import place_of
from lecture_media.draw.stage import stage_of
from lecture_media.draw.subjects import COMPANIONS, SUBJECTS, Place, Spot, mentions

SIZE = (1280, 720)


def named(text: str) -> list[str]:
    return [mention.subject.name for mention in mentions(text)]


def arranged(prompt: str, size: tuple[int, int] = SIZE) -> dict[str, Placed]:
    reading = read(prompt)
    items = placed(reading, place_of(reading), size, Chance("test"))
    return {item.mention.subject.name: item for item in items}


@pytest.mark.parametrize(
    ("sentence", "subjects"),
    [
        ("In the leaf, tiny chloroplasts catch sunlight.", ["leaf", "chloroplast", "sun"]),
        ("The plant joins carbon dioxide from the air into sugar", ["plant", "carbon", "air", "sugar"]),
        ("The oxygen leaves through pores called stomata.", ["oxygen", "stoma"]),
        ("Rain falls onto mountains, and ice may keep it", ["rain", "mountain", "ice"]),
        ("A server that keeps state can be attacked with cookies", ["server", "cookie"]),
        ("Photons and black holes", ["light", "black-hole"]),
        ("Der Baum trinkt Wasser aus dem Fluss", ["tree", "drop", "river"]),
        ("BEES, bees; bee's hive!", ["bee"]),
        ("Cities and factories by the sea", ["city", "factory", "sea"]),
        ("The riders of bicycles ride trains", ["bicycle", "train"]),
        ("He notes it and counts them", []),
        ("Justice delayed", ["scales"]),
        ("nothing of the sort", []),
        ("", []),
        ("🌱 ?! …", []),
    ],
)
def test_a_sentence_names_its_subjects_in_order(sentence: str, subjects: list[str]) -> None:
    assert named(sentence) == subjects


def test_a_subject_uses_its_own_name_if_the_text_has_it() -> None:
    assert [mention.word for mention in mentions("the pigment of a chloroplast")] == ["chloroplast"]


def test_every_subject_has_a_drawing_and_every_drawing_a_subject() -> None:
    assert set(DRAWINGS) == set(SUBJECTS)


def test_every_word_stands_for_one_subject() -> None:
    twice = [
        (one.name, other.name, set(one.called) & set(other.called))
        for one, other in combinations(SUBJECTS.values(), 2)
        if set(one.called) & set(other.called)
    ]
    assert not twice


def test_all_companions_are_known_subjects() -> None:
    assert {name for pair in COMPANIONS.items() for name in (pair[0], *pair[1])} <= set(SUBJECTS)


@pytest.mark.parametrize(
    ("prompt", "view"),
    [
        ("Close-up. A leaf", PictureView.CLOSE),
        ("Cross-section. A leaf", PictureView.SECTION),
        ("View from above, in the evening. A leaf", PictureView.ABOVE),
        ("Opening frame, wide view. A leaf", PictureView.WIDE),
        ("A leaf", PictureView.WIDE),
        ("A leaf. Style: macro photo", PictureView.WIDE),
    ],
)
def test_the_view_is_read_from_the_words_before_the_style(prompt: str, view: PictureView) -> None:
    assert read(prompt).view is view


def test_words_of_the_style_are_not_drawn() -> None:
    subjects = read("A leaf. Style: paper cut-out with a crown, morning light").subjects
    assert "crown" not in {mention.subject.name for mention in subjects}


def test_a_crowd_of_subjects_is_thinned_out_to_what_a_picture_holds() -> None:
    assert len(read("; ".join(SUBJECTS)).subjects) == MOST_SUBJECTS


def test_a_lone_subject_gets_its_usual_companions_without_labels() -> None:
    subjects = read("A volcano. Style: comic").subjects
    assert [mention.subject.name for mention in subjects] == ["volcano", *COMPANIONS["volcano"]]
    assert [mention.word for mention in subjects] == ["volcano", "", "", ""]


def test_a_style_for_one_subject_gets_a_larger_one_and_fewer_companions() -> None:
    one, many = (arranged(f"A volcano. Style: flat{rest}") for rest in (", one clear subject", ""))
    assert len(one) < len(many)
    assert one["volcano"].size > many["volcano"].size


def test_an_unknown_topic_is_named_on_a_banner_beside_what_is_known() -> None:
    subjects = read("Wide view. Marx and Hegel beside a large question. Style: flat").subjects
    assert [(mention.subject.name, mention.word) for mention in subjects[:2]] == [
        ("banner", "Marx and Hegel"),
        ("question", "question"),
    ]


def test_messages_go_where_the_text_sends_them() -> None:
    reading = read("The client sends SYN. The server answers SYN and ACK. The client returns ACK. Style: diagram, two hosts")
    assert reading.messages == (
        Message(forth=True, label="SYN"),
        Message(forth=False, label="SYN + ACK"),
        Message(forth=True, label="ACK"),
    )


def test_a_lost_packet_is_shown_as_lost() -> None:
    messages = read("Bytes over a network that may lose packets. Style: diagram, two hosts").messages
    assert [message.lost for message in messages] == [False, True, False]


@pytest.mark.parametrize(
    ("told", "ordered"), [("water becomes vapour", True), ("the cycle of water and vapour", True), ("sun and sea", False)]
)
def test_arrows_join_only_what_leads_to_something(told: str, ordered: bool) -> None:  # noqa: FBT001 - a table
    assert read(f"View from above. {told}").ordered is ordered


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ("a tree and a bee", Place.LAND),
        ("a ship and a fish", Place.SEA),
        ("rain on a mountain", Place.LAND),
        ("rivers reach the sea", Place.SEA),
        ("planets and stars", Place.SPACE),
        ("a cell and its dna", Place.MICRO),
        ("people in a city", Place.TOWN),
        ("a clock", Place.ROOM),
        ("zorp", Place.ROOM),
    ],
)
def test_subjects_are_where_they_belong(told: str, place: Place) -> None:
    assert place_of(read(f"{told}. Style: comic")) is place


def test_flying_things_are_above_standing_ones_and_roots_below() -> None:
    items = arranged("Cross-section. A cloud, a tree and its roots. Style: comic")
    assert items["cloud"].y < items["tree"].y < items["root"].y


def test_seen_from_the_other_side_left_is_right() -> None:
    left, right = (arranged(f"Wide view, seen from the {side}. A house and a tree. Style: comic") for side in ("left", "right"))
    assert (left["house"].x < left["tree"].x) is not (right["house"].x < right["tree"].x)


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (960, 960), (960, 720), (768, 960)])
@pytest.mark.parametrize("view", ["Wide view", "Close-up", "Cross-section", "View from above"])
@pytest.mark.parametrize("told", ["a tree, a house, a bee, water, a cell, a crown, the sun", "a cell, sugar, dna", "a star"])
def test_circles_stay_on_the_stage_and_hardly_overlap(told: str, view: str, size: tuple[int, int]) -> None:
    stage, items = stage_of(size), list(arranged(f"{view}. {told}. Style: comic", size).values())
    for item in items:
        assert stage.holds((item.x - item.size + 2, item.y - item.size + 2, item.x + item.size - 2, item.y + item.size - 2))
    for one, other in combinations(items, 2):
        apart = ((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5
        assert apart > 0.85 * (one.size + other.size)


def test_ground_is_under_what_stands() -> None:
    items = arranged("A house and a tree. Style: comic")
    feet = {round((item.y + item.size) / SIZE[1], 1) for item in items.values() if item.mention.subject.spot is Spot.GROUND}
    assert feet == {0.8}
