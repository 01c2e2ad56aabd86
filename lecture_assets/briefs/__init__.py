"""What people write, read and checked: briefs, typed prompts, edits, lecture ids, and lectures to import.

Nothing is stored here.

    brief.py, rules.py       START HERE: the keys of a brief, what each allows, and its default; checking one value
    reading.py, written.py   a brief file to a `Brief`, with every fault at once; the YAML below it
    typed.py, typed_words.py, typed_numbers.py
                             a prompt typed after --prompt: its topic and the settings in it; the words and numbers for them
    edit_syntax.py, set_edit.py, segment_edit.py, edit_sources.py
                             edits as text; inputs; the play order; texts and media that edits name
    adopted.py               a lecture made elsewhere, from its JSON file
    lecture_id.py, files.py  ids; bounded reading of files
"""
