"""What importing a room loads: no screen below the screens, no database before it is used (ARCHITECTURE)."""

from __future__ import annotations

import subprocess
import sys


def loaded(statements: str, *names: str) -> list[str]:
    """Which of the modules named were imported by running the statements in a fresh interpreter."""
    check = f"\nimport sys\nprint(*[name for name in {names!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", statements + check], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.split()


def test_the_rooms_below_the_screens_load_no_textual() -> None:
    every = """
import importlib, pkgutil
for room in ("base", "rules", "mail", "data", "desk", "engine"):
    package = importlib.import_module(f"crm_tui.{room}")
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if ".migrations." not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
"""
    assert loaded(every, "textual", "rich", "sqlmodel") == ["sqlmodel"]


def test_the_desk_loads_no_database_before_it_is_used() -> None:
    heavy = ("sqlmodel", "sqlalchemy", "alembic", "sqlite3", "imapclient", "textual", "babel")
    assert loaded("from crm_tui import desk\nfrom crm_tui.desk import context, views", *heavy) == []
    assert "sqlmodel" in loaded("from crm_tui import desk\ndesk.folders.page", *heavy)


def test_reading_mail_in_a_process_of_its_own_loads_no_database() -> None:
    assert loaded("import crm_tui.desk.correspondence.prepare", "sqlmodel", "sqlalchemy", "textual") == []


def test_opening_a_store_that_is_up_to_date_loads_no_alembic() -> None:
    statements = """
import pathlib, tempfile
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.desk.common.context import open_context
import subprocess, sys
"""
    opening = "open_context(home_at(pathlib.Path(sys.argv[1])), Settings(), create=True)"
    twice = f"""
{statements}
place = tempfile.mkdtemp()
first = "import sys, pathlib; from crm_tui.base.paths import home_at; from crm_tui.base.settings import Settings; "
first += "from crm_tui.desk.common.context import open_context; {opening}"
subprocess.run([sys.executable, "-c", first, place], check=True)
open_context(home_at(pathlib.Path(place)), Settings()).store.close()
"""
    assert loaded(twice, "alembic", "sqlmodel") == ["sqlmodel"]


def test_an_unknown_room_of_the_desk_is_an_attribute_error() -> None:
    assert loaded("from crm_tui import desk\nassert not hasattr(desk, 'nowhere')", "sqlmodel") == []
