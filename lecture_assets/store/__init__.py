"""Persistence: SQL with SQLAlchemy Core on SQLite or PostgreSQL, and content-addressed bytes. No decisions are made here.

Functions take an open connection and leave committing to the caller. Most files handle one or two tables.

    engine.py, database.py, writer.py, locking.py       the two engines; transactions; the writer thread; locks on a server
    reading.py, write_ahead.py, stopping.py             read-only files; WAL mode; Ctrl-Z
    troubles.py                                         errors
    schema.py, migrate.py, migrations/                  the tables, and the way to them from older releases
    document.py, formats.py, difference.py              JSON documents as columns, their versions, and stored differences
    lectures.py, requests.py, waiting.py                lectures and revisions; requests and leases; lectures waiting for work
    records.py, plans.py                                takes and failures; stored and offered plans
    published.py, due_publications.py, watches.py       what was published to Dagster, what is due; how far its log was searched
    ledger.py, ledger_queries.py, charges.py            the call ledger and queries on it; costs and spending ceilings
    rate_limits.py, fair_queue.py, clock.py             pacing of calls; places in queues; the store's time
    artifacts.py, durable.py, private.py                media by their SHA-256; durable files; private folders
    folder_identity.py, belonging.py                    whose media a folder holds; which database it belongs to
    reachable.py, soundness.py                          which bytes are still needed; checking a database for damage
"""
