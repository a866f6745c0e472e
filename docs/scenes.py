"""What the pictures of the pages show: how the desk stands, and which keys lead there."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.desk.common.context import Actor, Context
from crm_tui.desk.correspondence.mailbox import Batch, Incoming
from crm_tui.desk.correspondence.prepare import prepare
from crm_tui.mail.smtp import Cause, Failed, Uncertain
from docs import scenes_bills as bills
from docs import scenes_money as money
from docs import scenes_notices as reminders
from docs import scenes_reservations as stays
from docs import scenes_tickets as work
from docs.scene import SMALL, Hand, Scene, keys
from docs.scenes_guests import (
    booked,
    duplicates,
    erase,
    event,
    exporting,
    importing,
    moved_on,
    packaged,
    profile,
    silent,
    under_way,
)

_OFFER = """Dear Beatrice,

Thank you for writing. We would love to have you here:

- ten nights, two adults, **breakfast included**: 1400 EUR
- garage: 14 EUR a night

The offer is attached. A deposit of 150 EUR confirms it."""


async def _conversation(hand: Hand, _place: Path) -> None:
    """A guest who accepts, with our offer above and what was quoted folded."""
    await _find(hand, "from:niamh family")
    await hand.press("enter")


async def _quotes(hand: Hand, place: Path) -> None:
    await _conversation(hand, place)
    await hand.press(".")


async def _reminder(hand: Hand, _place: Path) -> None:
    """A task that comes back, made on the board."""
    await hand.press("6", "u")
    await hand.write("Call the taxi firm about the prices")
    await hand.press("tab", "tab", "tab")
    await hand.write("every monday")


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


SCENES: tuple[Scene, ...] = (
    Scene("start", keys(), size=(150, 36)),
    Scene("start-small", keys(), size=SMALL),
    Scene("feedback", keys("U"), size=(110, 30)),
    Scene("relations", keys("0", "f", "left", "ctrl+s", "down", "down", "down", "down", "down"), size=(120, 24)),
    Scene(
        "resolve",
        keys("0", "e", "S", "o", "r", "r", "y", "tab", "w", "enter", "2", "enter", "enter", "f", "enter"),
        size=(110, 28),
    ),
    Scene("quality-costs", keys("0", "tab"), size=(120, 24)),
    Scene("quality-items", keys("g", "l", "tab", "tab", "tab"), size=SMALL),
    Scene("handover", keys("g", "H"), size=(120, 24)),
    Scene("locked", keys("2", "ctrl+l"), size=SMALL),
    Scene("sign-in", keys("ctrl+g"), size=SMALL),
    Scene("journal", keys("g", "j"), size=(120, 30)),
    Scene("mail", keys("2", "g", "w", "enter"), size=(150, 36)),
    Scene("list-small", keys("2", "g", "q"), size=SMALL),
    Scene("conversation", _conversation),
    Scene("quotes", _quotes),
    Scene("compose", _compose),
    Scene("search", _search),
    Scene("search-wrong", _wrong_search, size=SMALL),
    Scene("account", _account),
    Scene("notices", keys("g", "N"), before=reminders.reminding, size=(130, 30)),
    Scene("notice", keys("g", "N", "r"), before=reminders.reminding, size=(110, 30)),
    Scene("notice-gateway", reminders.gateway, size=SMALL),
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
    Scene("lists", keys("g", "l"), before=packaged, size=SMALL),
    Scene("packages", keys("g", "p"), before=packaged, size=SMALL),
    Scene("package-refresh", keys("g", "p", "down", "enter", "R"), before=moved_on),
    Scene("mailing-before", keys("g", "p", "down", "w", *"wine", "enter", "down"), before=packaged, size=(130, 36)),
    Scene("mailing", keys("g", "p", "m", "enter"), before=under_way),
    Scene("views", keys("2", "g", "v"), before=_views, size=SMALL),
    Scene("inquiries", keys("3"), size=(130, 36)),
    Scene("inquiry", keys("3", "down", "enter"), size=(160, 36)),
    Scene("inquiry-small", keys("3", "enter", "G"), size=SMALL),
    Scene("inquiry-form", keys("3", "enter", "E"), size=SMALL),
    Scene("reminders", keys("6"), size=(150, 30)),
    Scene("reminders-small", keys("6", "down"), size=SMALL),
    Scene("reminder-form", _reminder, size=SMALL),
    Scene("noted", _noted),
    Scene("profile", profile, before=booked, size=(130, 36)),
    Scene("event", event, before=booked, size=SMALL),
    Scene("folios", bills.folios, before=bills.billed, size=(150, 24)),
    Scene("folio-split", bills.split, before=bills.billed, size=SMALL),
    Scene("reservation", stays.reservation, before=stays.booked, size=SMALL),
    Scene("departures", keys("7", "I", "down", "down"), size=(130, 24)),
    Scene("departures-small", keys("7", "down", "down", "down"), size=SMALL),
    Scene("payments", keys("8"), size=(130, 24)),
    Scene("reports", keys("g", "c"), size=(110, 24)),
    Scene("report-inquiries", keys("g", "c", "enter"), size=(110, 36)),
    Scene("report-payments", keys("g", "c", "down", "down", "down", "down", "down", "enter"), size=(130, 40)),
    Scene("tickets", work.board, before=work.shared_out, size=(150, 36)),
    Scene("tickets-small", keys("9"), before=work.shared_out, size=SMALL),
    Scene("tickets-give", work.give, before=work.shared_out, size=SMALL),
    Scene("figures", work.figures, before=work.shared_out, size=(130, 36)),
    Scene("routing-profile", work.profile, before=work.shared_out, size=SMALL),
    Scene("reservation-wide", stays.reservation_wide, before=stays.booked, size=(150, 40)),
    Scene("flight", stays.flight, before=stays.booked, size=SMALL),
    Scene("template-pick", _pick),
    Scene("template-editor", _template, size=(150, 36)),
    Scene("retention", keys("g", "k", "space", "down", "space"), before=silent, size=SMALL),
    Scene("erase", erase, size=(100, 30)),
    Scene("go-to", keys("2", "g"), size=SMALL),
    Scene("help", keys("2", "question_mark")),
    Scene("light", keys("2"), size=SMALL, theme="desk-light"),
    Scene("import", importing, size=(150, 30)),
    Scene("import-small", importing, size=SMALL),
    Scene("export", exporting, size=SMALL),
    Scene("payment", money.payment, before=booked, size=SMALL),
    Scene("schedule", money.schedule, before=booked, size=SMALL),
    Scene("terms", money.terms, before=booked, size=SMALL),
    Scene("statement", money.statement, before=booked, size=(110, 24)),
    Scene("working-time", keys("g", "W", "down", "down"), size=(110, 28)),
    Scene("working-time-small", keys("g", "W", "tab", "down", "E"), size=SMALL),
)
