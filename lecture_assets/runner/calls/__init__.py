"""Paid calls. By the ledger's protocol each is bought once, whatever crashes.

service.py         START HERE: `CallService.buy` buys one request, retrying where that makes sense
attempt.py         one attempt: permit, authorize, send, find, collect, ingest
attempt_record.py  the attempt's states, and its writes to the ledger
request.py         a node's request and its result
retries.py         how often a request is tried
call_progress.py   what they write to the log of progress
environment.py     what all calls of a regeneration share
permit.py          an attempt's rate-limit permission and pool slot
rate_limiter.py    when calls may be sent
budget.py          what a regeneration may spend
boundary.py        wraps every adapter: whatever it raises or returns can only fail its own node
media_files.py     the media that a call is sent with
media_ingest.py    fetches, inspects and stores the delivered bytes
settling.py        looks up and settles the calls of dead workers
canceling.py       cancels the calls of a canceled regeneration at the vendor, and settles them
stopwatch.py       elapsed time on a machine that may sleep
"""
