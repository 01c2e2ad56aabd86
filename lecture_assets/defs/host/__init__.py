"""The processes that Dagster runs in.

launcher.py, fork_server_client.py           launches runs through the fork server of a folder
fork_protocol.py                             the messages between the two
fork_server.py, run_worker.py                forks runs from a process that has everything loaded
webserver.py, guard.py, graphql_limits.py    Dagster's webserver, with media, and closed to foreign web pages
sqlite_storage.py, event_log.py, shards.py   Dagster's storages, with batches in one transaction
event_rows.py, event_json.py                 what they store of an event
instance.py                                  the Dagster instance: its folder and its settings
dev.py, dev_*.py                             `lectures dev`: webserver, daemon and code server, kept running
"""
