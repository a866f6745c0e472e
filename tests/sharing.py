"""What a worker makes once instead of once a test: compiled statements, parsed style sheets, the empty store.

A desk in use makes each of them once as well: there, one store and one App live as long as the process.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

from crm_tui.data import store


def share() -> None:
    """Share among all stores and Apps of this process."""
    _share_statements()
    _share_style_sheets()


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


def _share_style_sheets() -> None:
    """The same text with the same variables (a theme's) gives the same rules; nothing changes rules once parsed."""
    parsed: dict[tuple[object, ...], list[RuleSet]] = {}
    sheets: Any = Stylesheet
    parse = sheets._parse_rules

    def parse_rules(
        sheet: Stylesheet,
        css: str,
        read_from: Any,
        is_default_rules: bool = False,
        tie_breaker: int = 0,
        scope: str = "",
    ) -> list[RuleSet]:
        key = (frozenset(sheet._variables.items()), css, read_from, is_default_rules, tie_breaker, scope)
        if key not in parsed:
            parsed[key] = parse(sheet, css, read_from, is_default_rules, tie_breaker, scope)
        return parsed[key]

    sheets._parse_rules = parse_rules
