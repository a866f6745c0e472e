"""The search that stands behind a package, and who it finds; the guests of a package as a list (SPEC §6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, and_, func, or_, select

from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Guest, GuestEmail, GuestPhone, PackageGuest
from crm_tui.desk.client_base.guest_gone import present
from crm_tui.desk.client_base.phones import international
from crm_tui.desk.common.context import Context
from crm_tui.desk.groups.package_views import PackageGuestRow
from crm_tui.desk.requests.inquiry_rows import firsts
from crm_tui.mail.text import display_text, fold_text

if TYPE_CHECKING:
    from crm_tui.rules.guest_criteria import GuestCriteria

_G = columns(Guest)
_X = columns(PackageGuest)
_E = columns(GuestEmail)
_N = columns(GuestPhone)

EVERYONE = "everyone"
"""Stands in the place of a search that asks for nothing, so that it is told from none."""


def stored(criteria: GuestCriteria | None) -> dict[str, Any]:
    """A search as the store keeps it; empty for none. One that asks for nothing finds everyone."""
    return (dict(criteria.to_json()) or {EVERYONE: True}) if criteria is not None else {}


def found(ctx: Context, criteria: Mapping[str, Any]) -> list[int]:
    """Whom a stored search finds now; nobody without one."""
    if not criteria:
        return []
    from crm_tui.desk.client_base import guest_lists
    from crm_tui.rules.guest_criteria import GuestCriteria

    ids = list(guest_lists.ids(ctx, GuestCriteria.from_json(dict(criteria))))
    with ctx.store.connect() as connection:
        return present(connection, ids)


def words(connection: Connection, criteria: Mapping[str, Any]) -> str:
    """A stored search in the agent's words; empty if there is none."""
    if not criteria:
        return ""
    from crm_tui.desk.client_base import guest_lists
    from crm_tui.rules.guest_criteria import GuestCriteria

    return guest_lists.words_in(connection, GuestCriteria.from_json(dict(criteria))) or _("everyone")


def survivors(connection: Connection, ids: Iterable[int]) -> list[int]:
    """Those of the guests that there are, each once, in this order; a merged one as the guest that took it over."""
    wanted = list(dict.fromkeys(ids))
    into: dict[int, int | None] = {}
    asked = wanted
    while asked:
        step: dict[int, int | None] = {}
        for chunk in chunks(asked):
            rows = connection.execute(select(_G.id, _G.merged_into).where(_G.id.in_(chunk)))
            step |= {row.id: row.merged_into for row in rows}
        into |= step
        asked = sorted({other for other in step.values() if other is not None and other not in into})
    return list(dict.fromkeys(one for start in wanted if (one := _end(into, start)) is not None))


def _end(into: Mapping[int, int | None], start: int) -> int | None:
    seen: set[int] = set()
    number: int | None = start
    while number is not None and number in into and number not in seen:
        seen.add(number)
        if into[number] is None:
            return number
        number = into[number]
    return None


class Members:
    """The guests of a package by name, read in pages by key.

    Args:
        text: only those with words that begin so in their names.
    """

    def __init__(self, package_id: int, text: str = "") -> None:
        self.package_id = package_id
        self.text = text

    def total(self, ctx: Context) -> int:
        """How many there are."""
        with ctx.store.connect() as connection:
            query = select(func.count()).select_from(PackageGuest).join(Guest, _G.id == _X.guest_id)
            return int(connection.execute(query.where(*self._where())).scalar_one())

    def page(
        self,
        ctx: Context,
        *,
        after: PackageGuestRow | None = None,
        before: PackageGuestRow | None = None,
        last: bool = False,
        at: int = 0,
        limit: int = 100,
    ) -> list[PackageGuestRow]:
        """The rows that follow one, come before one, end the list, or begin at a position."""
        query = self._query()
        backwards = last or before is not None
        if after is not None:
            query = query.where(_later(after))
        if before is not None:
            query = query.where(_earlier(before))
        order = (_G.folded.desc(), _G.id.desc()) if backwards else (_G.folded, _G.id)
        with ctx.store.connect() as connection:
            rows = list(connection.execute(query.order_by(*order).limit(limit).offset(at)).all())
            return _rows(connection, rows[::-1] if backwards else rows)

    def position(self, ctx: Context, row: PackageGuestRow) -> int:
        """How many stand before a row."""
        with ctx.store.connect() as connection:
            query = select(func.count()).select_from(PackageGuest).join(Guest, _G.id == _X.guest_id)
            return int(connection.execute(query.where(*self._where(), _earlier(row))).scalar_one())

    def find(self, ctx: Context, guest_id: int) -> PackageGuestRow | None:
        """The row of a guest, if it is in the list."""
        with ctx.store.connect() as connection:
            rows = connection.execute(self._query().where(_G.id == guest_id)).all()
            return next(iter(_rows(connection, rows)), None)

    def ids(self, ctx: Context) -> list[int]:
        """All of them, by name."""
        with ctx.store.connect() as connection:
            query = select(_G.id).join(PackageGuest, _X.guest_id == _G.id).where(*self._where())
            return list(connection.execute(query.order_by(_G.folded, _G.id)).scalars())

    def _query(self) -> Any:
        names = ("id", "given", "surname", "kind", "language", "country", "archived_at", "folded")
        return select(*(_G[name] for name in names)).join(PackageGuest, _X.guest_id == _G.id).where(*self._where())

    def _where(self) -> tuple[Any, ...]:
        parts = [
            or_(_G.folded.like(f"{_escaped(word)}%", escape="\\"), _G.folded.like(f"% {_escaped(word)}%", escape="\\"))
            for word in fold_text(self.text).split()
        ]
        return _X.package_id == self.package_id, _G.merged_into.is_(None), *parts


def _later(row: PackageGuestRow) -> Any:
    return or_(_G.folded > row.folded, and_(_G.folded == row.folded, _G.id > row.id))


def _earlier(row: PackageGuestRow) -> Any:
    return or_(_G.folded < row.folded, and_(_G.folded == row.folded, _G.id < row.id))


def _rows(connection: Connection, rows: Sequence[Any]) -> list[PackageGuestRow]:
    mails: dict[int, str] = {}
    phones: dict[int, str] = {}
    for chunk in chunks([row.id for row in rows]):
        mails |= firsts(connection, _E, _E.address, chunk)
        phones |= firsts(connection, _N, _N.number, chunk)
    return [
        PackageGuestRow(
            row.id,
            display_text(f"{row.given} {row.surname}".strip()),
            row.kind,
            display_text(mails.get(row.id, "")),
            international(phones.get(row.id, "")),
            row.language,
            row.country,
            row.archived_at is not None,
            row.folded,
        )
        for row in rows
    ]


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
