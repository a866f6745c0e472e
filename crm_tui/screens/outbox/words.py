"""What the states of the outbox mean, in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from textual.content import Content

from crm_tui.base.clock import Clock
from crm_tui.base.i18n import N_, _, ngettext
from crm_tui.desk.correspondence.sending_views import DraftView, OutboxView
from crm_tui.screens.outbox.notice import recipients_words, seconds_left
from crm_tui.widgets.times import age, moment, size

_LOOKS = {
    "queued": ("↗", "$text-accent", N_("queued")),
    "sending": ("↗", "$text-accent", N_("sending…")),
    "sent": ("✔", "$text-success", N_("sent")),
    "failed": ("✕", "$text-error", N_("failed")),
    "held": ("‖", "$text-warning", N_("held")),
    "uncertain": ("?", "$text-warning", N_("uncertain")),
    "recalled": ("↩", "dim", N_("taken back")),
}
"""Sign, colour and word of each state: none of them tells it alone."""

Parts = list[Content | str | tuple[str, str]]


def state_words(item: OutboxView, clock: Clock) -> str:
    """The state in a word or two, with the countdown while it can be taken back."""
    left = seconds_left(item, clock)
    if item.state == "queued" and left and not item.attempts:
        return ngettext("goes in {n} s", "goes in {n} s", left).format(n=left)
    if item.state == "queued" and left:
        return ngettext("again in {n} s", "again in {n} s", left).format(n=left)
    if item.state == "sent" and item.copy_state == "failed":
        return _("sent, no copy")
    return _(_LOOKS[item.state][2])


def outbox_row(item: OutboxView, clock: Clock, width: int) -> Content:
    """One line: sign, to whom, subject, state."""
    sign, colour, _word = _LOOKS[item.state]
    if item.state == "sent" and item.copy_state == "failed":
        sign, colour = "◐", "$text-warning"
    state = state_words(item, clock)
    who = max(16, min(32, width // 3))
    subject = max(10, width - who - 22)
    return Content.assemble(
        (f" {sign} ", f"bold {colour}"),
        Content(recipients_words(item)).truncate(who, ellipsis=True, pad=True),
        "  ",
        Content(item.subject or _("no subject")).truncate(subject, ellipsis=True, pad=True),
        " ",
        (f"{state:>14}", colour),
    )


def outbox_detail(item: OutboxView, now: datetime, zone: tzinfo) -> Content:
    """What happened, what was kept, what to do."""
    sign, colour, word = _LOOKS[item.state]
    if item.state == "sent" and item.copy_state == "failed":
        sign, colour, word = "◐", "$text-warning", N_("sent, but without its copy")
    parts: Parts = [(f"{sign} {_(word)}", f"bold {colour}"), (f"  {_('from')} {item.sender}", "dim"), "\n"]
    parts.append(
        _("To: {names}").format(names=", ".join(item.recipients[:6]) + ("…" if len(item.recipients) > 6 else ""))
    )
    parts += ["\n", *_explained(item, now, zone)]
    if item.state != "sent" and item.error:
        parts += ["\n", (_("The server said: "), "dim"), item.error]
    return Content.assemble(*parts)


def _explained(item: OutboxView, now: datetime, zone: tzinfo) -> Parts:
    if item.state == "queued":
        if item.attempts:
            tries = ngettext("{n} try failed", "{n} tries failed", item.attempts).format(n=item.attempts)
            return [_("{tries}; the next is by itself. y sends now, Enter takes it back.").format(tries=tries)]
        return [_("It goes out by itself. y sends it now, Enter takes it back.")]
    if item.state == "sending":
        return [_("It is being handed to the server; it can no longer be taken back.")]
    if item.state == "failed":
        return [_("It was not sent; nothing is lost. Enter edits it, y tries again, Del drops it.")]
    if item.state == "held":
        return [
            _("Something is new in the conversation: Enter shows it whole and asks, y sends it anyway."),
            *_news(item, now, zone),
        ]
    if item.state == "uncertain":
        return [
            _("The connection broke between the message's end and the server's answer: it may have arrived. "),
            _(
                "It is not sent again by itself. Look into Sent or ask the guest: u it arrived, y send it a second time."
            ),
        ]
    if item.copy_state == "failed":
        return [
            _("It was sent; only the copy in Sent could not be stored. y tries the copy again, never the message."),
            ("\n" + _("The server said: "), "dim"),
            item.copy_error,
        ]
    return [_("It was sent.")]


def _news(item: OutboxView, now: datetime, zone: tzinfo) -> Parts:
    parts: Parts = []
    for new in item.news:
        sign = "→" if new.direction == "out" else "←"
        parts += ["\n", (f"{sign} {new.who}", "bold"), (f"  {moment(new.at, now, zone)}  ", "dim"), new.preview]
    return parts


def draft_row(draft: DraftView, now: datetime, zone: tzinfo, width: int) -> Content:
    """One line: age, to whom, subject, first words."""
    kinds = {"reply": "↩", "reply_all": "↩", "forward": "→", "new": "✎"}
    who = max(16, min(30, width // 4))
    subject = max(12, min(40, width // 3))
    words = " ".join(own_words(draft.text).split())
    row = Content.assemble(
        (f" {kinds.get(draft.kind, '✎')} ", "bold $text-accent"),
        (f"{age(draft.updated_at, now, zone):>7}  ", "dim"),
        Content(draft.to or _("nobody yet")).truncate(who, ellipsis=True, pad=True),
        "  ",
        Content(draft.subject or _("no subject")).truncate(subject, ellipsis=True, pad=True),
        "  ",
        (words, "dim"),
    )
    return row.truncate(max(20, width - 2), ellipsis=True)


def draft_detail(draft: DraftView) -> Content:
    """Whom it goes to, its files, and how it begins."""
    parts: Parts = [(_("To: "), "dim"), draft.to or _("nobody yet"), (f"  {_('from')} {draft.sender}", "dim"), "\n"]
    if draft.files:
        files = ", ".join(f"{file.name} ({size(file.size)})" for file in draft.files)
        parts += [("⊕ " + files, ""), "\n"]
    text = own_words(draft.text).strip()
    parts.append("\n".join(text.splitlines()[:6]) or _("No words of yours yet."))
    return Content.assemble(*parts)


def own_words(text: str) -> str:
    """The text without the signature and the quote at its end."""
    from crm_tui.screens.compose.editor import split_quote

    own = split_quote(text)[0]
    return own.split("\n-- \n", 1)[0]


def summary(items: Sequence[OutboxView]) -> str:
    """How many there are, and how many need somebody."""
    count = ngettext("{n} message", "{n} messages", len(items)).format(n=len(items))
    needing = sum(1 for item in items if item.state in ("failed", "held", "uncertain") or item.copy_state == "failed")
    if not needing:
        return count
    return count + " · " + ngettext("{n} needs you", "{n} need you", needing).format(n=needing)
