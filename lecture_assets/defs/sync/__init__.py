"""The store's state, published to Dagster's event log, which is a projection and is never read for a decision.

projected_lecture.py  a snapshot as Dagster should show it       projection.py  what differs from what was published. Both pure
publisher.py          writes the difference, in batches          run_publisher.py  the same while a run works
events.py             entries of the event log                   metadata.py  what a person sees of a take
"""
