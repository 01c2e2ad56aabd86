"""A vendor without keys or network: real media made with local tools, bought and recorded as at a vendor.

vendor.py         START HERE: `ports.PreparingProvider`, from the purchase to the reply
options.py        how it behaves, from the environment
acceptance.py     what it refuses, and what it charges
faults.py         injected failures
journal.py        which calls were bought, in a file that processes share
worker_pool.py    processes that make media; `worker.py` is what they run, `narration.py` their speech
deliveries.py     media that have not been fetched yet; `media_cache.py` keeps them for tests
writer.py         texts: `script.py` writes a whole lecture, in the phrases that `phrasebook.py` reads from `phrases/`
"""
