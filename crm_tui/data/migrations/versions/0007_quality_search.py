"""Words of feedback and of costs of quality are looked for in an index; both are listed by code and by room along one (SPEC §11)."""

import sqlalchemy as sa
from alembic import op

from crm_tui.data import quality_search

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the indexes and fill them."""
    for table in ("feedback", "quality_cost"):
        for name in ("code", "room"):
            op.create_index(f"ix_{table}_{name}", table, [name, sa.text("at DESC"), sa.text("id DESC")])
    if op.get_bind().dialect.name == "sqlite":
        for statement in (*quality_search.TABLES, *quality_search.TRIGGERS):
            op.get_bind().exec_driver_sql(statement)
        quality_search.rebuild(op.get_bind())
