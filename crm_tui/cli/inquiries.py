"""``inquiry`` and ``show inquiry`` (SPEC §15)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from crm_tui.base.errors import InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.cli.inquiry_options import FIELDS, GUEST_FIELDS, given
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.mail import limit_of
from crm_tui.cli.times import moment, zone_of
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from crm_tui.desk.common.context import Context
    from crm_tui.desk.requests.inquiry_views import InquiryRow, InquiryView, MemoView
    from crm_tui.rules.money import Money


def new(run: Invocation) -> int:
    """Take an inquiry down."""
    from crm_tui import desk

    options = run.options
    values, person = given(options, FIELDS), given(options, GUEST_FIELDS)
    if sum((bool(options.conversation), bool(options.guest), bool(person))) > 1:
        raise UsageError(_("Say one of: --from CONVERSATION, --guest ID, or a new guest with --surname."))
    if not options.conversation and not options.guest and "surname" not in person:
        raise UsageError(_("Whose inquiry is it?"), _("Say --from CONVERSATION, --guest ID, or --surname NAME."))
    with run.desk() as ctx, named_fields():
        if options.conversation:
            number = desk.inquiries.from_conversation(ctx, options.conversation, values)
        else:
            number = desk.inquiries.create(ctx, values, guest=options.guest or person)
        try:
            return _tell(run, ctx, number, _("Inquiry {number} is taken down: {title}."))
        except NotFound:
            return _tell_hidden(run, number, values.get("scope", ""))


def _tell_hidden(run: Invocation, number: int, who: str) -> int:
    """It is there, and was given to others alone."""
    if run.out.as_json:
        run.out.record({"id": number, "scope": who})
    else:
        run.out.line(_("Inquiry {number} is taken down, seen only by {who}.").format(number=number, who=who))
    return 0


def set_fields(run: Invocation) -> int:
    """Change fields of an inquiry."""
    from crm_tui import desk

    options = run.options
    values = given(options, FIELDS)
    for pair in options.values:
        name, sign, value = pair.partition("=")
        if not sign:
            raise UsageError(_("{text} is no FIELD=VALUE.").format(text=pair))
        values[name.strip().replace("-", "_")] = value
    if not values:
        raise UsageError(_("Nothing to change was named."), _("See: {name} --help").format(name="crm-tui inquiry set"))
    with run.desk() as ctx, named_fields():
        version = options.version or desk.inquiries.get(ctx, options.id).version
        changed = desk.inquiries.set(ctx, options.id, version, values)
        if run.out.as_json:
            run.out.record(record(changed))
        else:
            run.out.line(_("Inquiry {number} is changed.").format(number=changed.id))
        return 0


def accept(run: Invocation) -> int:
    """Take proposals over."""
    from crm_tui import desk

    with run.desk() as ctx:
        desk.inquiries.accept(ctx, run.options.id, run.options.fields or None)
        return _tell(run, ctx, run.options.id, _("Inquiry {number}: what was proposed is taken over."))


def reject(run: Invocation) -> int:
    """Drop proposals."""
    from crm_tui import desk

    with run.desk() as ctx:
        desk.inquiries.reject(ctx, run.options.id, run.options.fields or None)
        return _tell(run, ctx, run.options.id, _("Inquiry {number}: what was proposed is dropped."))


def link(run: Invocation) -> int:
    """Let conversations belong to an inquiry."""
    from crm_tui import desk

    with run.desk() as ctx:
        desk.inquiries.link(ctx, run.options.id, run.options.conversations)
        return _tell(run, ctx, run.options.id, _("Inquiry {number} has its conversations."))


def unlink(run: Invocation) -> int:
    """Take conversations out of an inquiry."""
    from crm_tui import desk

    with run.desk() as ctx:
        desk.inquiries.unlink(ctx, run.options.id, run.options.conversations)
        return _tell(run, ctx, run.options.id, _("Inquiry {number} has its conversations."))


def remove(run: Invocation) -> int:
    """Take out an inquiry that was made by mistake."""
    from crm_tui import desk

    with run.desk() as ctx:
        desk.inquiries.remove(ctx, run.options.id)
    if run.out.as_json:
        run.out.record({"id": run.options.id, "removed": True})
    else:
        run.out.line(_("Inquiry {number} is taken out; crm-tui undo takes that back.").format(number=run.options.id))
    return 0


def add_guest(run: Invocation) -> int:
    """Add a guest to an inquiry."""
    from crm_tui import desk

    options = run.options
    person = given(options, GUEST_FIELDS)
    if bool(options.guest) == bool(person):
        raise UsageError(_("Say the number of a guest, or a new one with --surname."))
    with run.desk() as ctx, named_fields():
        if options.guest:
            desk.inquiry_guests.add(ctx, options.id, options.guest)
        else:
            desk.inquiry_guests.add_new(ctx, options.id, person)
        return _tell(run, ctx, options.id, _("Inquiry {number} has its guests."))


def remove_guest(run: Invocation) -> int:
    """Take a guest out of an inquiry."""
    from crm_tui import desk

    with run.desk() as ctx:
        desk.inquiry_guests.remove(ctx, run.options.id, run.options.guest, run.options.holder)
        return _tell(run, ctx, run.options.id, _("Inquiry {number} has its guests."))


def set_holder(run: Invocation) -> int:
    """Make a guest the holder."""
    from crm_tui import desk

    with run.desk() as ctx:
        desk.inquiry_guests.set_holder(ctx, run.options.id, run.options.guest)
        return _tell(run, ctx, run.options.id, _("{title} is the holder of inquiry {number}."))


class named_fields:  # noqa: N801 -- used as a statement
    """Says at which option a wrong value stands, and what else is wrong."""

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        errors = getattr(error, "errors", None)
        if errors:
            first, *others = (f"{name.replace('_', '-')}: {text}" for name, text in errors.items())
            raise InvalidInput(first, " ".join(others), next(iter(errors))) from None


def list_inquiries(run: Invocation) -> int:
    """Print inquiries."""
    from crm_tui import desk
    from crm_tui.desk.common.words import said
    from crm_tui.desk.requests.inquiry_views import STATUSES, InquiryQuery

    options = run.options
    query = InquiryQuery(options.status or "open", options.handled_by)
    limit = limit_of(run)
    with run.desk() as ctx:
        if run.out.as_json:
            for row in _rows(ctx, query, limit):
                run.out.record(_row_record(row))
            return 0
        rows = list(_rows(ctx, query, limit))
        total = desk.inquiries.total(ctx, query)
    if not rows:
        run.out.line(_("There are no such inquiries."))
        return 0
    titles = (_("ID"), _("Planned end"), _("Status"), _("Guest"), _("Arrival"), _("Nights"), _("Guests"), _("Handler"))
    cells = [
        [
            row.id,
            row.planned_end or "",
            said(STATUSES, row.status),
            row.title,
            row.arrival or row.period_from or "",
            row.nights or "",
            _party(row),
            row.handler,
        ]
        for row in rows
    ]
    run.out.table(titles, cells, right=(0, 5))
    if total > len(rows):
        run.out.line(_("… and {count} more: --limit 0 shows all.").format(count=total - len(rows)), "dim")
    return 0


def _party(row: InquiryRow) -> str:
    return "+".join(str(count) for count in (row.adults, row.children) if count)


def _rows(ctx: Context, query: Any, limit: int) -> Iterator[InquiryRow]:
    from crm_tui import desk

    after = None
    while limit > 0:
        page = desk.inquiries.page(ctx, query, after=after, limit=min(limit, 500))
        if not page.rows:
            return
        yield from page.rows
        limit -= len(page.rows)
        after = page.rows[-1].cursor


def show(run: Invocation) -> int:
    """Print an inquiry with its guests, conversations and memos."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.inquiries.get(ctx, run.options.id)
        memos = desk.memos.listed(ctx, inquiry=found.id)
        zone = zone_of(ctx)
    if run.out.as_json:
        run.out.record(record(found) | {"memos": [memo_record(one) for one in memos]})
        return 0
    run.out.line(_("Inquiry {number} · {title}").format(number=found.id, title=found.title), "bold")
    _print_fields(run, found)
    for guest in found.guests:
        sign = f" ({_('holder')})" if guest.holder else ""
        parts = (f"{guest.id}", f"{guest.name}{sign}", guest.email, guest.phone)
        run.out.line(_("Guest: {what}").format(what=" · ".join(part for part in parts if part)))
    for talk in found.conversations:
        run.out.line(_("Conversation: {what}").format(what=f"{talk.id} · {talk.subject} · {talk.folder}"))
    print_memos(run, memos, zone)
    return 0


