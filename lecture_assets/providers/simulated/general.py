"""A lecture on a topic without notes: how one would look at it, said openly to be general. It claims no fact of the topic."""

import re
from dataclasses import dataclass

from lecture_assets.providers.simulated.words import STOP_WORDS, words

WORDS_PER_SECOND = 2.3
"""Of a calm speaker: 140 words a minute."""
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
    """asked: the prompt without its asking; thing: what it is about; about: it as the object of a sentence."""

    asked: str
    thing: str

    @property
    def about(self) -> str:
        """`the question of why the sky is blue`, or the topic itself."""
        return f"the question of {self.asked}" if _QUESTION.match(self.asked) else self.asked

    @property
    def title(self) -> str:
        """The topic with a capital, at most 120 characters."""
        return self.asked[:1].upper() + self.asked[1:120].rstrip()


def topic_of(prompt: str) -> Topic:
    """What a prompt is about: `Explain why the sky is blue.` asks `why the sky is blue`, and its thing is `the sky`."""
    first = re.split(r"(?<=[.!?])\s|\n", prompt.strip(), maxsplit=1)[0].strip(" .!?:;")
    asked = _FOR_WHOM.sub("", _ASKING.sub("", first)).strip(" .!?:;,\"'“”") or first or prompt.strip()
    if asked.split()[0].istitle() and asked.split()[0].lower() in STOP_WORDS:
        asked = asked[0].lower() + asked[1:]
    asked = " ".join(asked.split()[:24])
    return Topic(asked, _thing(asked) if _QUESTION.match(asked) else asked)


def _thing(asked: str) -> str:
    """The first run of telling words, with its article, without the verb that ends the question."""
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


