"""The lecture graph in Dagster. Decisions about lectures are the runner's.

assets.py                   START HERE: one asset per row of the table
keys.py                     asset keys and partition keys
jobs.py, regenerating.py    runs that regenerate a lecture or make a partition
selection.py, run_log.py    what an asset run is asked for, with its backfill; what a run says of its cause, plan and spending
edit_jobs.py                runs that create, plan or edit a lecture; their config: brief_config.py, plain_config.py
lectures_resource.py        the store that jobs work on; run_lecture.py: the lecture that a run is for
custom/                     your own definitions, written by `dg scaffold defs`; custom_definitions.py loads them
definition_metadata.py      links from an asset to its row and step
sensors.py, reconciling.py  keep Dagster up to date and start missing runs
pools.py                    provider limits as Dagster's concurrency pools
sensor_pace.py              how often sensors are evaluated; dev_daemon.py does their work in `lectures dev`
asset_checks.py             checks of a lecture; check_evaluations.py evaluates them, also at the end of runs
pruning.py                  deletes old runs and superseded events
dagster_check.py, doctor.py check whether Dagster and the store agree
sync/                       publishes the store's state to Dagster's event log
host/                       the processes: run launcher, fork server, webserver, storages, `lectures dev`
dagster_internals.py        every name used from Dagster's private modules
"""
