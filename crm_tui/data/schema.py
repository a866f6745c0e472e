"""The version of the schema: checked at every start, migrated with Alembic only when there is something to do."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect

from crm_tui.base.errors import StoreError, StoreTooNew
from crm_tui.base.i18n import _

HEAD = "0007"
MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def current(engine: Engine) -> str:
    """The schema's version of a store; empty if it has none yet."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() or "")


def ensure(engine: Engine, *, readonly: bool = False) -> None:
    """Bring a store to this program's schema.

    Raises:
        StoreTooNew: the store was written by a newer program.
        StoreError: it would have to be migrated but is opened read-only.
    """
    from crm_tui.data.failures import told_plainly

    with told_plainly():
        found = current(engine)
        if found == HEAD:
            return
        if found > HEAD:
            raise StoreTooNew(
                _(
                    "This store was written by a newer crm_tui (schema {found}, this program knows {head}); it was left as it is."
                ).format(found=found, head=HEAD),
                _("Update crm_tui."),
            )
        if readonly:
            raise StoreError(_("This store must be set up or updated first."), _("Open it once without --readonly."))
        _migrate(engine)


def _migrate(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.connect().execution_options(crm_immediate=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