ANGLES: tuple[tuple[str, str], ...] = (
    (
        (
            "Let us stop for a moment at {about}. "
            "Most of us have met it, and few of us have ever looked twice. "
            "Today we look twice, with no notes but our own curiosity."
        ),
        "{thing} before an open eye",
    ),
    (
        (
            "What exactly are we asking when we ask about {thing}? "
            "A good question has edges: it says what would count as an answer. "
            "So before anything else, put {about} into one sentence of your own."
        ),
        "{thing} beside a large question",
    ),
    (
        (
            "Begin with what anyone can see. "
            "Without any instrument, what do you notice about {thing}? "
            "Write it down as it is, before you write down why."
        ),
        "{thing} seen by an eye above an open book",
    ),
    (
        (
            "Now go closer. "
            "Look at {thing} in detail and you find parts, and the parts stand in some relation to each other. "
            "Name them one at a time; a name is a handle to hold them by."
        ),
        "{thing} under a magnifying glass",
    ),
    (
        (
            "Step back as far as you can. "
            "Around {thing} there is always something larger, and nothing stands quite alone. "
            "Ask what would be missing in that larger picture without its smaller part."
        ),
        "{thing} on a map, small in the wide world",
    ),
    (
        (
            "Everything has a before. "
            "To understand {about}, ask what had to be there first, and what came only later. "
            "A line of time, even a rough one, sorts causes from their company."
        ),
        "{thing} beside a clock",
    ),
    (
        (
            "Think of {thing} as a machine for a moment. "
            "What goes in, what comes out, and what turns in between? "
            "The comparison will break somewhere, and the place where it breaks teaches the most."
        ),
        "{thing} among turning gears",
    ),
    (
        (
            "Numbers make talk honest. "
            "How large, how fast, how often, how many: which of these could be measured for {thing}? "
            "Even a guess, written down with its reason, can be checked later."
        ),
        "{thing} measured on a chart",
    ),
    (
        (
            "Change one thing and leave the rest alone. "
            "If you could turn a single knob on {thing}, which would it be? "
            "Say first what you expect; then a surprise can tell you something."
        ),
        "{thing} in an experiment with a flask",
    ),
    (
        (
            "There is usually a first answer to {about} that sounds right and is not. "
            "Listen for words such as always and never. "
            "A mistake that many people share is worth a careful look."
        ),
        "{thing} beside a mistake crossed out",
    ),
    (
        (
            "Who cares about {about}, and why? "
            "Somebody works with it, somebody pays for it, somebody is kept awake by it. "
            "Their questions are seldom the same as ours."
        ),
        "{thing} with people gathered around",
    ),
    (
        (
            "Explain {thing} to a friend who has never heard of it. "
            "Where you stumble, there is a gap; mark it. "
            "Then go back to your sources for that gap alone."
        ),
        "{thing} in a speech bubble of a person",
    ),
    (
        (
            "Follow {thing} around. "
            "Is there a line, from a start to an end, or does the path come back to where it began? "
            "Draw the arrows, and see whether they close."
        ),
        "{thing} inside a cycle of arrows",
    ),
    (
        (
            "Compare. "
            "What is like {thing}, and yet different in one respect that matters? "
            "Two things side by side show what one alone would hide."
        ),
        "{thing} weighed on scales",
    ),
    (
        (
            "Look for connections. "
            "From {thing} a thread runs to other subjects, some of them far away on the shelf. "
            "Pull gently on one thread and see what moves."
        ),
        "{thing} in a network of threads",
    ),
    (
        (
            "Where do we know this from? "
            "Behind each sentence about {thing} stands somebody who looked, counted or tried. "
            "Ask for that somebody; it is the politest form of doubt."
        ),
        "{thing} beside a scroll and a magnifying glass",
    ),
    (
        (
            "Imagine a gap. "
            "A world without {thing}: what would you notice on the first morning, and what only after a year? "
            "The difference tells you what works quietly."
        ),
        "{thing} and the earth as seen from far away",
    ),
    (
        (
            "Every subject has a border where knowing stops. "
            "For {about}, that border is closer than it looks. "
            "It is no shame to say: here I would have to look it up."
        ),
        "{thing} beyond a mountain that vanishes into a cloud",
    ),
    (
        (
            "Put it to use. "
            "What can be made, mended or decided better by someone who understands {thing}? "
            "Knowledge that is used stays; the rest goes with the summer."
        ),
        "{thing} put to use with a house and a gear",
    ),
    (
        (
            "Now try to say the opposite. "
            "What would somebody say who does not believe what we just said about {thing}? "
            "If you can answer that person fairly, you are nearly there."
        ),
        "{thing} with a crowd of people on either side",
    ),
    (
        (
            "So this was a way to look at {about}: see it, name it, measure it, doubt it, tell it. "
            "It was general on purpose, since no notes came with the topic. "
            "The facts are yours to fill in, and now you know where they go."
        ),
        "{thing} with a bright idea above a book",
    ),
)
ROUNDS = (
    "",
    "A second pass, slower. ",
    "A third look, with a pencil in hand. ",
    "A fourth time, from the other side. ",
    "A fifth time, as if it were the first. ",
    "A sixth time, for whoever came late. ",
)


def told(topic: Topic, count: int, seconds: int) -> list[tuple[str, str]]:
    """Narration and visual of `count` segments of about `seconds` each: opening, middle, and a recap at the end; all differ."""
    middle, last = ANGLES[:-1], ANGLES[-1]
    chosen = [(ROUNDS[turn // len(middle)], middle[turn % len(middle)]) for turn in range(count - 1)]
    closing = last if count > 1 else (f"{ANGLES[0][0]} {last[0]}", last[1])
    return [
        (_shortened(_filled(opener + said, topic), seconds, enough=2 if (said, shown) != closing else 4), _filled(shown, topic))
        for opener, (said, shown) in [*chosen, ("", closing)]
    ]


def _filled(template: str, topic: Topic) -> str:
    thing = topic.thing
    return template.format(about=topic.about, thing=thing, Thing=thing[:1].upper() + thing[1:])


def _shortened(said: str, seconds: int, enough: int) -> str:
    """As many of the sentences as fit the time, and at least `enough` of them."""
    kept = re.split(r"(?<=[.?!])\s+", said)
    while len(kept) > enough and len(words(" ".join(kept))) > seconds * WORDS_PER_SECOND * 1.25:
        kept.pop()
    return " ".join(kept)
