"""Real servers for tests, installed by pip: PostgreSQL (`postgres.py`) and S3 (`s3.py`), on loopback, in temporary folders.

`compose.py` starts the services of `deploy/compose.yaml`.

`pytest --servers` runs the tests of homes on them (`homes.py`); without it they run on SQLite and folders, and the tests that
need a server start one for themselves.
"""
