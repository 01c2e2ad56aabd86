"""The processes that Dagster runs in.

launcher.py, fork_server.py, run_worker.py   a run is forked from a process that has everything loaded
webserver.py, guard.py, graphql_limits.py    Dagster's webserver, with media, and closed to strange web pages
sqlite_storage.py, event_log.py              Dagster's storages, with batches in one transaction
instance.py                                  where the Dagster instance is, and its settings
dev.py, dev_*.py                             `lectures dev`: webserver, daemon and code server, kept running
"""
