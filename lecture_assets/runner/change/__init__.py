"""Change lectures as people ask, and maintain the store. Makes no node and buys nothing.

editing.py      edits, undo and redo: a revision is appended whole or not at all
uploads.py      media files that come with an edit, staged until the edit is accepted
copying.py      copy a lecture as a variant
importing.py    import a lecture that was made elsewhere
garbage.py      delete unreferenced bytes
leftovers.py    files of killed workers, and replies that are no longer needed
store_check.py  `lectures doctor`: database, media, replies, leftovers
"""
