"""How payment reminders look in lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from crm_tui.base.i18n import _, language
from crm_tui.desk.common.words import said
from crm_tui.desk.watchlists.notice_views import CHANNEL_WORDS, STATES, NoticeView, PlannedNotice, StopView
from crm_tui.rules.money import Money
from crm_tui.rules.vocabulary import NoticeState
from crm_tui.screens.base import Shell
from crm_tui.widgets.cells import fit
from crm_tui.widgets.days import day
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import age

SIGNS: Mapping[str, Part] = {
    NoticeState.QUEUED: ("▶", "accent"),
    NoticeState.SENDING: ("▶", "accent"),
    NoticeState.SENT: ("✔", "good"),
    NoticeState.FAILED: ("✕", "bad"),
    NoticeState.UNCERTAIN: ("?", "warn"),
    NoticeState.DROPPED: ("–", "muted"),
}


def signs() -> list[tuple[str, str]]:
    """What the signs mean, for the help."""
    states = [(SIGNS[state][0], said(STATES, state)) for state in SIGNS if state != NoticeState.SENDING]
    return [("✓", _("would be sent")), ("–", _("would not be sent")), ("!", _("overdue")), *states]


class NoticeRows:
    """Draws the rows of the three lists."""

    empty_text: Sequence[Part] = ()

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def empty(self) -> Sequence[Part]:
        """What an empty list says."""
        return self.empty_text

    def parts(self, row: PlannedNotice | NoticeView | StopView, width: int) -> list[Part]:
        """The pieces of a line."""
        if isinstance(row, PlannedNotice):
            return self._planned(row, width)
        if isinstance(row, NoticeView):
            return self._sent(row, width)
        return self._stop(row, width)

    def _planned(self, row: PlannedNotice, width: int) -> list[Part]:
        code, name, rest = _columns(width, 13 + 9 + 6 + 4)
        goes = not row.reason
        look = "strong" if goes else "muted"
        told = row.address if goes else row.words
        return [
            (" ✓" if goes else " –", "good" if goes else "warn"),
            ("!" if row.overdue else " ", "bad"),
            (" ", ""),
            (fit(row.code, code - 1) + " ", look),
            (fit(row.name, name - 1) + " ", look),
            (fit(self._money(row.amount), 12, right=True) + " ", "accent" if goes else "muted"),
            (fit(day(row.due, self._today), 8) + " ", "bad" if row.overdue and goes else "muted"),
            (fit(_channel(row.channel), 5) + " ", "muted"),
            (fit(told, rest), "" if goes else "warn"),
        ]

    def _sent(self, row: NoticeView, width: int) -> list[Part]:
        shell = self._shell
        code, name, rest = _columns(width, 13 + 9 + 6 + 3)
        sign, look = SIGNS[row.state]
        when = age(row.sent_at or row.created_at, shell.clock.now(), shell.zone, shell.settings.spell_days)
        by = row.agent or _("by itself")
        told = f"{by} · {row.address}" if row.state == NoticeState.SENT else row.error or said(STATES, row.state)
        return [
            (f" {sign} ", look),
            (fit(row.code, code - 1) + " ", "strong"),
            (fit(row.name, name - 1) + " ", ""),
            (fit(self._money(row.amount), 12, right=True) + " ", "accent"),
            (fit(when, 8) + " ", "muted"),
            (fit(_channel(row.channel), 5) + " ", "muted"),
            (fit(told, rest), "" if row.state == NoticeState.SENT else look),
        ]

    def _stop(self, row: StopView, width: int) -> list[Part]:
        shell = self._shell
        when = age(row.at, shell.clock.now(), shell.zone, shell.settings.spell_days)
        name = max(16, (width - 30) // 2)
        rest = width - name - 30
        why = _("mail came back") if row.reason == "bounce" else _("opted out")
        return [
            (" – ", "warn"),
            (fit(row.name or row.address, name - 1) + " ", "strong"),
            (fit(row.address or _("everywhere"), rest - 1) + " ", ""),
            (fit(why, 16) + " ", "warn"),
            (fit(when, 9) + " ", "muted"),
        ]

    @property
    def _today(self) -> date:
        return self._shell.clock.now().astimezone(self._shell.zone).date()

    def _money(self, money: Money) -> str:
        return money.written(language())


def _columns(width: int, fixed: int) -> tuple[int, int, int]:
    """Widths of code, name and the rest."""
    code = 10 if width < 100 else 14
    left = max(20, width - fixed - code)
    name = max(10, left * 2 // 5)
    return code, name, max(8, left - name)


def _channel(channel: str) -> str:
    return said(CHANNEL_WORDS, channel) if channel else ""
