"""The mail that is no ordinary conversation: newsletters, booking portals, out-of-office, bounces, orders, spam."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crm_tui.demo import phrases
from crm_tui.demo.attachments import invitation
from crm_tui.demo.conversations import HOTEL, INBOX, SEEN, SENT, SampleConversation, SampleMail, message_id, values
from crm_tui.demo.mime import Draft, build
from crm_tui.demo.people import HOTEL_ADDRESS, HOTEL_DOMAIN, HOTEL_ZONE, ascii_name, person

Special = Callable[[str, datetime, random.Random], SampleConversation]


def _one(
    key: str,
    when: datetime,
    sender: tuple[str, str],
    subject: str,
    text: str,
    *,
    folder: str = "Done",
    html: str = "",
    headers: dict[str, str] | None = None,
    calendar: str = "",
) -> SampleConversation:
    """A conversation of a single received mail."""
    domain = sender[1].partition("@")[2]
    draft = Draft(
        sender=sender,
        to=[HOTEL],
        subject=subject,
        text=text,
        date=when.astimezone(ZoneInfo(HOTEL_ZONE)),
        message_id=message_id(key, 0, domain),
        html=html,
        headers=headers or {},
        calendar=calendar,
    )
    mail = SampleMail(INBOX, when, (SEEN,), draft.message_id, build(draft))
    return SampleConversation(folder=folder, language="en", guest=sender[1], mails=[mail])


_NEWS = (
    (
        "Hotelería Hoy",
        "boletin@hoteleria-hoy.example",
        "[Boletín] Cinco ideas para llenar la temporada baja",
        "Lo que leen los recepcionistas esta semana: desayunos de temporada, estancias largas y cómo explicar la tasa.",
    ),
    (
        "Palma Convention Bureau",
        "news@palma-convention.example",
        "[News] Congress calendar and spring fairs",
        "Three fairs and eleven congresses come to Palma this spring. Here is who still needs rooms.",
    ),
    (
        "Turystyka Biznes",
        "redakcja@turystyka-biznes.example",
        "Polacy na Majorce: raport sezonu",
        "Liczba rezerwacji z Polski wzrosła o 14 procent. Co to oznacza dla recepcji?",
    ),
    (
        "La Lettre du Voyage",
        "lettre@voyage-pro.example",
        "La lettre : nouvelles liaisons aériennes vers Palma",
        "Deux compagnies ouvrent des lignes depuis Nantes et Lille. Le calendrier complet, mois par mois.",
    ),
)


def newsletter(key: str, when: datetime, rng: random.Random) -> SampleConversation:
    """A list mail with an unsubscribe header and an HTML body full of table layout."""
    name, address, subject, text = rng.choice(_NEWS)
    html = (
        '<html><body><table width="600"><tr><td bgcolor="#003355"><h1>' + name + "</h1></td></tr>"
        f'<tr><td><p>{text}</p><p><a href="https://{address.partition("@")[2]}/{rng.randrange(10**6)}">+</a></p>'
        '<img src="https://track.example/open.gif" width="1" height="1" alt=""></td></tr>'
        '<tr><td><div style="display:none">preheader</div><small>© ' + name + "</small></td></tr></table></body></html>"
    )
    headers = {
        "List-Unsubscribe": f"<mailto:unsubscribe@{address.partition('@')[2]}>",
        "List-Id": f"<news.{address.partition('@')[2]}>",
        "Precedence": "bulk",
    }
    return _one(key, when, (name, address), subject, text + "\n", html=html, headers=headers)


def portal(key: str, when: datetime, rng: random.Random) -> SampleConversation:
    """A booking portal's notice from a no-reply address, with the booking as an HTML table."""
    guest = person(rng.choice(("es", "pl", "fr", "en")), rng)
    stay = values(guest, when, rng)
    number = rng.randrange(10**9, 10**10)
    facts = (
        ("Guest", guest.name),
        ("Arrival", stay["arrive"]),
        ("Departure", stay["leave"]),
        ("Nights", stay["nights"]),
        ("Room", "Double, sea view, breakfast"),
        ("Total", f"EUR {stay['total']}.00"),
        ("Commission", f"EUR {int(stay['total']) * 15 // 100}.00"),
    )
    text = "\n".join(f"{name}: {value}" for name, value in facts)
    rows = "".join(f"<tr><th align=left>{name}</th><td>{value}</td></tr>" for name, value in facts)
    html = f"<html><body><h2>New booking {number}</h2><table border=1>{rows}</table></body></html>"
    sender = ("Stayfinder Partner", "no-reply@stayfinder.example")
    subject = f"New booking! {number}, {guest.name}, {stay['arrive']}"
    return _one(key, when, sender, subject, text + "\n", html=html, folder="Booked")


