"""Open and check what the runner works with: store, vendors, limits, clock. Makes no node.

context.py      START HERE: the open store, the vendors, limits and clock of one process
environment.py  environment variables, checked before anything is created
artifacts.py    where media are kept: a folder or a bucket of S3
kept_replies.py replies that come only once, for other machines
vendors.py      adapters of the vendors whose keys are set
names.py        the models, voices and languages that exist
ceilings.py     the most that may be spent
run_limits.py   how many runs at once, and how many of them are for edits
slots.py        concurrency limits per provider
worker_identity.py, liveness.py  the name of a worker, and whether it is still running
readiness.py    whether what a server needs can be used, answered within seconds
events.py       what a regeneration reports while it runs
webhook_loopback.py  where on this machine webhooks may go
api_rates.py    how much one sender may ask the API for
login.py        who sees that a person at Dagster's webserver is an operator
money.py        micro-dollars and counts in a sentence
"""
