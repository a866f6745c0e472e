"""Alembic's entry: runs the migrations on the connection that the store hands over."""

from alembic import context

from crm_tui.data.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transaction_per_migration=False,
    transactional_ddl=True,
)
context.run_migrations()
