"""One paid call, by the ledger's protocol: bought once, whatever crashes.

purchase.py      START HERE: one request is filled, tried again where that makes sense
attempt.py       one attempt: reserve, wait for permission, send, look up, collect, settle
service.py       what the calls of a regeneration share
boundary.py      around every adapter: whatever it raises or answers becomes a failure of its node
rate_limiter.py  when a call may be sent                       budget.py     what a regeneration may spend
media_ingest.py  the delivered bytes: fetched, checked, stored
settling.py      calls of dead workers are looked up and booked
canceling.py     calls of a cancelled regeneration are cancelled at the vendor and booked
"""
