"""Everything that is done with lectures; the only package where the core, steps, providers and store meet.

    lectures.py    START HERE: one method for each thing that commands, GraphQL and Dagster ask for
    change/        what a person does to a lecture, and upkeep of the store
    regenerate/    a plan is carried out: claim, plan, make, record, publish
    watching/      who is told what happens: watchers of the progress, webhooks
    reading/       a lecture as it stands, and the documents about it
    calls/         one paid call: the ledger's protocol, rate limits, what the vendor delivers
    setup/         the environment, the open store and vendors, limits, workers' identities

Imports go down this list only (`lectures` > `change`, `regenerate`, `watching` > `reading`, `calls` > `setup`); import-linter
holds it.
"""
