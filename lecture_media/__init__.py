"""Media made with local tools: pictures, speech, music, clips. No network, no key; equal input gives equal bytes.

    draw/painter.py     paint(prompt, width, height, seed)         -> PNG
    speak/speech.py     speak(text, voice, language, out)          -> WAV, and the time of each word
    speak/neural.py     speak_neurally(text, out)                  -> the same, by piper; needs the extra `voice`
    align/alignment.py  align(words, language, recording)          -> the time of each word in anybody's recording
    compose/music.py    compose(prompt, seconds, seed, out)        -> M4A
    animate/clip.py     animate(picture, direction, seconds, ...)  -> MP4
    listen/measure.py   measure(sound file)                        -> how loud it is, and which part of it can be repeated
    picture_text.py     words_in(picture)                          -> words written in it, by tesseract; needs the extra `ocr`
    words.py            plain text in paragraphs, sentences, words
    sentence_ends.py    where sentences end: not at abbreviations, initials and ordinals
    unspaced.py         words of scripts without spaces
    chance.py           seeded numbers

An independent library: it imports nothing from `lecture_assets`. The simulated vendor (`providers/simulated/`) sells its media.
"""