def _print_fields(run: Invocation, found: InquiryView) -> None:
    from crm_tui.desk.common.words import said
    from crm_tui.desk.requests.inquiry_views import FIELD_NAMES, STATUSES

    shown = record(found) | {"status": said(STATUSES, found.status), "children": _ages(found)}
    shown |= {"budget": found.budget or "", "price": found.price or ""}
    for name, title in FIELD_NAMES.items():
        value = shown[name]
        if value not in (None, "", []) and not name.endswith("_currency"):
            sign = _("  (proposed: “{words}”)").format(words=found.proposed[name]) if name in found.proposed else ""
            run.out.line(f"{_(title)}: {value}{sign}")


def _ages(found: InquiryView) -> str:
    return ", ".join("?" if age is None else str(age) for age in found.children)


def print_memos(run: Invocation, memos: list[MemoView], zone: ZoneInfo) -> None:
    """Memos below a thing, for people."""
    for memo in memos:
        run.out.line()
        run.out.line(
            _("Memo {number} · {who}, {when}").format(
                number=memo.id, who=memo.author, when=moment(memo.created_at, zone)
            ),
            "bold",
        )
        run.out.text(memo.text)


def _tell(run: Invocation, ctx: Context, number: int, words: str) -> int:
    from crm_tui import desk

    found = desk.inquiries.get(ctx, number)
    if run.out.as_json:
        run.out.record(record(found))
    else:
        run.out.line(words.format(number=found.id, title=found.title))
    return 0


