"""Using a template: which to offer for a mail, and what it becomes for a guest (SPEC §5)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from crm_tui.base.errors import CrmError
from crm_tui.base.i18n import language as desk_language
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context
from crm_tui.desk.texts import templates
from crm_tui.desk.texts.template_faults import told
from crm_tui.desk.texts.template_variables import Scene, guests_language, values
from crm_tui.desk.texts.template_views import Offered, TemplateView, Written
from crm_tui.mail.text import display_text
from crm_tui.rules.template_checks import Fault
from crm_tui.rules.templating import Rendered, render

if TYPE_CHECKING:
    from sqlalchemy import Connection


def offered(ctx: Context, conversation: int | None = None, reservation: int | None = None) -> Offered:
    """The templates in use for a mail: those in the guest's language first, then the agent's, then the others."""
    with ctx.store.connect() as connection:
        about = _open(ctx, connection, conversation)
        language = guests_language(Scene(ctx, connection, about, reservation=reservation))
    order = list(dict.fromkeys(code for code in (language, ctx.actor.language, desk_language()) if code))
    found = [one for one in templates.listed(ctx) if one.category != "payment sms"]  # no text of a mail
    found.sort(key=lambda one: (order.index(one.language), "") if one.language in order else (len(order), one.language))
    return Offered(tuple(found), language)


def write(
    ctx: Context,
    template: TemplateView,
    conversation: int | None = None,
    *,
    name: str = "",
    address: str = "",
    reservation: int | None = None,
) -> Written:
    """What a template becomes for the guest of a conversation, or for a recipient. A wrong template is told, not raised.

    Args:
        reservation: what the letter is about; None: what the conversation is about, if anything.
    """
    about = (conversation, name, address, reservation)
    return _written(ctx, template.subject, template.body, template.language, *about)


def preview(
    ctx: Context,
    subject: str,
    body: str,
    language: str,
    conversation: int | None = None,
    reservation: int | None = None,
) -> Written:
    """What a text that is still being written would become: for a guest's conversation or reservation, else the sample's."""
    sample = conversation is None and reservation is None
    return _written(ctx, subject, body, language, conversation, reservation=reservation, sample=sample)


def _written(
    ctx: Context,
    subject: str,
    body: str,
    language: str,
    conversation: int | None,
    name: str = "",
    address: str = "",
    reservation: int | None = None,
    *,
    sample: bool = False,
) -> Written:
    with ctx.store.connect() as connection:
        about = _open(ctx, connection, conversation)
        given = values(Scene(ctx, connection, about, name, address, language, sample, reservation))
    try:
        head = render(subject, given, time.monotonic, "subject")
        text = render(body, given, time.monotonic, "body")
    except Fault as fault:
        problem: CrmError = told(fault)
        return Written(error=str(problem), line=fault.line, part=fault.part)
    return Written(display_text(head.text), display_text(text.text, multiline=True), _gaps(head, text))


def _open(ctx: Context, connection: Connection, conversation: int | None) -> int | None:
    """The conversation, or none if the actor may not see it: nothing of it comes into a text then."""
    if conversation is None or not scope.sees_conversation(connection, ctx.actor.scopes, conversation):
        return None
    return conversation


def _gaps(*parts: Rendered) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in parts for name in part.gaps))
