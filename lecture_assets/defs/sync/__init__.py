"""Publication of the store's state to Dagster's event log, a projection that no decision ever reads.

projected_lecture.py  a snapshot as Dagster should show it (pure)
projection.py         the difference from what was published (pure)
publisher.py          writes the difference, in batches
batch_publisher.py    the same for many lectures together
run_publisher.py      the same, while a run is in progress
publish_lock.py       excludes other publishers of a lecture
superseded.py         which events Dagster still reads
subjects.py           what an event is about
foreign_events.py     what was done to Dagster by hand, so that it is published again
outages.py            which errors of a database are over soon
lost_events.py        what somebody deleted from the log, so that it is published again
events.py             the entries of the event log
metadata.py           the metadata of takes, inputs and settings in Dagster's UI
metadata_sources.py   what the store says of them
why.py                why a node was made, in words
"""
