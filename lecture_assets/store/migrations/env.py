"""Alembic's entry: runs the migrations on the connection that `migrate.py` opened."""

from alembic import context

from lecture_assets.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
