"""Pictures of guests, what they booked, their packages and files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.desk.common.context import Context
from crm_tui.mail.smtp import Cause, Failed, Sent
from docs.scene import Hand


async def profile(hand: Hand, _place: Path) -> None:
    """The guest with the longest history of reservations and mail."""
    ctx = hand.app.ctx
    found = [row.id for row in desk.guests.listed(ctx, kind="person", limit=200)]
    number = max(found, key=lambda one: len({place.kind for place in desk.guest_history.keys(ctx, one)}))
    hand.app.open_guest(number)
    await hand.until(lambda: getattr(hand.app.screen, "source", None) is not None)
    await hand.press("down", "up")


def booked(ctx: Context, _clock: FixedClock) -> None:
    """The guests of the sample hotel and what they booked."""
    from crm_tui.demo import bookings, guests

    guests.add(ctx, {})
    bookings.add(ctx)


async def event(hand: Hand, place: Path) -> None:
    """A call is written down."""
    await profile(hand, place)
    await hand.press("L", "c")
    await hand.write("Asked whether the dog may come too; yes, 12 EUR a night.")


def duplicates(*then: str) -> Callable[[Hand, Path], Awaitable[None]]:
    """The suggestions once they are found, and keys from there."""

    async def play(hand: Hand, _home: Path) -> None:
        await hand.press("g", "y")
        await hand.until(lambda: not hand.app.screen.searching and hand.app.screen.list.total > 0)
        await hand.press(*then)

    return play


def silent(ctx: Context, _clock: FixedClock) -> None:
    """A rule that proposes the guests of years ago."""
    desk.retention.add(ctx, "Silent for two years", 24)


async def erase(hand: Hand, _place: Path) -> None:
    """A guest who wrote, before the question."""
    from crm_tui.screens.privacy.erase import EraseScreen

    hand.app.push_screen(EraseScreen(1))
    await hand.until(lambda: bool(str(hand.app.screen.query_one("#text").content)))


def packaged(ctx: Context, _clock: FixedClock) -> None:
    """Guests who like wine, a search that has moved on since, and a template for them."""
    from crm_tui.rules.guest_criteria import GuestCriteria

    wine = desk.attributes.add(ctx, "Wine tastings")
    people = desk.guests.listed(ctx, kind="person", limit=18)
    for place, one in enumerate(people):
        desk.attributes.tag(ctx, one.id, wine)
        desk.guests.set_consent(ctx, one.id, "mail", given=place % 6 != 4, source="form at the counter")
    desk.packages.create(ctx, "Wine weekend", GuestCriteria(attributes=(wine,)))
    desk.packages.create(ctx, "Speakers of Polish", GuestCriteria(language="pl"))
    desk.packages.create(ctx, "Winners of the raffle", ids=[one.id for one in people[:5]])
    for language, subject, body in (
        ("en", "{{ guest.given }}, a weekend of wine", "Dear {{ guest.given }},\n\nwe taste **wines of the island**."),
        ("es", "{{ guest.given }}, fin de semana del vino", "Hola {{ guest.given }}:\n\ncatamos **vinos de la isla**."),
    ):
        body += "\n\n{{ agent.name }}"
        desk.templates.create(ctx, name="Wine weekend", language=language, subject=subject, body=body)


def moved_on(ctx: Context, clock: FixedClock) -> None:
    """Some guests got the attribute since the package was made, and one lost it."""
    packaged(ctx, clock)
    wine = desk.attributes.named(ctx, "Wine tastings").id
    people = desk.guests.listed(ctx, kind="person", limit=21)
    desk.attributes.untag(ctx, people[3].id, wine)
    for one in people[18:]:
        desk.attributes.tag(ctx, one.id, wine)


def under_way(ctx: Context, clock: FixedClock) -> None:
    """A mailing of which some mails were sent."""
    packaged(ctx, clock)
    package = desk.packages.named(ctx, "Wine weekend").id
    template = desk.templates.named(ctx, "Wine weekend", "en").id
    number = desk.mailings.start(ctx, desk.mailings.prepare(ctx, package, template))
    for place in range(7):
        desk.mailing_queue.queue_next(ctx, number, lambda _connection: True)
        item = desk.outbox.items(ctx)[0].id
        clock.advance(timedelta(seconds=3))
        work = desk.delivery.job(ctx, item)
        assert work is not None
        refused = Failed(Cause.RECIPIENT, "550 5.1.1 no such mailbox", permanent=True)
        if place == 4:
            desk.delivery.settle(ctx, work, 1, refused)
        else:
            desk.delivery.begin(ctx, work, 1, lambda _connection: True)
            desk.delivery.settle(ctx, work, 1, Sent("250 taken"))


_GUESTS = """Nr;Nazwisko;Imię;E-mail;Telefon;Data urodzenia;Miejscowość;Kraj;Grupy;Dział
K-101;Łącka;Anna;anna.lacka@poczta.example;600 100 201;14.03.1980;Kraków;Polska;VIP;A
K-102;Wiśniewski;Piotr;piotr@poczta.example;+48 600 100 202;2.11.1974;Łódź;Polska;;B
K-103;Núñez;Íñigo;inigo@correo example;+34 971 000 111;31.02.1988;Inca;España;;B
K-104;Lefèvre;Hélène;helene@courriel.example;+33 1 42 68 53 00;5.6.1990;Orléans;France;VIP;A
K-105;Żak;Józef;jozef.zak@poczta.example;12;1.1.1961;Gdańsk;Polska;;B
"""


async def importing(hand: Hand, place: Path) -> None:
    """A file of guests, tried."""
    from crm_tui.widgets.forms.files import remember_folder

    folder = place / "old-system"
    folder.mkdir()
    (folder / "goscie.csv").write_bytes(_GUESTS.encode())
    remember_folder(hand.app, folder)
    await hand.press("g", "f", "plus")
    await hand.write("gos")
    await hand.press("enter", "d")


async def exporting(hand: Hand, _place: Path) -> None:
    """All guests, about to go out."""
    from crm_tui.widgets.forms.files import remember_folder

    remember_folder(hand.app, Path("/srv/reception"))
    await hand.press("g", "f", "X")
