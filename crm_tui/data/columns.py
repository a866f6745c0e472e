"""Tables and columns as SQLAlchemy Core sees them; SQLModel's classes do not type them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CursorResult
from sqlmodel import SQLModel


def table_of(model: type[SQLModel]) -> Any:
    """The Core table of a model."""
    return model.__table__  # type: ignore[attr-defined]


def columns(model: type[SQLModel]) -> Any:
    """The Core columns of a model, by name."""
    return table_of(model).c


def new_id(result: CursorResult[Any]) -> int:
    """The identifier that the database gave to the one row just inserted."""
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])
