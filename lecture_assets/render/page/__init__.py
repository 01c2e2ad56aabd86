"""One page that plays a lecture: index.html beside lecture.mp4 and poster.jpg. It needs no server, no build and no network.

Style and script are in the page, captions and chapters are data URLs: a browser reads no second file for a page from disk.

    page.html   what the page has; `$…` is filled in by `page_of`
    page.css, page.js, scorm.js   its style and script; the reports to an LMS (`render/scorm.py`)
"""

import base64
import html
from collections.abc import Iterator, Mapping
from importlib.resources import files
from string import Template
from typing import Any

from lecture_assets.languages import base_of
from lecture_assets.prose.readable import readable
from lecture_assets.timeline.chapter import Chapter, chapters_of, paragraphs_of
from lecture_assets.timeline.export import cue_clock, to_vtt
from lecture_assets.timeline.written import spaced

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "video": "Video",
        "chapters": "Chapters",
        "captions": "Captions",
        "transcript": "Transcript",
        "follow": "Scroll along",
        "seen": "On screen:",
        "keys": "Keyboard",
        "keys_where": "While the video, or anything beside it, has the focus:",
        "Space, K": "play, pause",
        "← →": "5 seconds back, ahead",
        "J, L": "10 seconds back, ahead",
        "P, N": "previous, next chapter",
        "C": "captions",
        "M": "sound",
        "F": "full screen",
        "< >": "slower, faster",
    },
    "de": {
        "video": "Video",
        "chapters": "Kapitel",
        "captions": "Untertitel",
        "transcript": "Text",
        "follow": "Mitlaufen",
        "seen": "Im Bild:",
        "keys": "Tastatur",
        "keys_where": "Solange das Video den Fokus hat:",
        "Space, K": "abspielen, anhalten",
        "← →": "5 Sekunden zurück, vor",
        "J, L": "10 Sekunden zurück, vor",
        "P, N": "voriges, nächstes Kapitel",
        "C": "Untertitel",
        "M": "Ton",
        "F": "Vollbild",
        "< >": "langsamer, schneller",
    },
}
"""What the page itself says, by language; in English for all other lectures."""
_KEYS = ("Space, K", "← →", "J, L", "P, N", "C", "M", "F", "< >")


def page_of(timeline: Mapping[str, Any], *, scorm: bool = False) -> str:
    """Return index.html of a stored timeline. scorm: with the reports to an LMS."""
    language = timeline.get("language", "")
    ui = base_of(language) if base_of(language) in _WORDS else "en"
    words, title = _WORDS[ui], timeline["title"].get("text", "") or "–"
    description = timeline.get("description", "")
    scripts = ("page.js", "scorm.js") if scorm else ("page.js",)
    chapters = chapters_of(timeline)
    fields = {
        "language": _text(language or "und"),
        "direction": timeline.get("direction", "auto"),
        "ui": ui,
        "title": _text(title),
        "description_tag": f'<meta name="description" content="{_text(description)}">' if description else "",
        "description": f'<p class="about" dir="auto">{_text(description)}</p>' if description else "",
        "width": timeline["width"],
        "height": timeline["height"],
        "style": _part("page.css"),
        "script": "\n".join(map(_part, scripts)),
        "tracks": "\n".join(_tracks(timeline, chapters, language, words)),
        "chapters": "\n".join(_chapter(chapter, timeline["fps"]) for chapter in chapters),
        "transcript": "\n".join(_transcript(timeline, ui, words)),
        "keys": "\n".join(f"<dt>{_said(key, ui)}</dt><dd>{_said(words[key], ui)}</dd>" for key in _KEYS),
        **{f"w_{name}": _text(word) for name, word in words.items() if name.isidentifier()},
    }
    return Template(_part("page.html")).substitute(fields)


def _part(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _text(text: str) -> str:
    """Escape a text for an element or an attribute."""
    return html.escape(readable(text), quote=True)


def _said(text: str, ui: str) -> str:
    """Return what the page itself says: from left to right, also on a page that runs from right to left."""
    return f'<bdi lang="{ui}" dir="ltr">{_text(text)}</bdi>'


def _tracks(timeline: Mapping[str, Any], chapters: list[Chapter], language: str, words: Mapping[str, str]) -> Iterator[str]:
    """Yield the tracks: captions, shown from the start because the film has none in its pictures, and chapters."""
    tongue = f' srclang="{_text(language)}"' if language else ""
    yield f'<track kind="captions" label="{words["captions"]}"{tongue} default src="{_data(to_vtt(timeline))}">'
    fps = timeline["fps"]
    cues = [
        f"{cue_clock(chapter.start_frame * 1000 // fps)} --> "
        f"{cue_clock((chapter.start_frame + chapter.duration_in_frames) * 1000 // fps)}\n{chapter.name}\n"
        for chapter in chapters
    ]
    vtt = "\n".join(["WEBVTT\n", *cues]).replace("&", "&amp;").replace("<", "&lt;")
    yield f'<track kind="chapters" label="{words["chapters"]}"{tongue} src="{_data(vtt)}">'


def _data(vtt: str) -> str:
    return f"data:text/vtt;charset=utf-8;base64,{base64.b64encode(vtt.encode()).decode('ascii')}"


def _chapter(chapter: Chapter, fps: int) -> str:
    seconds = chapter.start_frame // fps
    time = f"<time>{seconds // 60}:{seconds % 60:02d}</time>"
    start_ms = chapter.start_frame * 1000 // fps
    return f'<li><button type="button" data-start="{start_ms}"><span dir="auto">{_text(chapter.name)}</span>{time}</button></li>'


def _transcript(timeline: Mapping[str, Any], ui: str, words: Mapping[str, str]) -> Iterator[str]:
    """Yield each chapter: its name, its sentences as links into the film with a span for every word, and what is to be seen."""
    for (chapter, sentences), segment in zip(paragraphs_of(timeline), timeline["segments"], strict=True):
        yield f'<h3 dir="auto">{_text(chapter.name)}</h3>'
        if sentences:
            yield f'<p dir="auto">{" ".join(map(_sentence, sentences))}</p>'
        seen = dict.fromkeys(layer["alt"] for layer in segment["layers"] if "alt" in layer)
        if seen:
            shown = " ".join(f'<bdi dir="auto">{_text(alt)}</bdi>' for alt in seen)
            yield f'<p class="seen">{_said(words["seen"], ui)} {shown}</p>'


def _sentence(words: list[Mapping[str, Any]]) -> str:
    start_ms, end_ms = words[0]["start_ms"], words[-1]["end_ms"]
    spans = [
        f'{" " if written.startswith(" ") else ""}<span data-start="{word["start_ms"]}">{_text(written.lstrip(" "))}</span>'
        for word, written in zip(words, spaced(words), strict=True)
    ]
    return f'<a href="#t={start_ms / 1000:g}" data-start="{start_ms}" data-end="{end_ms}">{"".join(spans)}</a>'
