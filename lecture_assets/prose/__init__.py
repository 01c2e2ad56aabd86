"""What people and models write, as it is shown and as it is said. Pure: texts in, texts out.

    written ─ readable.py ──► without control characters ─ markup.py ──► shown ─ spoken.py ──► said, word by word
              Markdown, HTML (hypertext.py), formulas (formula.py)            signs and units in words (lexicon.py)

Shown is what a reader of the text sees, and what captions, titles and vendors' voices get; said is what espeak-ng gets.
"""