_RELAYED = {
    "es": "Hola, ¿se puede dejar el equipaje en recepción antes de las 15:00? Llegamos el {arrive} por la mañana.",
    "pl": "Dzień dobry, czy można zostawić bagaże przed 15:00? Przyjeżdżamy {arrive} rano.",
    "fr": "Bonjour, peut-on déposer les bagages avant 15 h ? Nous arrivons le {arrive} dans la matinée.",
    "en": "Hi, can we leave our bags before 3 pm? We arrive on {arrive} in the morning.",
}


def relay(key: str, when: datetime, rng: random.Random) -> SampleConversation:
    """A guest's question relayed by a portal under a masked address."""
    guest = person(rng.choice(tuple(_RELAYED)), rng)
    stay = values(guest, when, rng)
    text = _RELAYED[guest.language].format(**stay)
    sender = (
        f"{guest.first} via Stayfinder",
        f"{ascii_name(guest.first)[:1]}{rng.randrange(10**6)}@guest.stayfinder.example",
    )
    notice = "\n\n--\nReply to this mail to answer the guest. Never share card data by mail."
    result = _one(
        key, when, sender, f"Message from {guest.name} about booking {stay['ref']}", text + notice, folder="Inquiries"
    )
    result.language = guest.language
    return result


def order(key: str, when: datetime, rng: random.Random) -> SampleConversation:
    """A supplier's order confirmation with an HTML table."""
    items = (
        ("Bath towel 70×140", 4.9),
        ("Sheet, king", 11.2),
        ("Slippers, pair", 0.8),
        ("Soap 20 g, box of 500", 62.0),
    )
    rows, total = "", 0.0
    for name, price in items:
        count = rng.randrange(2, 60)
        total += count * price
        rows += f"<tr><td>{name}</td><td align=right>{count}</td><td align=right>{count * price:.2f} €</td></tr>"
    number = rng.randrange(10000, 99999)
    html = (
        f"<html><body><p>Order {number} is on its way.</p><table><tr><th>Item</th><th>Quantity</th><th>Amount</th></tr>"
        f"{rows}<tr><td><b>Total</b></td><td></td><td align=right><b>{total:.2f} €</b></td></tr></table></body></html>"
    )
    sender = ("Lavandería Balear", "pedidos@lavanderia-balear.example")
    result = _one(key, when, sender, f"Order confirmation {number}", f"Order {number}: {total:.2f} €\n", html=html)
    result.no_answer = True
    return result


_AWAY = {
    "es": ("Respuesta automática: fuera de la oficina", "Estoy de vacaciones hasta el {day}. Contestaré a mi regreso."),
    "pl": ("Autoodpowiedź: jestem na urlopie", "Jestem na urlopie do {day}. Odpowiem po powrocie."),
    "fr": ("Réponse automatique : absence", "Je suis en congé jusqu'au {day} et vous répondrai à mon retour."),
    "en": ("Automatic reply: out of office", "I am away until {day} and will answer when I am back."),
}


