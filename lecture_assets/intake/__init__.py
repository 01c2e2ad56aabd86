"""A person's own media: inspected, limited and, where a timeline needs it, converted.

file ─ format by its first bytes ─ limits ─ decoded to its end ─ kept unchanged, or converted ──► file, and facts about it

    own_medium.py     START HERE: a file as the value of an `asset:` node
    form.py           recognizes a format; `mpeg_audio.py` the formats of MPEG audio
    sandbox.py        starts the processes that inspect files; `sandboxed.py` is what they run
    picture.py        pictures
    sound.py          recordings and music; `riff.py` corrects the headers of WAV files, `view.py` skips tags
    clip.py           video clips
    whole.py          refuses sounds and clips that end before their containers say
    word_times.py     the words of a recording with their times; `listening.py` finds them, in the sandbox
    download.py       fetches a medium from a URL
    unfit.py          the errors for a medium that is rejected
"""
