"""A person's own media: looked at, bounded and, where a timeline needs it, converted. START HERE: `own_medium.py`.

file ─ form by its first bytes ─ limits ─ decoded to the end ─ kept as it is, or written anew ──► file, and what is known of it
"""
