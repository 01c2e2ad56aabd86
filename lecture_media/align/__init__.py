"""Find when each word of a text is spoken in a recording, by any voice.

    text ─ espeak-ng ─► sound with known word times ─┐
    recording ───────────────────────────────────────┴─ features.py ─ warp.py ─► the same times on the recording

alignment.py   START HERE: words and a recording to times, or to nothing if they do not fit
features.py    what speech sounds like, every 10 ms
warp.py        the cheapest way through two recordings in step
"""
