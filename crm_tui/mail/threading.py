"""What makes messages one conversation: Message-IDs and relay addresses (SPEC §2); subjects: :mod:`crm_tui.rules.subjects`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crm_tui.mail.headers import text_of
from crm_tui.mail.text import display_text

MAX_REFERENCES = 200
MAX_ID = 500
MANY = 10
"""A mail to more people than this is a mailing: its receivers are no participants of one conversation."""

_ID = re.compile(r"<([^<>]+)>")
# The relays through which booking sites pass a guest's mail on; each address stands for one counterpart.
_RELAYS = (
    "guest.booking.com",
    "property.booking.com",
    "mchat.booking.com",
    "guest.airbnb.com",
    "reply.airbnb.com",
    "host.airbnb.com",
    "m.expediapartnercentral.com",
    "messages.expediapartnercentral.com",
    "guest.expedia.com",
    "reply.expedia.com",
    "messages.homeaway.com",
    "messages.vrbo.com",
    "reply.vrbo.com",
    "guest.vrbo.com",
    "guest.hotels.com",
    "reply.hotels.com",
    "guest.agoda.com",
    "guest-messages.agoda.com",
    "messages.tripadvisor.com",
    "reply.hostelworld.com",
    "guest.hostelworld.com",
    "guest.trip.com",
    "reply.holidu.com",
)


def message_ids(raw: bytes) -> tuple[str, ...]:
    """The Message-IDs of a References or In-Reply-To header, in order, once each, without angle brackets."""
    text = text_of(raw)
    found = _ID.findall(text) or [word for word in text.split() if "@" in word]
    clean = dict.fromkeys(display_text(one).replace(" ", "")[:MAX_ID] for one in found)
    return tuple(one for one in clean if one)[-MAX_REFERENCES:]


def relay_key(address: str) -> str:
    """The counterpart that a booking site's relay address stands for, or an empty string for other addresses.

    Aliases of one relay mailbox (``+`` suffixes) are one key.
    """
    local, at, domain = address.strip().casefold().rpartition("@")
    if not at or not local:
        return ""
    for relay in _RELAYS:
        if domain == relay or domain.endswith("." + relay):
            return f"{local.partition('+')[0] or local}@{relay}"
    return ""


def counterpart_key(address: str) -> str:
    """What tells one counterpart from another: the relay's key, or the address in lower case."""
    return relay_key(address) or address.strip().casefold().replace(" ", "")


def written_to(to: Sequence[str], cc: Sequence[str], bcc: Sequence[str]) -> tuple[str, ...]:
    """Keys of the people whom a mail makes participants of its conversation.

    Those of To and Cc see each other; those of Bcc do not, and belong to it only where there is a single one. More than
    :data:`MANY` are a mailing, which makes nobody a participant.
    """
    open_ones = [*to, *cc]
    if len(open_ones) > MANY:
        return ()
    return tuple(dict.fromkeys(counterpart_key(one) for one in (*open_ones, *(bcc if len(bcc) == 1 else ())) if one))


def company(key: str) -> str:
    """The domain that colleagues of one firm share; empty for public mail services and booking sites' relays."""
    domain = key.rpartition("@")[2]
    if not domain or "@" not in key or relay_key(key):
        return ""
    return "" if domain in _PUBLIC or any(domain.startswith(name) for name in _PUBLIC_NAMES) else domain


# Where strangers share a domain. A service that is missing here only lets its users answer within each other's threads.
_SERVICES = (
    "aol.com att.net bbox.fr bellsouth.net bigpond.com bk.ru bluewin.ch btinternet.com btopenworld.com centrum.cz"
    " charter.net club-internet.fr comcast.net cox.net duck.com earthlink.net email.cz email.it fastmail.com fastmail.fm"
    " free.fr freenet.de freemail.hu gazeta.pl googlemail.com home.nl home.pl icloud.com iinet.net.au inbox.com inbox.lv inbox.ru"
    " inwind.it interia.eu interia.pl juno.com kpnmail.nl laposte.net libero.it list.ru live.com mac.com mail.com mail.de"
    " mail.ee mail.ru me.com msn.com mundo-r.com naver.com neuf.fr ntlworld.com numericable.fr o2.pl onet.eu onet.pl"
    " online.de onlinehome.de ono.com op.pl optonline.net orange.es orange.fr planet.nl pm.me posteo.de proton.me"
    " protonmail.ch protonmail.com pt.lu qq.com rambler.ru rocketmail.com rogers.com sapo.pt sbcglobal.net seznam.cz"
    " sfr.fr shaw.ca skynet.be sky.com sympatico.ca t-online.de t-online.hu talktalk.net telefonica.net telenet.be"
    " telia.com tele2.nl terra.com terra.es tin.it tiscali.co.uk tiscali.it tlen.pl tuta.com tuta.io tutanota.com ukr.net"
    " upcmail.nl verizon.net vip.onet.pl virgilio.it virgin.net virginmedia.com voila.fr vodafone.it vp.pl wanadoo.es"
    " wanadoo.fr wanadoo.nl web.de wp.pl xs4all.nl xtra.co.nz yandex.com yandex.ru ymail.com ziggo.nl zoho.com zonnet.nl"
    " 126.com 163.com arcor.de hetnet.nl poczta.fm poczta.onet.pl aliceadsl.fr alice.it hispeed.ch euskalnet.net"
    " abv.bg daum.net hanmail.net chello.nl chello.at aon.at"
)
_PUBLIC = frozenset(_SERVICES.split())
_PUBLIC_NAMES = (
    "gmail.",
    "gmx.",
    "hotmail.",
    "outlook.",
    "yahoo.",
    "live.",
    "msn.",
    "mail.",
    "email.",
    "users.",
    "free.",
)
