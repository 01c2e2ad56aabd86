"""A page of a timeline has a picture of it and links that lead to its version; no other page has."""

import pytest
from dagster import MarkdownMetadataValue, UrlMetadataValue

from lecture_assets.defs.sync.metadata import timeline_links
from lecture_assets.graph.node import Node, parse_node_id

VERSION = "0123456789abcdef" * 4
SHOWN_AT_ONCE = 1_000
"""The most characters of Markdown that Dagster's UI shows without a click."""


def node(name: str) -> Node:
    return Node(name, *parse_node_id(name), {})


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("assembler:timeline", "/lectures/timeline/rain/0123456789abcdef"),
        ("assembler:segment-timeline:segment[7]", "/lectures/timeline/rain/s07/0123456789abcdef"),
    ],
)
@pytest.mark.parametrize("base", ["", "https://lectures.example.com"])
def test_a_timeline_has_a_picture_a_film_and_a_document(name: str, path: str, base: str) -> None:
    path, links = base + path, timeline_links("rain", node(name), VERSION, base)
    assert list(links) == ["preview", "play", "timeline"]
    assert links["preview"] == MarkdownMetadataValue(f"![{node(name).kind.holds}]({path}/sheet.jpg)")
    assert len(str(links["preview"].value)) < SHOWN_AT_ONCE
    assert links["play"] == UrlMetadataValue(f"{path}/film.mp4")
    assert links["timeline"] == UrlMetadataValue(f"{path}/timeline.json")


@pytest.mark.parametrize("name", ["asset:music", "content:script:segment[0]", "asset:image:segment[0]:image[1]"])
def test_no_other_node_has(name: str) -> None:
    assert timeline_links("rain", node(name), VERSION, "") == {}
