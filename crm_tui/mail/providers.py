"""Known mail providers: a domain fills in hosts, ports and what kind of secret is asked for (SPEC §2).

Values are those the providers publish for mail programs. Nothing is looked up over the network.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from crm_tui.base.i18n import N_


class Security(StrEnum):
    """How a connection is protected; ``none`` is for loopback only."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


IMAP_PORTS = {Security.TLS: 993, Security.STARTTLS: 143, Security.NONE: 143}
SMTP_PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}

APP_PASSWORD = N_("This provider wants an app password, made in its security settings, in place of your own.")
XOAUTH2 = N_("This provider accepts no passwords: use a token command (XOAUTH2).")
ENABLE_IMAP = N_("Switch on access for mail programs (IMAP) in the settings of the mailbox first.")


@dataclass(frozen=True, slots=True)
class Provider:
    """Where a provider's mail is read and sent.

    Attributes:
        name: as people know it.
        hint: what the agent must do first, untranslated (``N_``); empty if nothing.
        files_sent: the provider puts sent mail into Sent by itself.
        token: only XOAUTH2 is accepted.
    """

    name: str
    imap_host: str
    smtp_host: str
    imap_port: int = 993
    imap_security: Security = Security.TLS
    smtp_port: int = 465
    smtp_security: Security = Security.TLS
    hint: str = ""
    files_sent: bool = False
    token: bool = False


def _starttls(
    name: str, imap: str, smtp: str, *, hint: str = "", files_sent: bool = False, token: bool = False
) -> Provider:
    return Provider(
        name,
        imap,
        smtp,
        smtp_port=587,
        smtp_security=Security.STARTTLS,
        hint=hint,
        files_sent=files_sent,
        token=token,
    )