def out_of_office(key: str, when: datetime, rng: random.Random) -> SampleConversation:
    """The hotel wrote; a machine answered (RFC 3834)."""
    guest = person(rng.choice(tuple(_AWAY)), rng)
    subject, text = _AWAY[guest.language]
    asked = _asked(key, when - timedelta(minutes=2), (guest.name, guest.address), guest.language, rng)
    away = Draft(
        sender=(guest.name, guest.address),
        to=[HOTEL],
        subject=subject,
        text=text.format(day=phrases.day(guest.language, (when + timedelta(days=9)).date())) + "\n",
        date=when.astimezone(ZoneInfo(HOTEL_ZONE)),
        message_id=message_id(key, 1, guest.address.partition("@")[2]),
        in_reply_to=asked.message_id,
        headers={"Auto-Submitted": "auto-replied", "X-Autoreply": "yes", "Precedence": "bulk"},
    )
    mails = [asked, SampleMail(INBOX, when, (SEEN,), away.message_id, build(away))]
    return SampleConversation("Waitlist", guest.language, guest.address, mails)


_ASKED = {
    "es": ("Su estancia en el Hotel Miramar", "¿A qué hora tienen previsto llegar? Así les dejamos la mesa preparada."),
    "pl": ("Pobyt w Hotelu Miramar", "O której godzinie planują Państwo przyjazd? Przygotujemy stolik na kolację."),
    "fr": ("Votre séjour à l'Hôtel Miramar", "À quelle heure pensez-vous arriver ? Nous préparerons votre table."),
    "en": ("Your stay at Hotel Miramar", "At what time do you expect to arrive? We will have your table ready."),
}


def _asked(key: str, when: datetime, to: tuple[str, str], language: str, rng: random.Random) -> SampleMail:
    subject, text = _ASKED[language]
    draft = Draft(
        sender=HOTEL,
        to=[to],
        subject=f"{subject} – MIR-{rng.randrange(1000, 9999)}",
        text=f"{text}\n\n-- \n{phrases.SIGNATURE}\n",
        date=when.astimezone(ZoneInfo(HOTEL_ZONE)),
        message_id=message_id(key, 0, HOTEL_DOMAIN),
    )
    return SampleMail(SENT, when, (SEEN,), draft.message_id, build(draft))


def bounce(key: str, when: datetime, rng: random.Random) -> SampleConversation:
    """The hotel wrote to an address that does not exist; the delivery report came back (RFC 3464)."""
    guest = person(rng.choice(("es", "pl", "fr", "en")), rng)
    wrong = guest.address.replace("@", "x@")
    asked = _asked(key, when - timedelta(minutes=1), (guest.name, wrong), guest.language, rng)
    raw = delivery_report(asked.raw, wrong, when, message_id(key, 1, HOTEL_DOMAIN))
    mails = [asked, SampleMail(INBOX, when, (SEEN,), message_id(key, 1, HOTEL_DOMAIN), raw)]
    return SampleConversation("Done", guest.language, wrong, mails)


def delivery_report(original: bytes, recipient: str, when: datetime, key: str) -> bytes:
    """A delivery report for an unknown recipient, with the original's header (RFC 3462, 3464)."""
    head = original.split(b"\r\n\r\n", 1)[0]
    found = [line for line in head.split(b"\r\n") if line.lower().startswith(b"message-id:")]
    reference = found[0].partition(b":")[2].strip().decode("ascii", "replace") if found else ""
    stamp = f"{when.astimezone(ZoneInfo(HOTEL_ZONE)):%a, %d %b %Y %H:%M:%S %z}"
    rows = [
        f"From: Mail Delivery System <mailer-daemon@{HOTEL_DOMAIN}>",
        f"To: {HOTEL_ADDRESS}",
        "Subject: Undelivered Mail Returned to Sender",
        f"Date: {stamp}",
        f"Message-ID: <{key}>",
        *([f"In-Reply-To: {reference}", f"References: {reference}"] if reference else []),
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=_report"',
        "",
        "--=_report",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        f"Your message could not be delivered to <{recipient}>:",
        "550 5.1.1 No such mailbox here.",
        "",
        "--=_report",
        "Content-Type: message/delivery-status",
        "",
        f"Reporting-MTA: dns; mail.{HOTEL_DOMAIN}",
        "",
        f"Final-Recipient: rfc822; {recipient}",
        "Action: failed",
        "Status: 5.1.1",
        "Diagnostic-Code: smtp; 550 5.1.1 No such mailbox here",
        "",
        "--=_report",
        "Content-Type: text/rfc822-headers",
        "",
    ]
    return "\r\n".join(rows).encode("utf-8") + b"\r\n" + head + b"\r\n\r\n--=_report--\r\n"


