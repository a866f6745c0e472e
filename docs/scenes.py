"""What the pictures of the pages show: how the desk stands, and which keys lead there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.desk.context import Actor, Context
from crm_tui.desk.mailbox import Batch, Incoming
from crm_tui.desk.prepare import prepare
from crm_tui.mail.smtp import Cause, Failed, Sent, Uncertain
from docs import money_scenes

WIDE = (120, 36)
SMALL = (80, 24)
_OFFER = """Dear Beatrice,

Thank you for writing. We would love to have you here:

- ten nights, two adults, **breakfast included**: 1400 EUR
- garage: 14 EUR a night

The offer is attached. A deposit of 150 EUR confirms it."""


class Hand(Protocol):
    """Presses keys at a desk; see docs/pictures.py."""

    app: Any

    async def press(self, *keys: str) -> None:
        """Press keys."""

    async def write(self, text: str) -> None:
        """Type a text."""

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture.

    Attributes:
        name: of the file, without its ending.
        play: presses the keys that lead there; also given the directory of the desk.
        before: puts the store into the state that is shown.
    """

    name: str
    play: Callable[[Hand, Path], Awaitable[None]]
    size: tuple[int, int] = WIDE
    before: Callable[[Context, FixedClock], None] | None = None
    theme: str = "desk-dark"


def keys(*pressed: str) -> Callable[[Hand, Path], Awaitable[None]]:
    """A scene that is reached by keys alone."""

    async def play(hand: Hand, _place: Path) -> None:
        await hand.press(*pressed)

    return play


async def _conversation(hand: Hand, _place: Path) -> None:
    """A guest who accepts, with our offer above and what was quoted folded."""
    await _find(hand, "from:niamh family")
    await hand.press("enter")


async def _quotes(hand: Hand, place: Path) -> None:
    await _conversation(hand, place)
    await hand.press(".")


async def _find(hand: Hand, query: str) -> None:
    await hand.press("slash")
    await hand.write(query)


async def _search(hand: Hand, _place: Path) -> None:
    await _find(hand, "pokoj -in:Spam after:2026-11-01")


async def _wrong_search(hand: Hand, _place: Path) -> None:
    await _find(hand, "sejour is:open")


async def _compose(hand: Hand, place: Path) -> None:
    from crm_tui.widgets.forms.files import remember_folder

    folder = place / "offers"
    folder.mkdir()
    (folder / "offer.pdf").write_bytes(b"%PDF-1.7\n" + bytes(48_000))
    remember_folder(hand.app, folder)
    await _find(hand, "from:beatrice double in:Inbox")
    await hand.press("enter", "r")
    await hand.write(_OFFER)
    await hand.press("ctrl+a", "enter")


async def _account(hand: Hand, _place: Path) -> None:
    await hand.press("g", "a", "plus")
    await hand.write("reception@fastmail.com")
    await hand.press("tab")
    await hand.write("Hotel Miramar")
    await hand.press("tab", "tab", "tab")


async def _pick(hand: Hand, _place: Path) -> None:
    """A Polish guest, and the letters of the purpose in the agent's language."""
    await _find(hand, "from:hanna in:Inbox")
    await hand.press("enter", "r", "ctrl+t")
    await hand.write("avail")


async def _template(hand: Hand, _place: Path) -> None:
    await hand.press("g", "t", "f")
    await hand.write("offer")
    await hand.press("enter", "enter")


def _outbox(ctx: Context, clock: FixedClock) -> None:
    """A message in each state that waits for somebody, and one that goes out in seven seconds."""
    held = _queue(ctx, "from:hélène in:Inbox", "La chambre est libre.")
    failed = _queue(ctx, "from:niamh anniversary", "The room on the fourth floor is yours.")
    uncertain = _queue(ctx, "from:zofia in:Inbox", "Znaleźliśmy zabawkę.")
    _write_again(ctx, held)
    clock.advance(timedelta(seconds=11))
    refused = Failed(Cause.RECIPIENT, "550 5.1.1 mailbox unavailable", True)
    for item, outcome in ((failed, refused), (uncertain, Uncertain("The line broke."))):
        work = desk.delivery.job(ctx, item)
        assert work is not None
        if isinstance(outcome, Uncertain):
            assert desk.delivery.begin(ctx, work, 1, lambda _connection: True)
        desk.delivery.settle(ctx, work, 1, outcome)
    assert desk.delivery.job(ctx, held) is None
    clock.advance(timedelta(minutes=3))
    _queue(ctx, "from:imogen flight", "Thank you, the driver knows.")
    clock.advance(timedelta(seconds=3))


def _queue(ctx: Context, query: str, text: str) -> int:
    """An answer to the newest message that a search finds."""
    (hit, *_more) = desk.search.search(ctx, query, limit=1)
    draft = desk.replies.start(ctx, "reply", hit.id)
    version = desk.drafts.save(ctx, draft.id, draft.version, text=text)
    return int(desk.outbox.queue(ctx, draft.id, version).id)


