"""Everything that is done with lectures; the only package where the core, steps, providers and store meet.

    webhook_sender.py  sends webhooks
    lectures.py    START HERE: one method for each thing that commands, GraphQL and Dagster ask for
    following.py   the progress of lectures for many watchers at once; watchers.py: who they are
    change/        what a person does to a lecture, and upkeep of the store
    regenerate/    a plan is carried out: claim, plan, make, record, publish
    reading/       a lecture as it stands, and the documents about it
    calls/         one paid call: the ledger's protocol, rate limits, what the vendor delivers
    setup/         the environment, the open store and vendors, limits, workers' identities

Imports go down this list only (`lectures`, `following` > `change`, `regenerate`, `watchers` > `reading`, `calls` > `setup`);
import-linter holds it.
"""
