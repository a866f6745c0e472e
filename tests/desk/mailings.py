"""Guests, packages and mailings for tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from crm_tui.data.columns import columns
from crm_tui.data.tables import MailingItem
from crm_tui.desk.client_base import guests
from crm_tui.desk.common.context import Context
from crm_tui.desk.groups import mailings, packages
from crm_tui.desk.groups.mailing_views import MailingPreview
from crm_tui.desk.texts import templates

BODY = "Dear {{ guest.given }} {{ guest.surname }},\n\nwe are open again. Yours, {{ agent.name }}"


def guest(ctx: Context, surname: str, *, email: str | None = None, consent: str = "mail", **more: Any) -> int:
    """A person who may be written to, unless ``consent`` is empty."""
    mail = f"{surname.lower()}@example.org" if email is None else email
    values = {"surname": surname, "given": "Ana", "language": "en", **more}
    number = guests.create(ctx, values | ({"email": mail} if mail else {}))
    if consent:
        guests.set_consent(ctx, number, consent, given=True, source="form")
    return number


def template(ctx: Context, name: str = "Season", body: str = BODY, **more: Any) -> int:
    """A template; in English, unless told otherwise."""
    values = {"language": "en", "subject": "News for {{ guest.surname }}", **more}
    return templates.create(ctx, name=name, body=body, **values).id


def ready(ctx: Context, ids: Sequence[int], text: int | None = None, **more: Any) -> MailingPreview:
    """A package of these guests, and who of it would get a template."""
    package = packages.create(ctx, f"Set {len(packages.listed(ctx)) + 1}", ids=ids)
    return mailings.prepare(ctx, package, text or template(ctx), **more)


def items(ctx: Context, mailing: int) -> dict[int, tuple[str, str]]:
    """Guest to state and reason of the item."""
    item = columns(MailingItem)
    query = select(item.guest_id, item.state, item.reason).where(item.mailing_id == mailing)
    with ctx.store.connect() as connection:
        return {row.guest_id: (row.state, row.reason) for row in connection.execute(query)}