def _write_again(ctx: Context, item: int) -> None:
    """The guest whom a queued message answers writes once more before it goes out."""
    conversation = desk.outbox.get(ctx, item).conversation
    assert conversation is not None
    _one_more(ctx, conversation)


def _one_more(ctx: Context, conversation: int) -> None:
    """The guest of a conversation writes once more."""
    message = desk.reading.conversation(ctx, conversation).messages[0]
    at = ctx.clock.now() + timedelta(seconds=2)
    lines = (
        f"From: {message.sender.name} <{message.sender.address}>",
        f"Subject: Re: {message.subject}",
        f"Date: {at:%a, %d %b %Y %H:%M:%S +0000}",
        "Message-ID: <again@courriel.example>",
        f"In-Reply-To: <{message.message_id}>",
        "Content-Type: text/plain; charset=utf-8",
        "",
        "Bonjour, finalement nous serons trois. Merci !",
    )
    raw = "\r\n".join(lines).encode()
    desk.mailbox.receive(ctx, Batch([Incoming(prepare(raw), received_at=at)]))


async def _noted(hand: Hand, _place: Path) -> None:
    """A mail whose inquiry has a memo."""
    await _find(hand, "from:nuria.garcia in:Waitlist")
    await hand.press("enter")


async def _profile(hand: Hand, _place: Path) -> None:
    """The guest with the longest history of reservations and mail."""
    ctx = hand.app.ctx
    found = [row.id for row in desk.guests.listed(ctx, kind="person", limit=200)]
    number = max(found, key=lambda one: len({place.kind for place in desk.guest_history.keys(ctx, one)}))
    hand.app.open_guest(number)
    await hand.until(lambda: getattr(hand.app.screen, "source", None) is not None)
    await hand.press("down", "up")


def _booked(ctx: Context, _clock: FixedClock) -> None:
    """The guests of the sample hotel and what they booked."""
    from crm_tui.demo import bookings, guests

    guests.add(ctx, {})
    bookings.add(ctx)


async def _reservation(hand: Hand, _place: Path) -> None:
    """A reservation of the guest's history is opened."""
    from crm_tui.screens.reservations.detail import ReservationScreen

    ctx = hand.app.ctx
    number = desk.reservations.listed(ctx, status="option")[0].id
    hand.app.open_guest(desk.reservations.get(ctx, number).guests[0].id)
    await hand.until(lambda: getattr(hand.app.screen, "source", None) is not None)
    await hand.press("f", "r", "enter")
    await hand.until(lambda: isinstance(hand.app.screen, ReservationScreen) and hand.app.screen.view is not None)


async def _event(hand: Hand, place: Path) -> None:
    """A call is written down."""
    await _profile(hand, place)
    await hand.press("L", "c")
    await hand.write("Asked whether the dog may come too; yes, 12 EUR a night.")


async def _held(hand: Hand, _place: Path) -> None:
    """The guest writes again while the answer is being written."""
    await _find(hand, "from:hélène in:Inbox")
    await hand.press("enter", "r")
    await hand.write("Bonjour,\n\nla chambre est libre pour deux personnes : 620 EUR en demi-pension.")
    ctx = hand.app.ctx
    (hit, *_more) = desk.search.search(ctx, "from:hélène in:Inbox", limit=1)
    ctx.clock.advance(timedelta(minutes=2))
    _one_more(ctx, hit.conversation)
    await hand.press("ctrl+s")


def _busy_day(ctx: Context, clock: FixedClock) -> None:
    """Colleagues wrote to Ana, and Ana answered one of them."""
    leo = next(one for one in desk.team.agents(ctx) if one.name == "Leo")
    at_leos = ctx.acting_as(Actor(leo.id, leo.name, leo.role, leo.language))
    for query, text in (
        ("from:niamh anniversary", "They stayed in 412 last year. Shall I keep it for them?"),
        ("from:zofia in:Inbox", "Housekeeping has the rabbit, it is in the office."),
    ):
        (hit, *_more) = desk.search.search(ctx, query, limit=1)
        desk.internal.send(at_leos, "Ana", text, conversation=hit.conversation)
        clock.advance(timedelta(minutes=4))
    desk.internal.send(ctx, "Leo", "Thank you, I tell her.", conversation=hit.conversation)


def _views(ctx: Context, _clock: FixedClock) -> None:
    """Three searches that Ana keeps."""
    for name, key, query in (
        ("Polish guests who wait", "p", "pokoj is:unanswered -in:Spam"),
        ("Invoices", "f", "subject:factura in:Inbox"),
        ("Offers of mine", "o", 'agent:Ana status:"offer sent"'),
    ):
        desk.saved_views.create(ctx, name, query, key=key)


def duplicates(*then: str) -> Callable[[Hand, Path], Awaitable[None]]:
    """The suggestions once they are found, and keys from there."""

    async def play(hand: Hand, _home: Path) -> None:
        await hand.press("g", "y")
        await hand.until(lambda: not hand.app.screen.searching and hand.app.screen.list.total > 0)
        await hand.press(*then)

    return play


