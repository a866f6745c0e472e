"""What was decided in a run, as values: which conversations were gone through, what became of each. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.common.views import ConversationRow

ANSWERED, INQUIRY, MOVED, SNOOZED, ASSIGNED, UNNEEDED, SKIPPED = (
    "answered",
    "inquiry",
    "moved",
    "snoozed",
    "assigned",
    "no answer",
    "skipped",
)


def decision(before: ConversationRow, after: ConversationRow | None) -> str:
    """What a command decided, by what it changes of the row; empty for one that leaves the conversation to be dealt with."""
    if after is None:
        return MOVED
    if after.snoozed_until != before.snoozed_until or after.snooze_for != before.snooze_for:
        return SNOOZED if after.snooze_for else MOVED
    if after.folder != before.folder:
        return MOVED
    if after.waiting_since is None and before.waiting_since is not None:
        return UNNEEDED
    return ASSIGNED if after.assignee != before.assignee else ""


class Tally:
    """The conversations of a run in the order they were shown, with what was decided; one was shown last or gone back to."""

    def __init__(self, total: int) -> None:
        self._first = total
        self.shown: list[ConversationRow] = []
        self.at = -1
        self.decided: dict[int, str] = {}

    @property
    def row(self) -> ConversationRow | None:
        """The conversation on the screen."""
        return self.shown[self.at] if 0 <= self.at < len(self.shown) else None

    @property
    def last(self) -> ConversationRow | None:
        """The newest conversation that was shown: where the run goes on."""
        return self.shown[-1] if self.shown else None

    @property
    def place(self) -> tuple[int, int]:
        """Which one of how many."""
        return self.at + 1, max(self._first, len(self.shown))

    def show(self, row: ConversationRow) -> None:
        """A further conversation is shown."""
        self.shown.append(row)
        self.at = len(self.shown) - 1

    def decide(self, conversation: int, what: str) -> None:
        """This became of it; what was decided before counts no more."""
        self.decided[conversation] = what

    def forget(self, conversation: int) -> bool:
        """A decision was taken back: its conversation is the one shown. False if it is not of this run."""
        places = [index for index, row in enumerate(self.shown) if row.id == conversation]
        if not places:
            return False
        self.decided.pop(conversation, None)
        self.at = places[-1]
        return True

    def summary(self) -> list[str]:
        """What was done, a sentence a kind; what was only looked at counts as skipped."""
        counts = Counter(self.decided.values())
        kinds: Sequence[tuple[str, str]] = [
            (ANSWERED, ngettext("{n} answered", "{n} answered", counts[ANSWERED])),
            (INQUIRY, ngettext("{n} inquiry made", "{n} inquiries made", counts[INQUIRY])),
            (MOVED, ngettext("{n} moved", "{n} moved", counts[MOVED])),
            (SNOOZED, ngettext("{n} snoozed", "{n} snoozed", counts[SNOOZED])),
            (ASSIGNED, ngettext("{n} assigned", "{n} assigned", counts[ASSIGNED])),
            (UNNEEDED, ngettext("{n} needed no answer", "{n} needed no answer", counts[UNNEEDED])),
            (SKIPPED, ngettext("{n} left for later", "{n} left for later", counts[SKIPPED])),
        ]
        found = [words.format(n=counts[kind]) for kind, words in kinds if counts[kind]]
        return found or [_("nothing decided")]
