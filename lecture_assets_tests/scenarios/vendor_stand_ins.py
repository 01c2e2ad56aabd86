"""Lectures whose calls go through the vendors' adapters to stand-ins on loopback, which keep bills of their own."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

from lecture_assets.ports import Provider
from lecture_assets.runner.lectures import Lectures
from lecture_assets_tests.providers.openai_stand_in import KEY, OpenAIStandIn
from lecture_assets_tests.providers.replicate_stand_in import TOKEN, ReplicateStandIn
from lecture_assets_tests.providers.stand_in import PURCHASES
from lecture_assets_tests.servers.homes import home_environ


class Vendors:
    """Both stand-ins, and what they have sold."""

    def __init__(self, openai: OpenAIStandIn, replicate: ReplicateStandIn) -> None:
        self.openai, self.replicate = openai, replicate

    def sold(self) -> Counter[str]:
        """How many calls of each role were accepted."""
        return Counter(kind for kind, _ in self.openai.bill) + _roles(self.replicate.predictions.values())

    def stopped(self) -> Counter[str]:
        """How many predictions of each role were canceled before they had made anything."""
        return _roles(one for one in self.replicate.predictions.values() if one["status"] == "canceled")

    def asked(self) -> list[tuple[float, int]]:
        """When each request to buy something was answered, and how."""
        both = [*self.openai.answered, *self.replicate.answered]
        return sorted((at, status) for kind, at, status in both if kind in PURCHASES)

    def billed_usd_micros(self) -> int:
        """What was sold of texts (gpt-5.4-mini), pictures (flux-schnell) and music (musicgen), at the vendors' list prices."""
        sold = self.sold()
        return self.texts_usd_micros() + 3_000 * sold["image"] + 3_500 * sold["music"]

    def texts_usd_micros(self) -> int:
        """What was sold of texts alone."""
        texts = [completion["usage"] for completion in self.openai.completions.values()]
        return sum(ceil(Fraction("0.75") * u["prompt_tokens"] + Fraction("4.5") * u["completion_tokens"]) for u in texts)

    def environ(self, home: Path) -> dict[str, str]:
        """Keys and addresses."""
        return {
            **home_environ(home),
            "LECTURES_PROVIDERS": "live",
            "OPENAI_API_KEY": KEY,
            "OPENAI_BASE_URL": f"{self.openai.url}/v1",
            "REPLICATE_API_TOKEN": TOKEN,
            "REPLICATE_BASE_URL": self.replicate.url,
        }


def _roles(predictions: Iterable[Mapping[str, Any]]) -> Counter[str]:
    inputs = [prediction["input"] for prediction in predictions]
    return Counter("video" if "num_frames" in i else "music" if "duration" in i else "image" for i in inputs)


@contextmanager
def open_decided(environ: dict[str, str], settle_s: float = 0.0) -> Iterator[Lectures]:
    """Open lectures whose vendors know whether they have a call after `settle_s` seconds."""
    plain = Lectures.open(environ)

    def open_providers() -> dict[str, Provider]:
        opened = dict(plain.context.open_providers())
        for provider in opened.values():
            provider.settle_s = settle_s
        return opened

    with Lectures(replace(plain.context, open_providers=open_providers)) as lectures:
        yield lectures