PROVIDERS: tuple[tuple[str, Provider], ...] = (
    (
        "gmail.com googlemail.com",
        Provider("Gmail", "imap.gmail.com", "smtp.gmail.com", hint=APP_PASSWORD, files_sent=True),
    ),
    (
        "outlook.com outlook.es outlook.fr outlook.pl hotmail.com hotmail.es hotmail.fr live.com live.fr msn.com",
        _starttls(
            "Outlook.com",
            "outlook.office365.com",
            "smtp-mail.outlook.com",
            hint=XOAUTH2,
            files_sent=True,
            token=True,
        ),
    ),
    (
        "office365.com onmicrosoft.com",
        _starttls(
            "Microsoft 365", "outlook.office365.com", "smtp.office365.com", hint=XOAUTH2, files_sent=True, token=True
        ),
    ),
    (
        "yahoo.com yahoo.es yahoo.fr yahoo.pl yahoo.co.uk ymail.com rocketmail.com",
        Provider("Yahoo", "imap.mail.yahoo.com", "smtp.mail.yahoo.com", hint=APP_PASSWORD),
    ),
    ("aol.com", Provider("AOL", "imap.aol.com", "smtp.aol.com", hint=APP_PASSWORD)),
    (
        "icloud.com me.com mac.com",
        _starttls("iCloud", "imap.mail.me.com", "smtp.mail.me.com", hint=APP_PASSWORD),
    ),
    ("gmx.de gmx.at gmx.ch gmx.net", Provider("GMX", "imap.gmx.net", "mail.gmx.net", hint=ENABLE_IMAP)),
    ("gmx.com gmx.es gmx.fr gmx.co.uk", Provider("GMX", "imap.gmx.com", "mail.gmx.com", hint=ENABLE_IMAP)),
    ("web.de", _starttls("WEB.DE", "imap.web.de", "smtp.web.de", hint=ENABLE_IMAP)),
    ("t-online.de magenta.de", Provider("T-Online", "secureimap.t-online.de", "securesmtp.t-online.de")),
    ("freenet.de", Provider("freenet", "mx.freenet.de", "mx.freenet.de")),
    ("posteo.de posteo.net", Provider("Posteo", "posteo.de", "posteo.de")),
    ("mailbox.org", Provider("mailbox.org", "imap.mailbox.org", "smtp.mailbox.org")),
    ("ovh.net ovh.com", Provider("OVH", "ssl0.ovh.net", "ssl0.ovh.net")),
    ("orange.fr wanadoo.fr", Provider("Orange", "imap.orange.fr", "smtp.orange.fr")),
    ("free.fr", Provider("Free", "imap.free.fr", "smtp.free.fr")),
    ("laposte.net", Provider("La Poste", "imap.laposte.net", "smtp.laposte.net", hint=ENABLE_IMAP)),
    ("sfr.fr neuf.fr", Provider("SFR", "imap.sfr.fr", "smtp.sfr.fr")),
    ("bbox.fr", Provider("Bouygues", "imap4.bbox.fr", "smtp.bbox.fr")),
    ("gandi.net", Provider("Gandi", "mail.gandi.net", "mail.gandi.net")),
    ("wp.pl", Provider("WP Poczta", "imap.wp.pl", "smtp.wp.pl", hint=ENABLE_IMAP)),
    ("o2.pl tlen.pl go2.pl", Provider("o2 Poczta", "poczta.o2.pl", "poczta.o2.pl", hint=ENABLE_IMAP)),
    (
        "onet.pl onet.eu op.pl vp.pl poczta.onet.pl autograf.pl buziaczek.pl amorki.pl",
        Provider("Onet", "imap.poczta.onet.pl", "smtp.poczta.onet.pl", hint=ENABLE_IMAP),
    ),
    (
        "interia.pl interia.eu interia.com poczta.fm intmail.pl",
        Provider("Interia", "poczta.interia.pl", "poczta.interia.pl", hint=ENABLE_IMAP),
    ),
    ("gazeta.pl", Provider("Gazeta.pl", "imap.gazeta.pl", "smtp.gazeta.pl", hint=ENABLE_IMAP)),
    ("home.pl", Provider("home.pl", "poczta.home.pl", "poczta.home.pl")),
    ("nazwa.pl", Provider("nazwa.pl", "imap.nazwa.pl", "smtp.nazwa.pl")),
    ("ionos.com ionos.de ionos.co.uk", Provider("IONOS", "imap.ionos.com", "smtp.ionos.com")),
    ("ionos.es", Provider("IONOS", "imap.ionos.es", "smtp.ionos.es")),
    ("ionos.fr", Provider("IONOS", "imap.ionos.fr", "smtp.ionos.fr")),
    ("zoho.com zohomail.com", Provider("Zoho", "imap.zoho.com", "smtp.zoho.com", hint=ENABLE_IMAP)),
    ("zoho.eu zohomail.eu", Provider("Zoho", "imap.zoho.eu", "smtp.zoho.eu", hint=ENABLE_IMAP)),
    (
        "fastmail.com fastmail.fm fastmail.es",
        Provider("Fastmail", "imap.fastmail.com", "smtp.fastmail.com", hint=APP_PASSWORD),
    ),
    ("arsys.es", Provider("Arsys", "imap.serviciodecorreo.es", "smtp.serviciodecorreo.es")),
    (
        "movistar.es telefonica.net",
        Provider("Movistar", "imap.movistar.es", "smtp.movistar.es"),
    ),
    ("hostinger.com", Provider("Hostinger", "imap.hostinger.com", "smtp.hostinger.com")),
    ("yandex.com yandex.ru", Provider("Yandex", "imap.yandex.com", "smtp.yandex.com", hint=APP_PASSWORD)),
    ("seznam.cz", Provider("Seznam", "imap.seznam.cz", "smtp.seznam.cz")),
    ("libero.it", Provider("Libero", "imapmail.libero.it", "smtp.libero.it")),
    ("migadu.com", Provider("Migadu", "imap.migadu.com", "smtp.migadu.com")),
)

_BY_DOMAIN = {domain: provider for domains, provider in PROVIDERS for domain in domains.split()}


def provider_for(address: str) -> Provider | None:
    """The preset for the domain of an address (or a bare domain), else None."""
    domain = address.rpartition("@")[2].strip().strip(".").casefold()
    if domain.endswith(".onmicrosoft.com"):
        domain = "onmicrosoft.com"
    return _BY_DOMAIN.get(domain)


def guess_for(address: str) -> Provider:
    """The preset, or for an unknown domain the names that most hosts use (``imap.`` and ``smtp.`` before the domain)."""
    domain = address.rpartition("@")[2].strip().strip(".").casefold()
    return provider_for(address) or Provider(domain, f"imap.{domain}", f"smtp.{domain}")


def files_sent(smtp_host: str) -> bool:
    """Whether what is handed in at this host is put into Sent by the provider itself; also for customers' own domains."""
    host = smtp_host.strip().casefold()
    return any(item.files_sent and item.smtp_host == host for _domains, item in PROVIDERS)
