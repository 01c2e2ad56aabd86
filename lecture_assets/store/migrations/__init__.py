"""Alembic's; run by `store/migrate.py`."""
