"""The lecture graph in Dagster. Decides nothing about lectures; the runner does.

assets.py        START HERE: one asset for each row of the table          keys.py    asset keys and partition keys
jobs.py, regenerating.py    runs: a lecture is regenerated, a partition is made
sensors.py, reconciling.py  Dagster's picture is kept true, missing runs are started
pools.py         provider limits as Dagster's concurrency pools
dagster_check.py, doctor.py do Dagster and the store agree?
sync/            the store's state is published to Dagster's event log
host/            the processes: run launcher, fork server, webserver, storages, `lectures dev`
dagster_internals.py        every name of Dagster's private modules that is used
"""
