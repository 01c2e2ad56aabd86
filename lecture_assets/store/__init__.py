"""What is remembered: SQL by SQLAlchemy Core (SQLite here, PostgreSQL in production) and content-addressed bytes on disk.

Functions take an open connection, one file a table or two; when they commit is the caller's business. Decides nothing.
"""
