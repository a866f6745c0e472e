"""``move``, ``assign``, ``snooze``, ``star``, ``answered``, ``split``, ``merge``: triage from the command line (SPEC §3, §15).

The same commands as the screen's keys, with the same permissions and the same journal. What they changed is printed: with
``--json`` the conversations as they are now, one object a line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from crm_tui.base.i18n import _, ngettext
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.records import conversation_record
from crm_tui.cli.times import moment, zone_of
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

NOBODY = ("nobody", "-")
"""Words for no agent."""

Command = Callable[["Context"], object]


def move(run: Invocation) -> int:
    """Put conversations into a folder."""
    from crm_tui import desk

    options = run.options
    folder = _folder(options.folder)
    return _do(run, options.ids, lambda ctx: desk.triage.move(ctx, options.ids, folder), _("In {folder}: {count}."))


def assign(run: Invocation) -> int:
    """Give conversations to an agent or to nobody."""
    from crm_tui import desk

    options = run.options
    agent = "" if options.to.casefold() in (*NOBODY, _("nobody").casefold()) else options.to
    return _do(run, options.ids, lambda ctx: desk.triage.assign(ctx, options.ids, agent), _("Assigned: {count}."))


def snooze(run: Invocation) -> int:
    """Put conversations to sleep, or wake them."""
    from crm_tui import desk
    from crm_tui.desk.conversations.snooze_words import understood

    options = run.options
    if options.wake:
        return _do(run, options.ids, lambda ctx: desk.snoozing.unsnooze(ctx, options.ids), _("Awake: {count}."))
    if options.again:
        return _do(run, options.ids, lambda ctx: _snooze_again(ctx, options.ids), _("Snoozed: {count}."))

    def work(ctx: Context) -> object:
        until: datetime | None = None
        if not options.reply:
            until = understood(" ".join(options.until), run.clock.now(), desk.snoozing.zone(ctx))
        return desk.snoozing.snooze(ctx, options.ids, until=until)

    return _do(run, options.ids, work, _("Snoozed: {count}."))


def _snooze_again(ctx: Context, ids: Sequence[int]) -> int:
    from crm_tui import desk
    from crm_tui.base.errors import InvalidInput

    try:
        return desk.snoozing.snooze_again(ctx, ids)
    except InvalidInput as error:  # its hint names a key of the desk
        raise InvalidInput(error.message, _("Say until when with --until, or --reply."), error.field) from None


def star(run: Invocation) -> int:
    """Star conversations, or take the star away."""
    from crm_tui import desk

    options = run.options
    yes = not options.off
    words = _("Starred: {count}.") if yes else _("No star any more: {count}.")
    return _do(run, options.ids, lambda ctx: desk.triage.star(ctx, options.ids, starred=yes), words)


def answered(run: Invocation) -> int:
    """No answer is needed (any more)."""
    from crm_tui import desk

    ids = run.options.ids
    return _do(run, ids, lambda ctx: desk.triage.no_answer_needed(ctx, ids), _("No answer needed: {count}."))


def split(run: Invocation) -> int:
    """Make messages of a conversation a conversation of their own."""
    from crm_tui import desk

    options = run.options
    made: list[int] = [options.id]

    def work(ctx: Context) -> object:
        made.append(desk.splitting.split(ctx, options.id, options.messages))
        return len(options.messages)

    return _do(run, made, work, _("What is left, and the conversation that was split off:"))


def merge(run: Invocation) -> int:
    """Make conversations one."""
    from crm_tui import desk

    ids = run.options.ids
    made: list[int] = []

    def work(ctx: Context) -> object:
        made.append(desk.splitting.merge(ctx, ids))
        return len(ids)

    return _do(run, made, work, _("One conversation now: {count}."))


def _do(run: Invocation, ids: Sequence[int], command: Command, words: str) -> int:
    """Run a command and print the conversations as they are then; ``ids`` may be filled by the command."""
    from crm_tui import desk

    with run.desk() as ctx:
        zone = zone_of(ctx)
        changed = command(ctx)
        rows = [desk.reading.conversation(ctx, number).row for number in dict.fromkeys(ids)]
    if run.out.as_json:
        for row in rows:
            run.out.record(conversation_record(row))
        return 0
    count = int(str(changed))
    said = ngettext("{n} conversation", "{n} conversations", count).format(n=count)
    run.out.line(words.format(count=said, folder=rows[0].folder if rows else ""))
    titles = (_("ID"), _("Folder"), _("Until"), _("From"), _("Subject"), _("Agent"))
    cells = [
        [
            str(row.id),
            row.folder,
            moment(row.snoozed_until, zone) or (_("a reply") if row.snoozed else ""),
            row.counterpart.label,
            ("* " if row.starred else "") + row.subject,
            row.assignee,
        ]
        for row in rows
    ]
    run.out.table(titles, cells, right=(0,))
    return 0


def _folder(name: str) -> str:
    from crm_tui.rules.vocabulary import Folder

    for folder in Folder:
        if folder.value.casefold() == name.casefold():
            return folder.value
    raise UsageError(
        _("There is no folder called {name}.").format(name=name),
        _("Use one of: {names}.").format(names=", ".join(Folder)),
    )
