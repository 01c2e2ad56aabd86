"""Tests of the store: real SQLite files, real processes, real kills."""
