"""What is being written, as a value. No widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crm_tui.desk.correspondence.sending_views import DraftFile, DraftView, OutboxView


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail being written: the stored draft's identity, and what the person wrote (addresses as typed)."""

    draft: int = 0
    version: int = 0
    conversation: int | None = None
    account: int | None = None
    to: str = ""
    cc: str = ""
    bcc: str = ""
    subject: str = ""
    text: str = ""
    files: tuple[DraftFile, ...] = ()
    reservation: int | None = None

    def words(self) -> tuple[object, ...]:
        """What a save would write."""
        return (self.account, self.to, self.cc, self.bcc, self.subject, self.text)

    def changes(self, since: Letter) -> dict[str, object]:
        """The fields that differ from ``since``, as ``desk.drafts.save`` takes them."""
        now = {"to": self.to, "cc": self.cc, "bcc": self.bcc, "subject": self.subject, "text": self.text}
        changed: dict[str, object] = {name: value for name, value in now.items() if value != getattr(since, name)}
        if self.account != since.account:
            changed["account_id"] = self.account
        return changed

    def saying(self, other: Letter) -> Letter:
        """This draft as stored, with the words of ``other``."""
        return replace(
            self,
            account=other.account,
            to=other.to,
            cc=other.cc,
            bcc=other.bcc,
            subject=other.subject,
            text=other.text,
        )


def letter_of(view: DraftView) -> Letter:
    """The stored draft."""
    return Letter(
        draft=view.id,
        version=view.version,
        conversation=view.conversation,
        account=view.account,
        to=view.to,
        cc=view.cc,
        bcc=view.bcc,
        subject=view.subject,
        text=view.text,
        files=tuple(view.files),
        reservation=view.reservation,
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """A draft with what the screen shows around it: the accounts it can go out from (id, address, signature)."""

    view: DraftView
    senders: Sequence[tuple[int, str, str]] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """It is in the outbox: queued, and can be called back for a while."""

    item: OutboxView
    after: str = "stay"
