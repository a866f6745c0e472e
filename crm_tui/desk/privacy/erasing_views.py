"""What erasures say on screens, on the command line and on paper: kinds and counts, never the person (SPEC §6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crm_tui.base.i18n import N_, _, ngettext

KINDS: Mapping[str, tuple[str, str]] = {
    "guests": (N_("{n} profile emptied"), N_("{n} profiles emptied")),
    "addresses": (N_("{n} mail address removed"), N_("{n} mail addresses removed")),
    "phones": (N_("{n} telephone number removed"), N_("{n} telephone numbers removed")),
    "attributes": (N_("{n} attribute taken off"), N_("{n} attributes taken off")),
    "packages": (N_("taken out of {n} package"), N_("taken out of {n} packages")),
    "contacts": (N_("{n} tie to a company removed"), N_("{n} ties to companies removed")),
    "consents": (N_("{n} word on consent removed: what remains is a no"),
                 N_("{n} words on consent removed: what remains is a no")),
    "conversations": (N_("{n} conversation emptied"), N_("{n} conversations emptied")),
    "shared": (N_("{n} conversation with other guests: the person's part"),
               N_("{n} conversations with other guests: the person's part")),
    "messages": (N_("{n} message emptied: text, headers, source"), N_("{n} messages emptied: text, headers, source")),
    "attachments": (N_("{n} file removed"), N_("{n} files removed")),
    "mentions": (N_("{n} message of others no longer names the person"),
                 N_("{n} messages of others no longer name the person")),
    "inquiries": (N_("{n} inquiry: wishes and words blacked out"), N_("{n} inquiries: wishes and words blacked out")),
    "reservations": (N_("{n} reservation: remarks blacked out"), N_("{n} reservations: remarks blacked out")),
    "payments": (N_("{n} payment: its note blacked out"), N_("{n} payments: their notes blacked out")),
    "folios": (N_("{n} folio: its name blacked out"), N_("{n} folios: their names blacked out")),
    "postings": (N_("{n} posting: its text blacked out"), N_("{n} postings: their texts blacked out")),
    "events": (N_("{n} event blacked out"), N_("{n} events blacked out")),
    "feedback": (N_("{n} complaint or compliment blacked out"), N_("{n} complaints and compliments blacked out")),
    "given": (N_("{n} cost of quality: its words blacked out"), N_("{n} costs of quality: their words blacked out")),
    "handovers": (N_("{n} line of a shift handover blacked out"), N_("{n} lines of shift handovers blacked out")),
    "memos": (N_("{n} memo blacked out"), N_("{n} memos blacked out")),
    "reminders": (N_("{n} reminder blacked out"), N_("{n} reminders blacked out")),
    "internal": (N_("{n} internal message blacked out"), N_("{n} internal messages blacked out")),
    "drafts": (N_("{n} draft dropped"), N_("{n} drafts dropped")),
    "draft_files": (N_("{n} file of a draft removed"), N_("{n} files of drafts removed")),
    "unsent": (N_("{n} message that had not gone out given up"), N_("{n} messages that had not gone out given up")),
    "called_back": (N_("{n} message to others that named the person called back: a draft again"),
                    N_("{n} messages to others that named the person called back: drafts again")),
    "sent": (N_("{n} sent message in the outbox emptied"), N_("{n} sent messages in the outbox emptied")),
    "mailings": (N_("{n} place in a mailing emptied"), N_("{n} places in mailings emptied")),
    "notices": (N_("{n} payment reminder blacked out"), N_("{n} payment reminders blacked out")),
    "files": (N_("{n} file in mail of others no longer names the person"),
              N_("{n} files in mail of others no longer name the person")),
    "places": (N_("{n} place where the surname stood alone blacked out"),
               N_("{n} places where the surname stood alone blacked out")),
    "strays": (N_("{n} other text no longer names the person"), N_("{n} other texts no longer name the person")),
    "journal": (N_("{n} entry of the journal blacked out"), N_("{n} entries of the journal blacked out")),
}  # fmt: skip
"""What is erased, in the order in which it is told; one and many."""


THINGS: Mapping[str, str] = {
    "message": N_("mail"),
    "memo": N_("memo"),
    "event": N_("event"),
    "feedback": N_("complaint or compliment"),
    "quality_cost": N_("cost of quality"),
    "handover_line": N_("line of a handover"),
    "reminder": N_("reminder"),
    "internal_message": N_("internal message"),
    "inquiry": N_("inquiry"),
    "reservation": N_("reservation"),
    "payment": N_("payment"),
    "folio": N_("folio"),
    "posting": N_("posting"),
    "ticket": N_("ticket"),
    "schedule_line": N_("line of a schedule"),
    "payment_notice": N_("payment reminder"),
    "bank_line": N_("line of a statement"),
    "draft": N_("draft"),
    "draft_attachment": N_("file of a draft"),
    "saved_view": N_("saved search"),
    "guest": N_("guest"),
    "guest_email": N_("label of a mail address"),
    "guest_phone": N_("label of a telephone number"),
    "attribute": N_("attribute"),
    "mailing_item": N_("place in a mailing"),
    "import_mapping": N_("way of reading a file"),
    "consent": N_("consent"),
    "mailing": N_("mailing"),
    "package": N_("package"),
    "retention_rule": N_("rule of retention"),
    "journal": N_("entry of the journal"),
}
"""What holds a place, by the table of its row."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a surname stands alone in what is about others.

    Attributes:
        kind: of the thing that holds it (:data:`THINGS`), ``id`` its number.
        number: which one in that thing, from 1.
        sentence: around it, on one line; safe to show.
        linked: the thing is linked to the guest: the same conversation, inquiry, reservation or company.
        seen: tells whether the thing is as it was when it was shown.
    """

    kind: str
    id: int
    number: int
    sentence: str
    linked: bool
    seen: str = ""

    @property
    def key(self) -> str:
        """How a person names it: ``memo:12.1``."""
        return f"{self.kind}:{self.id}.{self.number}"

    @property
    def checked(self) -> str:
        """The same, refused where the thing has changed since."""
        return f"{self.key}~{self.seen}"


def thing_words(kind: str, number: int) -> str:
    """A thing by its kind and number: *memo 12*."""
    return _("{kind} {number}").format(kind=_(THINGS.get(kind, kind)), number=number)


@dataclass(frozen=True, slots=True)
class Report:
    """What an erasure removed, or would remove.

    Attributes:
        id: of the erasure; 0 for a preview.
        guest: the number that stays.
        counts: kind (:data:`KINDS`) to how many.
        left: conversations with an address that another guest has too; they were left, as nobody said whose they are.
        namesake: another guest is called the same, so the name alone was not looked for in what is about others.
        reason: what it was done for.
        swept: nothing of it is left in the file of the store; False while the desk is still at it.
        again: applied anew to a restored backup.
        common: a name is one name alone or made of ordinary short words, so it was not looked for in what is about others.
        places: things of others in which the surname was left standing alone: kind, number, how often.
        unread: files in mail of others that cannot be read; ``unread_linked`` of them in conversations linked to the guest.
    """

    id: int
    guest: int
    counts: Mapping[str, int]
    left: int = 0
    namesake: bool = False
    reason: str = ""
    at: datetime | None = None
    by: str = ""
    swept: bool = False
    again: bool = False
    common: bool = False
    places: tuple[tuple[str, int, int], ...] = ()
    unread: int = 0
    unread_linked: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """What erasing a guest would remove.

    Attributes:
        name: whom the question names, safe to show.
        also: names of those merged into the guest.
        seen: number and version of each profile that it is about: erasing refuses if they are others by then.
        warnings: what stands against it, as sentences: it can be done all the same.
        places: where the surname would be left standing alone in what is about others, linked things first.
    """

    name: str
    report: Report
    also: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    seen: tuple[tuple[int, int], ...] = ()
    places: tuple[Place, ...] = ()


def count_words(kind: str, number: int) -> str:
    """One line of a report."""
    one, many = KINDS[kind]
    return ngettext(one, many, number).format(n=number)


def lines(report: Report) -> list[str]:
    """What was or would be erased, a line a kind."""
    return [count_words(kind, report.counts[kind]) for kind in KINDS if report.counts.get(kind)]


MOST_NAMED = 40
"""Things that a sentence names; the record of the command line (``--json``) has all."""


def _places_words(places: Sequence[tuple[str, int, int]]) -> str:
    total = sum(times for _kind, _number, times in places)
    named = ", ".join(thing_words(kind, number) for kind, number, _times in places[:MOST_NAMED])
    more = len(places) - MOST_NAMED
    said = ngettext(
        "{n} place where the surname stands alone in what is about others, as you left it: {things}",
        "{n} places where the surname stands alone in what is about others, as you left them: {things}",
        total,
    ).format(n=total, things=named)
    return said + (" " + _("and {n} more").format(n=more) if more > 0 else "")


def kept(report: Report) -> list[str]:
    """What stays, and why."""
    said = [
        _("The number of the guest, so that counts, reservations and accounts still add up."),
        _("Dates, party, amounts, payments and status of inquiries and reservations: the accounts need them."),
        _("The journal's who, when and what was done, without its words: it cannot be deleted."),
        _(
            "Digests of the mails, from which nothing can be read: the next sync knows them by these, and leaves them out."
        ),
        _("Mail on the server: delete it there. Whoever writes anew arrives as an unknown sender."),
        _("Backups made before: restoring one erases the person again, as long as this store is there."),
    ]
    if report.left:
        said.append(
            ngettext(
                "{n} conversation with an address that another guest has too: say whose it is, or delete it by hand.",
                "{n} conversations with an address that another guest has too: say whose they are, or delete them by hand.",
                report.left,
            ).format(n=report.left)
        )
    if report.namesake:
        said.append(_("The name where it stands alone in what is about others: another guest is called the same."))
    if report.places:
        said.append(_places_words(report.places))
    if report.unread:
        unread = ngettext(
            "{n} PDF or office file in mail of others, {m} of it linked to the guest: nobody can look into it here.",
            "{n} PDF and office files in mail of others, {m} of them linked to the guest: nobody can look into them here.",
            report.unread,
        )
        said.append(unread.format(n=report.unread, m=report.unread_linked))
    if report.common:
        said.append(
            _(
                "The name in what is about others: one name alone, or ordinary short words, would black out what is not meant."
            )
        )
    return said
