"""Persistence: SQL with SQLAlchemy Core on SQLite or PostgreSQL, and bytes on disk or S3. No decisions are made here.

Functions take an open connection and leave committing to the caller. Most files handle one or two tables.

    engine.py, database.py, patience.py                 the two engines; transactions, tried again where a server went away
    writer.py, locking.py                               the writer thread; locks on a server
    reading.py, write_ahead.py, stopping.py             read-only files; WAL mode; Ctrl-Z
    troubles.py                                         errors
    schema.py, …_table(s).py, migrate.py, migrations/   the tables, and the way to them from older releases
    document.py, formats.py, difference.py              JSON documents as columns, their versions, and stored differences
    clean_text.py                                       words of vendors and clients as columns
    lectures.py, requests.py, waiting.py                lectures and revisions; requests and leases; lectures waiting for work
    lecture_names.py, deletion.py, tokens.py            the ids that people use; deleting lectures; access tokens
    signing_secrets.py, workspace_media.py              the secret that URLs are signed with; which media a workspace may see
    webhooks.py                                         where workspaces want to be told what happens, and messages
    progress.py, progress_table.py                      the log of progress: numbered events of what happens to a lecture
    notices.py, change_watch.py                         waking other processes; whether a database may have changed
    client_requests.py, uploads.py, regeneration_scopes.py   what programs ask for, upload, and want to be regenerated
    rollouts.py, import_jobs.py, shadows.py             beside another system: who gets lectures, imports, what is never made
    api_tables.py, worker_tables.py, media_table.py, legacy_tables.py   the tables of some rooms
    records.py, plans.py                                takes and failures; stored and offered plans
    published.py, due_publications.py, watches.py       what was published to Dagster, what is due; how far its log was searched
    ledger.py, ledger_queries.py, charges.py            the call ledger and queries on it; costs and spending ceilings
    kept_replies.py                                     replies that come only once, until their calls are settled
    rate_limits.py, fair_queue.py, clock.py             pacing of calls; places in queues; the store's time
    artifacts.py, media_mark.py, belonging.py           media by their SHA-256; whose they are; which database they belong to
    artifact_folder.py, certified_files.py, folder_identity.py   media in a folder
    artifact_bucket.py, bucket_media.py, bucket_identity.py      media on S3
    bucket.py, bucket_client.py, bucket_errors.py, bucket_place.py   S3: objects; requests, tried again; errors; names of places
    media_register.py, adding_media.py, media_cache.py  what the database knows of media on S3; who adds some; copies of them here
    media_places.py                                     places of media without a database, for copying
    durable.py, private.py                              durable files; private folders
    reachable.py, soundness.py                          which bytes are still needed; checking a database for damage
"""
