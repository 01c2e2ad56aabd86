"""The processes that Dagster runs in.

launcher.py, fork_server_client.py           launches runs through the fork server of a folder
fork_protocol.py                             the messages between the two
fork_server.py, preloaded_code.py            forks runs and services from a process that has everything loaded
forked_process.py, run_worker.py, service.py what a forked process does
webserver.py, graphql_limits.py              Dagster's webserver, with the fields of `api/` beside its own
workspace.py                                 the code location, as webserver and daemon see it
media_routes.py                              its media and thumbnails
timeline_routes.py, render_queue.py          its films, contact sheets and JSON of timelines, rendered when they are asked for
sqlite_storage.py, event_log.py, shards.py   Dagster's storages in files, with batches in one transaction
postgres_storage.py, postgres_event_log.py   the same in a PostgreSQL database
event_rows.py, event_json.py                 what both store of an event
event_references.py                          what runs refer to, in files: events that the index has whole
instance.py, configured_class.py             the Dagster instance: its folder and its settings; classes that they name
dev.py, dev_*.py                             `lectures dev`: webserver, daemon and code server, kept running
"""
