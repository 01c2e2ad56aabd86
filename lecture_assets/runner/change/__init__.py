"""What a person does to a lecture, and upkeep of the store. Makes no node and buys nothing.

editing.py      edits, undo and redo: a revision is appended whole or not at all
uploads.py      media files that come with an edit, held until the edit is accepted
copying.py      a variant of a lecture                    importing.py    a lecture that was made elsewhere
garbage.py      bytes that nothing names are deleted      leftovers.py    files of killed workers, replies nobody will ask for
store_check.py  `lectures doctor`: database, media, replies, leftovers
"""
