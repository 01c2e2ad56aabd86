"""Texts by people and models, as shown and as spoken. Pure: texts in, texts out.

    written ─ readable.py ──► without control characters ─ markup.py ──► shown ─ spoken.py ──► spoken, word by word

Captions, titles and vendors' voices get the shown text; espeak-ng gets the spoken one.

    readable.py, bidi.py                      removes control characters; text of both directions in one line
    markup.py, dialect.py                     Markdown to plain paragraphs; the parser and its rules
    hypertext.py, typed_lists.py, formula.py  HTML, typed lists and LaTeX on the way there
    sentences.py                              full stops and capitals for fragments such as list items
    spoken.py, signs.py, pieces.py            words as spoken; single signs; the parts of a word
    hyphens.py, customs.py, prices.py, measures.py, letters.py, footnote_marks.py
                                              minus signs and ranges, abbreviations, money, units, letter forms, footnotes
    lexicon.py, lexicon.toml                  the words for signs and units, by language
"""
