"""Mail lands in the store once, wherever and however often it is found (SPEC §2)."""

from __future__ import annotations

from crm_tui.desk import folders, reading
from crm_tui.desk.context import Context
from crm_tui.desk.views import ListQuery
from tests.building import NOON, make_mail, receive_mails


def test_a_mail_becomes_a_conversation_with_an_open_turn(ctx: Context, account_id: int, inbox_id: int) -> None:
    got = receive_mails(ctx, make_mail(message_id="a@x"), account_id=account_id, mailbox_id=inbox_id)
    page = folders.page(ctx, ListQuery("Inbox"))
    assert page.total == len(page.rows) == 1
    row = page.rows[0]
    assert (row.subject, row.counterpart.address, row.messages, row.unread) == ("Reserva", "ana@guests.example", 1, 1)
    assert row.waiting_since == NOON
    assert reading.message(ctx, got.message_ids[0]).text.startswith("Buenos días")
