"""Paid calls, by the ledger's protocol: each is bought once, whatever crashes.

service.py         START HERE: `CallService.buy` gets one request what it asks for, and tries again where that makes sense
attempt.py         one attempt: permit, authorize, send, find, collect, ingest
attempt_record.py  its states, and what the ledger is told of it
request.py         what is asked for, and what it comes to        retries.py    how often it is tried
environment.py     what all calls of a regeneration share
permit.py          its place at the vendor: limits, then a slot   stopwatch.py  how long ago something was
rate_limiter.py    when calls may be sent                         budget.py     what a regeneration may spend
boundary.py        around every adapter: whatever it raises or answers becomes a failure of its node
media_ingest.py    the delivered bytes: fetched, inspected, stored
settling.py        calls of dead workers are looked up and booked
canceling.py       calls of a cancelled regeneration are cancelled at the vendor and booked
"""
