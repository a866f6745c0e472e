"""What a worker makes once instead of once a test: compiled statements.

A desk in use makes them once as well: there, one store lives as long as the process.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from crm_tui.data import store


def share() -> None:
    """Share among all stores of this process."""
    _share_statements()


def _share_statements() -> None:
    """Every SQLite store of the process is opened in the same way, so what is compiled for one fits all."""
    statements: Any = LRUCache(5000)
    opening: Any = store
    create: Callable[..., Engine] = opening.create_engine

    def create_engine(url: str, **options: Any) -> Engine:
        engine = create(url, **options)
        if engine.dialect.name == "sqlite":
            engine._compiled_cache = statements
        return engine

    opening.create_engine = create_engine
    dialect: Any = SQLiteDialect_pysqlite
    dialect.__eq__ = lambda one, other: type(one) is type(other)
    dialect.__hash__ = lambda one: hash(type(one))
