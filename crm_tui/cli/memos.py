"""``memo``: an internal note on a conversation, an inquiry or a guest (SPEC §1: never sent, never quoted)."""

from __future__ import annotations

import sys

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.cli.inquiries import memo_record
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.usage import UsageError


def add(run: Invocation) -> int:
    """Write a memo."""
    from crm_tui import desk

    options = run.options
    words: list[str] = list(options.words)
    on = {name: getattr(options, name) for name in ("inquiry", "conversation", "guest")}
    on = {name: number for name, number in on.items() if number is not None}
    if not on and len(words) > 1 and words[0].isascii() and words[0].isdecimal():
        on = {"conversation": int(words.pop(0)[:15])}
    if len(on) != 1:
        raise UsageError(
            _("Say one thing that the memo is on."),
            _("Like: crm-tui memo CONVERSATION TEXT, or crm-tui memo --inquiry ID TEXT"),
        )
    with run.desk() as ctx:
        memo = desk.memos.get(ctx, desk.memos.add(ctx, text_of(words), **on))
    if run.out.as_json:
        run.out.record(memo_record(memo))
    else:
        run.out.line(_("Memo {number} is written.").format(number=memo.id))
    return 0


def text_of(words: list[str]) -> str:
    """The memo's text; ``-`` alone is standard input, kept as it comes but for the line end at its end.

    Raises:
        InvalidInput: standard input is no text.
    """
    if words != ["-"]:
        return " ".join(words)
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig").removesuffix("\n")
    except UnicodeDecodeError:
        raise InvalidInput(_("{path} is no UTF-8 text.").format(path="-"), _("Save it as UTF-8."), "text") from None
