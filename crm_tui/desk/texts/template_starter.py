"""The starter set: nine templates in each of four languages, put into a new store (SPEC §5)."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources

from sqlalchemy import select

from crm_tui.base.i18n import LANGUAGES
from crm_tui.data.columns import columns
from crm_tui.data.tables import Template
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.texts import templates

_T = columns(Template)
_HEAD = "=== "


def add(ctx: Context) -> int:
    """Put the starter templates into the store that were never there; returns how many that were.

    One that was archived stays so, and one that was changed stays as it is.
    """
    with ctx.write() as tx:
        return add_in(tx)


def add_in(tx: Transaction) -> int:
    """:func:`add` within a transaction that does more."""
    known = {
        (row.language, row.name.casefold()) for row in tx.connection.execute(select(_T.language, _T.name).distinct())
    }
    added = 0
    for values in starters():
        if (values["language"], values["name"].casefold()) not in known:
            templates.insert_in(tx, values)
            added += 1
    return added


def starters() -> Iterator[dict[str, str]]:
    """The values of every starter template."""
    for language in LANGUAGES:
        text = (resources.files(__package__) / "starter" / f"{language}.txt").read_text(encoding="utf-8")
        for block in f"\n{text}".split(f"\n{_HEAD}")[1:]:
            head, subject, body = block.split("\n", 2)
            category, _colon, name = head.partition(": ")
            yield {
                "name": name.strip(),
                "language": language,
                "category": category.strip(),
                "subject": subject.strip(),
                "body": body.strip(),
            }
