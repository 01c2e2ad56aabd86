"""A lecture on a topic without notes: ways to approach the topic, openly general. It states no facts about it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lecture_assets.providers.simulated.phrasebook import Phrases
from lecture_media.words import STOP_WORDS, words

WORDS_PER_SECOND = 2.3
"""A calm pace: 140 words per minute."""
_ENDS = " .!?:;…。！？：；؟।"
"""Sentence endings in every script for which there is a file of phrases."""
_ASKING = re.compile(
    r"""^\W*(?:please\s+)?(?:(?:can|could|would)\s+you\s+)?
    (?:(?:explain|tell|describe|teach|show|introduce|present|discuss|summari[sz]e|cover|explore|erkläre?|explique[rz]?|explica)\b
       (?:\s+(?:me|us|them|mir|uns))?(?:\s+(?:about|on|über))?
      |(?:make|write|create|give|prepare|i\s+want|i\s+need)\b.{0,60}?\b(?:about|on|explaining)\b
      |(?:an?\s+)?(?:short\s+|brief\s+)?(?:lecture|lesson|talk|video|introduction)\s+(?:about|on|to)\b)\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_FOR_WHOM = re.compile(
    r"\s+(?:to|for)\s+(?:[\w’'-]+\s+){0,4}?[\w-]*(?:olds?|child|children|kids|students|beginners|people|everyone|adults|pupils|class|audience)\b.*$",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"^(?:why|how|what|when|where|who|which|whether)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Topic:
    """What a prompt is about.

    asked: the prompt without its request (`explain …`)
    thing: the subject of a question; otherwise the same as `asked`
    mark:  the question mark, if the prompt is a question
    """

    asked: str
    thing: str
    mark: str = ""

    @property
    def about(self) -> str:
        """The topic as a sentence's object: `the question of why the sky is blue`, or the topic itself."""
        return f"the question of {self.asked}" if _QUESTION.match(self.asked) else self.asked

    @property
    def title(self) -> str:
        """The topic with a capital letter, at most 120 characters."""
        return self.asked[:1].upper() + self.asked[1:120].rstrip()


def topic_of(prompt: str, asking: Sequence[str] = ()) -> Topic:
    """Find what a prompt is about: `Explain why the sky is blue.` asks `why the sky is blue`, and its thing is `the sky`.

    asking: how a prompt in another language may begin (`phrasebook.Phrases.asking`)
    """
    first = re.split(r"(?<=[.!?])\s|(?<=[。！？؟।])|\n", prompt.strip(), maxsplit=1)[0].strip(_ENDS)
    first = _without(first, asking) or first
    asked = _FOR_WHOM.sub("", _ASKING.sub("", first)).strip(_ENDS + ",\"'“”„«»") or first or prompt.strip()
    if asked.split()[0].istitle() and asked.split()[0].lower() in STOP_WORDS:
        asked = asked[0].lower() + asked[1:]
    mark = re.match(r"\s*[?？؟]", prompt.partition(first)[2]) if first else None
    asked = " ".join(asked.split()[:24])
    return Topic(asked, _thing(asked) if _QUESTION.match(asked) else asked, mark[0] if mark else "")


def _without(text: str, beginnings: Sequence[str]) -> str:
    """Remove the longest of these beginnings and the comma after it, in any script."""
    for beginning in sorted(beginnings, key=len, reverse=True):
        if text.lower().startswith(beginning.lower()):
            rest = text[len(beginning) :]
            if not (rest[:1].isalnum() and beginning[-1].isascii()):
                return rest.lstrip(" ,:，：")
    return text


def _thing(asked: str) -> str:
    """The first run of content words, with its article and without the verb that ends the question."""
    spoken = words(asked)
    telling = [word.lower() not in STOP_WORDS for word in spoken]
    if not any(telling):
        return asked
    start = telling.index(True)
    end = next((place for place in range(start, len(spoken)) if not telling[place]), len(spoken))
    if end == len(spoken) and end - start > 1:
        end -= 1
    article = [spoken[start - 1]] if start and spoken[start - 1].lower() in {"the", "a", "an"} else []
    if article and article[0].lower() in {"a", "an"}:
        end = next((place for place in range(start + 1, end) if re.search(r"[^s]s$", spoken[place])), end)
    return " ".join([*article, *spoken[start:end]])


def general_scenes(topic: Topic, count: int, seconds: int, phrases: Phrases) -> list[tuple[str, str]]:
    """Write narration and visual for `count` segments of about `seconds` each: opening, middle and recap, all different."""
    *middle, last = zip(phrases.angles, phrases.shown, strict=True)
    chosen = [
        ((*_round(phrases, turn // len(middle)), *said), shown)
        for turn, (said, shown) in ((turn, middle[turn % len(middle)]) for turn in range(count - 1))
    ]
    closing = last if count > 1 else ((*phrases.angles[0], *last[0]), last[1])
    return [
        (phrases.gap.join(_shortened([_filled(sentence, topic) for sentence in said], seconds, enough)), _filled(shown, topic))
        for (said, shown), enough in [*((scene, 2) for scene in chosen), (closing, 4)]
    ]


def _round(phrases: Phrases, turn: int) -> tuple[str, ...]:
    """What introduces an angle that comes up for the second, third, … time."""
    said = phrases.rounds[turn] if turn < len(phrases.rounds) else phrases.further_round.format(number=turn + 1)
    return (said,) if said else ()


def _filled(template: str, topic: Topic) -> str:
    """Insert the topic; its question mark replaces the full stop after it."""
    if topic.mark:
        template = re.sub(r"\{topic\}(?:[.。।]|\s*[?？؟])?", f"{{topic}}{topic.mark}", template)
    return template.format(about=topic.about, thing=topic.thing, topic=topic.asked)


def _shortened(kept: list[str], seconds: int, enough: int) -> list[str]:
    """Keep as many sentences as fit the time, and at least `enough` of them."""
    while len(kept) > enough and len(words(" ".join(kept))) > seconds * WORDS_PER_SECOND * 1.25:
        kept.pop()
    return kept
