"""Tables and columns as SQLAlchemy Core sees them; SQLModel's classes do not type them."""

from __future__ import annotations

from typing import Any

from sqlmodel import SQLModel


def table_of(model: type[SQLModel]) -> Any:
    """The Core table of a model."""
    return model.__table__  # type: ignore[attr-defined]


def columns(model: type[SQLModel]) -> Any:
    """The Core columns of a model, by name."""
    return table_of(model).c
