"""Texts by people and models, as shown and as spoken. Pure: texts in, texts out.

    written ─ readable.py ──► without control characters ─ markup.py ──► shown ─ spoken.py ──► spoken, word by word

Captions and titles get the shown text, vendors' voices that with the words of the lecture's lexicon, espeak-ng the spoken one.

    readable.py, bidi.py                      removes control characters; text of both directions in one line
    markup.py, dialect.py                     Markdown to plain paragraphs; the parser and its rules
    hypertext.py, typed_lists.py, formula.py  HTML, typed lists and LaTeX on the way there
    emoji.py                                  what is an emoji and what is text; a text as it stands in a picture
    sentences.py                              full stops and capitals for fragments such as list items
    spoken.py, signs.py, pieces.py            words as spoken; single signs; the parts of a word
    hyphens.py, customs.py, prices.py, measures.py, letters.py, footnote_marks.py
                                              minus signs and ranges, abbreviations, money, units, letter forms, footnotes
    readings.py                               years, dates, times, fractions, sums and Roman numerals, as people say them
    pronunciation.py                          the lexicon of one lecture: its own words, as shown and as said
    refusals.py                               what a value should have been, instead of what libraries say of it
    scripts.py                                the scripts of languages and of texts
    lexicon.py, lexicon.toml                  the words for signs and units, by language
"""
