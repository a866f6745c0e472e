"""A desk at work, by its own commands: mail comes in, agents take, open, answer, mark and hand on; timers run."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation, Message, Ticket
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import delivery
from crm_tui.desk.correspondence.mailbox import Batch, Incoming, receive
from crm_tui.desk.correspondence.prepare import prepare
from crm_tui.mail.smtp import Sent
from tests.desk.colleagues import colleague
from tests.desk.house import ADDRESS, add_account, come_in, mail, make_house
from tests.desk.sending import fence

_K = columns(Ticket)
_M = columns(Message)


class WorkingDesk:
    """Three desks on one store: a manager's and two agents'. The clock stands where :meth:`at` puts it."""

    def __init__(self, path: Path, now: datetime) -> None:
        self.clock = FixedClock(now)
        self.eva = make_house(path, clock=self.clock, agent="Eva")
        self.account = add_account(self.eva)
        self.ana, self.leo = colleague(self.eva, "Ana"), colleague(self.eva, "Leo")
        self._mails = 0

    def at(self, instant: datetime) -> None:
        """The clock stands there."""
        self.clock.instant = instant

    def wait(self, **time: float) -> None:
        """The clock goes on."""
        self.clock.advance(timedelta(**time))

    def arrives(self, *, after: int = 0, automatic: bool = False) -> int:
        """A guest's mail, written now; ``after``: in this conversation. Returns the conversation."""
        self._mails += 1
        now = self.clock.now().replace(microsecond=0)
        more = {"In_Reply_To": f"<{self._id_in(after)}>"} if after else {}
        more |= {"Auto_Submitted": "auto-replied"} if automatic else {}
        sender = f"Guest <guest{after or self._mails}@example.org>"
        number = f"mail{self._mails}@example.org"
        subject = f"Room {after or self._mails}"
        raw = mail(message_id=number, date=now, sender=sender, subject=subject, **more)
        return self._conversation(come_in(self.eva, raw, account=self.account).message_ids[0])

    def found_in_sent(self, conversation: int) -> None:
        """A colleague answered from another program."""
        self._mails += 1
        now = self.clock.now().replace(microsecond=0)
        reply_to = self._id_in(conversation)
        raw = mail(
            message_id=f"own{self._mails}@hotel.example",
            date=now,
            sender=f"Hotel <{ADDRESS}>",
            to="guest@example.org",
            In_Reply_To=f"<{reply_to}>",
        )
        receive(self.eva, Batch([Incoming(prepare(raw))], account_id=self.account, sent=True))

    def replies(self, who: Context, conversation: int) -> None:
        """An agent's reply, written, queued and accepted by the server eleven seconds later."""
        with who.store.connect() as connection:
            query = select(_M.id).where(_M.conversation_id == conversation, _M.direction == "in")
            source = connection.execute(query.order_by(_M.id.desc()).limit(1)).scalar_one()
        draft = desk.replies.start(who, "reply", source)
        desk.drafts.save(who, draft.id, draft.version, text="Yes, we have.")
        kept = desk.drafts.get(who, draft.id)
        item = desk.outbox.queue(who, kept.id, kept.version, after_send="stay", despite_news=True)
        self.wait(seconds=11)
        work = delivery.job(self.eva, item.id)
        assert work is not None
        assert delivery.begin(self.eva, work, 7, fence)
        delivery.settle(self.eva, work, 7, Sent("250"))

    def ticket(self, conversation: int) -> int:
        """The open ticket of a conversation."""
        with self.eva.store.connect() as connection:
            mine = (_K.conversation_id == conversation, _K.done_at.is_(None), ~_K.gone)
            return int(connection.execute(select(_K.id).where(*mine)).scalar_one())

    def _conversation(self, message: int) -> int:
        with self.eva.store.connect() as connection:
            query = select(_M.conversation_id).where(_M.id == message)
            return int(connection.execute(query).scalar_one())

    def _id_in(self, conversation: int) -> str:
        with self.eva.store.connect() as connection:
            query = select(_M.message_id).where(_M.conversation_id == conversation, _M.direction == "in")
            return str(connection.execute(query.order_by(_M.id.desc()).limit(1)).scalar_one())

    def talks(self) -> int:
        """How many conversations there are."""
        with self.eva.store.connect() as connection:
            return int(connection.execute(select(func.count()).select_from(Conversation)).scalar_one())

    def close(self) -> None:
        """The store is closed."""
        self.eva.store.close()