def record(found: InquiryView) -> dict[str, Any]:
    """The JSON object of an inquiry; part of the contract."""
    names = ("id", "title", "status", "lost_reason", "planned_end", "channel", "arrival", "departure", "period_from")
    more = ("period_to", "nights", "adults", "room", "destination", "board", "airport", "preferences", "valid_until")
    last = ("created_at", "updated_at", "closed_at", "version")
    return {
        **{name: getattr(found, name) for name in names},
        "handler": found.handler or None,
        "scope": found.scope.word,
        **{name: getattr(found, name) for name in more},
        "children": list(found.children),
        **money("budget", found.budget),
        **money("price", found.price),
        "proposed": dict(found.proposed),
        "guests": [
            {
                "id": one.id,
                "name": one.name,
                "email": one.email or None,
                "phone": one.phone or None,
                "kind": one.kind,
                "holder": one.holder,
            }
            for one in found.guests
        ],
        "conversations": [one.id for one in found.conversations],
        "created_by": found.created_by or None,
        **{name: getattr(found, name) for name in last},
    }


def money(name: str, amount: Money | None) -> Mapping[str, str | None]:
    """An amount as a decimal string, with its currency beside it."""
    return {name: amount.decimal if amount else None, f"{name}_currency": amount.currency if amount else None}


def _row_record(row: InquiryRow) -> dict[str, Any]:
    left_out = {"cursor", "scope", "conversation", "unanswered", "handler"}
    return {
        **{name: value for name, value in row._asdict().items() if name not in left_out},
        "handler": row.handler or None,
        "conversation": row.conversation,
        "unanswered": row.unanswered,
    }


def memo_record(memo: MemoView) -> dict[str, Any]:
    """The JSON object of a memo."""
    names = ("id", "text", "author", "created_at", "edited_at", "inquiry", "conversation", "guest", "version")
    return {name: getattr(memo, name) for name in names}
