"""What everything else works with. Opens and checks; makes nothing.

context.py      START HERE: the open store, the vendors, limits and clock of one process
environment.py  the variables, checked before anything is created
vendors.py      the adapters whose keys are set              names.py    models, voices and languages that exist
ceilings.py     the most that may be spent                   slots.py    calls at once, by provider
worker_identity.py, liveness.py  who a worker is, and whether it still works
events.py       what a regeneration tells whoever watches    money.py    micro-dollars in a sentence
"""