def meeting(key: str, when: datetime, rng: random.Random) -> SampleConversation:
    """A calendar invitation (RFC 5546) from a partner."""
    start = (when + timedelta(days=rng.randrange(3, 20))).replace(hour=9, minute=30, second=0)
    organizer = ("Marta Coll", "marta.coll@palma-convention.example")
    summary = rng.choice(("Visita de inspección: congreso de primavera", "Site inspection, spring congress"))
    place = "Hotel Miramar, Sala Tramuntana"
    calendar = invitation(summary, place, organizer[1], HOTEL_ADDRESS, start, message_id(key, 9, "palma.example"))
    text = f"{summary}\n{place}\n{start:%Y-%m-%d %H:%M} UTC\n"
    return _one(key, when, organizer, summary, text, calendar=calendar, folder="Inquiries")


def forwarded(key: str, when: datetime, rng: random.Random) -> SampleConversation:
    """A travel agency forwards a client's mail that was forwarded before."""
    language = rng.choice(("es", "pl", "fr", "en"))
    agent, client = person(language, rng), person(language, rng)
    stay = values(client, when, rng)
    subject, text = _ASKED[language][0], _RELAYED[language].format(**stay)
    inner = f"From: {client.name} <{client.address}>\nSubject: {subject}\n\n{text}\n"
    middle = f"---------- Forwarded message ----------\nFrom: {agent.company} <{agent.address}>\n\n" + inner
    hello = phrases.GUEST_HELLO[language][0]
    body = f"{hello}\n\n{client.name}: {stay['arrive']}, {stay['nights']}?\n\n{agent.name}\n{agent.company}\n\n"
    quoted = "---------- Forwarded message ----------\n" + middle
    prefix = phrases.FORWARD[language]
    sender = (agent.name, agent.address)
    result = _one(key, when, sender, f"{prefix}{prefix}{subject}", body + quoted, folder="Inquiries")
    result.language = language
    return result


_SPAM = (
    ("Your hotel deserves the first place on every search", "SEO Experts", "growth@top-ranking-now.example"),
    ("URGENT: mailbox quota exceeded, verify your password", HOTEL_ADDRESS, "security@mailbox-quota.example"),
    ("Wygrałeś voucher na 5000 zł!!!", "Centrum Nagród", "nagrody@voucher-centrum.example"),
    ("Facture impayée – dernier rappel", "Service Recouvrement", "compta@recouvrement-rapide.example"),
    ("Oferta única: bases de datos de hoteles", "Bases Pro", "ventas@bases-pro.example"),
)


def spam(key: str, when: datetime, rng: random.Random) -> SampleConversation:
    """Unwanted mail; one kind shows the hotel's own address as its name."""
    subject, name, address = rng.choice(_SPAM)
    link = f"http://{rng.randrange(10**6)}.{address.partition('@')[2]}/login"
    html = f'<html><body><p>{subject}</p><p><a href="{link}">https://{HOTEL_DOMAIN}/</a></p></body></html>'
    result = _one(key, when, (name, address), subject, f"{subject}\n{link}\n", html=html, folder="Spam")
    result.no_answer = True
    return result


# how many of 300 conversations
SHARES: tuple[tuple[Special, int], ...] = (
    (newsletter, 8),
    (portal, 9),
    (relay, 3),
    (order, 3),
    (out_of_office, 4),
    (bounce, 3),
    (meeting, 1),
    (forwarded, 2),
    (spam, 9),
)

# these wait for an answer, so they are recent
WAITING: tuple[Special, ...] = (relay, meeting, forwarded)
