"""What a person asks for: a brief on disk to a checked `Brief`, the words of an edit to an edit, a name to a lecture's id.

Starts nothing and stores nothing.
"""
