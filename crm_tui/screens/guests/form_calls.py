"""What the guest's form asks of the desk. Everything here blocks but :func:`readers`' functions: it is called in threads."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crm_tui import desk
from crm_tui.desk.client_base.guest_views import GuestView

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the form needs.

    Attributes:
        guest: the one to change; None for a new one.
        attributes: the names of those that there are.
        home: the property's country, whose way of writing numbers is understood.
    """

    guest: GuestView | None
    attributes: Mapping[int, str]
    home: str


def load(ctx: Context, guest_id: int | None) -> Loaded:
    """Read the guest, and have at hand what typing asks for.

    Raises:
        NotFound: there is no such guest.
    """
    from crm_tui.desk.client_base.countries import form_of, names
    from crm_tui.desk.client_base.guest_fields import home_region
    from crm_tui.desk.client_base.phones import e164

    with ctx.store.connect() as connection:
        home = home_region(connection)
    names()
    form_of("ES")
    e164("+34971000111")  # the metadata of numbers are read here, not while the first one is typed
    tags = {one.id: one.name for one in desk.attributes.listed(ctx)}
    return Loaded(desk.guests.get(ctx, guest_id) if guest_id is not None else None, tags, home)


def phone_reader(home: Callable[[], str]) -> Callable[[str], str]:
    """Reads a number as it is shown, with its extension, which becomes its label; raises InvalidInput."""

    def read(text: str) -> str:
        from crm_tui.desk.client_base.phones import e164, extension, international

        return " ".join(one for one in (international(e164(text, home())), extension(text, home())) if one)

    return read


def read_address(text: str) -> str:
    """A mail address as it is kept; raises InvalidInput."""
    from crm_tui.desk.client_base.guest_fields import address

    return address(text)


def postcode_reader(country: Callable[[], str]) -> Callable[[str], str]:
    """Reads a postcode of the country that is picked; raises InvalidInput."""

    def read(text: str) -> str:
        from crm_tui.desk.client_base.countries import postcode

        return postcode(country(), text)

    return read


@dataclass(frozen=True, slots=True)
class Where:
    """What a form is saved to.

    Attributes:
        guest: None takes a new one into the client base.
        version: of the guest, that the change began from.
        conversation: the new guest's.
        known: the guests whose conversation it may be already; None: make another one in any case.
    """

    guest: int | None
    version: int = 0
    conversation: int | None = None
    known: Collection[int] | None = ()


def save(ctx: Context, where: Where, values: Mapping[str, Any]) -> GuestView:
    """Store the form, as one command.

    Raises:
        InvalidInput: a field is not usable.
        Conflict: somebody changed the same fields since; it carries their version. Or somebody took the sender in.
    """
    if where.guest is not None:
        return desk.guests.set(ctx, where.guest, where.version, values)
    if where.conversation is not None:
        return desk.guests.get(ctx, desk.linking.make(ctx, where.conversation, values, known=where.known))
    return desk.guests.get(ctx, desk.guests.create(ctx, values))


def archive(ctx: Context, guest_id: int, *, away: bool) -> int:
    """Put a guest away, or take one back."""
    return desk.guests.archive(ctx, [guest_id]) if away else desk.guests.unarchive(ctx, [guest_id])