def _silent(ctx: Context, _clock: FixedClock) -> None:
    """A rule that proposes the guests of years ago."""
    desk.retention.add(ctx, "Silent for two years", 24)


async def _erase(hand: Hand, _place: Path) -> None:
    """A guest who wrote, before the question."""
    from crm_tui.screens.privacy.erase import EraseScreen

    hand.app.push_screen(EraseScreen(1))
    await hand.until(lambda: bool(str(hand.app.screen.query_one("#text").content)))


def _package(ctx: Context, _clock: FixedClock) -> None:
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


def _moved_on(ctx: Context, clock: FixedClock) -> None:
    """Some guests got the attribute since the package was made, and one lost it."""
    _package(ctx, clock)
    wine = desk.attributes.named(ctx, "Wine tastings").id
    people = desk.guests.listed(ctx, kind="person", limit=21)
    desk.attributes.untag(ctx, people[3].id, wine)
    for one in people[18:]:
        desk.attributes.tag(ctx, one.id, wine)


def _under_way(ctx: Context, clock: FixedClock) -> None:
    """A mailing of which some mails were sent."""
    _package(ctx, clock)
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


async def _import(hand: Hand, place: Path) -> None:
    """A file of guests, tried."""
    from crm_tui.widgets.forms.files import remember_folder

    folder = place / "old-system"
    folder.mkdir()
    (folder / "goscie.csv").write_bytes(_GUESTS.encode())
    remember_folder(hand.app, folder)
    await hand.press("g", "f", "plus")
    await hand.write("gos")
    await hand.press("enter", "d")


async def _export(hand: Hand, _place: Path) -> None:
    """All guests, about to go out."""
    from crm_tui.widgets.forms.files import remember_folder

    remember_folder(hand.app, Path("/srv/reception"))
    await hand.press("g", "f", "X")


SCENES: tuple[Scene, ...] = (
    Scene("start", keys(), size=(150, 36)),
    Scene("start-small", keys(), size=SMALL),
    Scene("mail", keys("2", "g", "w", "enter"), size=(150, 36)),
    Scene("list-small", keys("2", "g", "q"), size=SMALL),
    Scene("conversation", _conversation),
    Scene("quotes", _quotes),
    Scene("compose", _compose),
    Scene("search", _search),
    Scene("search-wrong", _wrong_search, size=SMALL),
    Scene("account", _account),
    Scene("outbox", keys("g", "o", "down"), before=_outbox),
    Scene("run", keys("2", "t")),
    Scene("snooze", keys("2", "s"), size=SMALL),
    Scene("assign", keys("2", "a"), size=SMALL),
    Scene("history", keys("3", "down", "enter", "H"), size=SMALL),
    Scene("internal", keys("g", "n"), before=_busy_day),
    Scene("held", _held),
    Scene("duplicates", duplicates(), size=(150, 24)),
    Scene("merge", duplicates("enter", "down"), size=(110, 24)),
    Scene("recall", keys("g", "r", "pagedown", "pagedown", *["down"] * 4, *["right"] * 6), size=(130, 36)),
    Scene("lists", keys("g", "l"), before=_package, size=SMALL),
    Scene("packages", keys("g", "p"), before=_package, size=SMALL),
    Scene("package-refresh", keys("g", "p", "down", "enter", "R"), before=_moved_on),
    Scene("mailing-before", keys("g", "p", "down", "w", *"wine", "enter", "down"), before=_package, size=(130, 36)),
    Scene("mailing", keys("g", "p", "m", "enter"), before=_under_way),
    Scene("views", keys("2", "g", "v"), before=_views, size=SMALL),
    Scene("inquiries", keys("3"), size=(130, 36)),
    Scene("inquiry", keys("3", "down", "enter"), size=(160, 36)),
    Scene("inquiry-small", keys("3", "enter", "G"), size=SMALL),
    Scene("inquiry-form", keys("3", "enter", "E"), size=SMALL),
    Scene("noted", _noted),
    Scene("profile", _profile, before=_booked, size=(130, 36)),
    Scene("event", _event, before=_booked, size=SMALL),
    Scene("reservation", _reservation, before=_booked, size=SMALL),
    Scene("template-pick", _pick),
    Scene("template-editor", _template, size=(150, 36)),
    Scene("retention", keys("g", "k", "space", "down", "space"), before=_silent, size=SMALL),
    Scene("erase", _erase, size=(100, 30)),
    Scene("go-to", keys("2", "g"), size=SMALL),
    Scene("help", keys("2", "question_mark")),
    Scene("light", keys("2"), size=SMALL, theme="desk-light"),
    Scene("payment", money_scenes.payment, before=_booked, size=SMALL),
    Scene("schedule", money_scenes.schedule, before=_booked, size=SMALL),
    Scene("terms", money_scenes.terms, before=_booked, size=SMALL),
    Scene("statement", money_scenes.statement, before=_booked, size=(110, 24)),
    Scene("import", _import, size=(150, 30)),
    Scene("import-small", _import, size=SMALL),
    Scene("export", _export, size=SMALL),
)
