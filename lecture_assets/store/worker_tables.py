"""The tables by which launchers and worker services find each other; `schema.py` has all others."""

from sqlalchemy import Column, Float, Index, Integer, MetaData, Table, Text


def worker_tables(metadata: MetaData) -> tuple[Table, Table]:
    """Define `launched_runs` and `worker_services`. All times are the store's.

    launched_runs: runs that Dagster launched for worker services and that have not ended (`launched_runs.py`)
        instance:    the Dagster instance they are of
        service:     the worker service that has it; None until one claims it
        is_ending:   1 once somebody wants it terminated
    worker_services: what executes them (`worker_services.py`)
        code:        identifies the code that it has loaded
        places:      the most runs that it executes at once
        is_draining: 1 once it takes no more runs, because it is about to end
    """
    launched_runs = Table(
        "launched_runs",
        metadata,
        Column("run_id", Text, primary_key=True),
        Column("instance", Text, nullable=False),
        Column("launched_at", Float, nullable=False),
        Column("service", Text),
        Column("is_ending", Integer, nullable=False, server_default="0"),
        Index("launched_runs_by_instance", "instance", "service"),
    )
    worker_services = Table(
        "worker_services",
        metadata,
        Column("service", Text, primary_key=True),
        Column("instance", Text, nullable=False),
        Column("code", Text, nullable=False),
        Column("places", Integer, nullable=False),
        Column("registered_at", Float, nullable=False),
        Column("lease_until", Float, nullable=False),
        Column("is_draining", Integer, nullable=False, server_default="0"),
    )
    return launched_runs, worker_services
