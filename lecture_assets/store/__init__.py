"""What is remembered: SQL by SQLAlchemy Core, on SQLite, and content-addressed bytes on disk.

Functions take an open connection, one file a table or two; when they commit is the caller's business. Decides nothing.
"""
