"""Nobody is written the same twice, whatever mailings cross, and what was shown is what is sent (SPEC §6, QUALITY R1)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from crm_tui.base.clock import ShiftedClock
from crm_tui.base.errors import Conflict
from crm_tui.data.columns import columns
from crm_tui.data.store import open_store
from crm_tui.data.tables import MailingItem
from crm_tui.desk.correspondence.outbox_rows import set_values
from crm_tui.desk.groups import mailing_queue, mailings, packages
from crm_tui.desk.groups.mailing_views import Reason
from crm_tui.desk.texts import templates
from crm_tui.desk.upkeep import maintenance
from crm_tui.engine.lease import Lease
from tests.desk.mailings import guest, items, ready, template
from tests.engine.test_mailings import Hotel, hotel, run, until

__all__ = ["hotel"]


def _fail(hotel: Hotel, mailing: int) -> None:
    """What a server's refusal of everything leaves: the first mail failed, nobody's address was refused."""
    assert mailing_queue.queue_next(hotel.ctx, mailing, lambda _connection: True)
    item = columns(MailingItem)
    with hotel.ctx.write() as tx:
        query = select(item.outbox_id).where(item.mailing_id == mailing, item.outbox_id.is_not(None))
        set_values(tx, tx.connection.execute(query).scalar_one(), state="failed", error="554 try another time")


def test_what_failed_is_not_tried_again_where_another_mailing_reached_the_guest(hotel: Hotel) -> None:
    text, alba = template(hotel.ctx), hotel.guests[0]
    first = mailings.start(hotel.ctx, ready(hotel.ctx, [alba], text))
    _fail(hotel, first)
    mailings.start(hotel.ctx, ready(hotel.ctx, [alba], text))
    assert mailings.retry(hotel.ctx, first) == 0  # the other one is about to
    assert items(hotel.ctx, first)[alba] == ("left out", Reason.COMING)
    run(hotel.worker(), 4)
    assert hotel.taken() == {"alba@example.org": 1}


def test_what_failed_is_not_tried_again_after_another_mailing_was_sent(hotel: Hotel) -> None:
    text, alba = template(hotel.ctx), hotel.guests[0]
    first = mailings.start(hotel.ctx, ready(hotel.ctx, [alba], text))
    _fail(hotel, first)
    mailings.start(hotel.ctx, ready(hotel.ctx, [alba], text))
    run(hotel.worker(), 4)
    assert mailings.retry(hotel.ctx, first) == 0
    run(hotel.worker(), 4)
    assert items(hotel.ctx, first)[alba] == ("left out", Reason.HAD_IT)
    assert hotel.taken() == {"alba@example.org": 1}


def test_what_waits_is_not_queued_where_another_mailing_reached_the_guest(hotel: Hotel) -> None:
    text, alba = template(hotel.ctx), hotel.guests[0]
    first = mailings.start(hotel.ctx, ready(hotel.ctx, [alba], text))
    other = guest(hotel.ctx, "Gomez")
    second = mailings.start(hotel.ctx, ready(hotel.ctx, [other], text))
    item = columns(MailingItem)
    with hotel.ctx.write() as tx:  # as a merge leaves it: both mailings have the same guest now
        tx.connection.execute(
            MailingItem.__table__.update().where(item.mailing_id == second).values(guest_id=alba)  # type: ignore[attr-defined]
        )
    run(hotel.worker(), 6)
    assert sum(hotel.taken().values()) == 1
    assert {mailings.progress(hotel.ctx, one).state for one in (first, second)} == {"done"}


@pytest.mark.parametrize(
    "spellings", [("ana@münchen.de", "ana@xn--mnchen-3ya.de"), ("a@xn--mnchen-3ya.de", "A@MÜNCHEN.de")]
)
def test_two_spellings_of_a_domain_are_one_mailbox(hotel: Hotel, spellings: tuple[str, str]) -> None:
    both = [guest(hotel.ctx, f"Guest{place}", email=address) for place, address in enumerate(spellings)]
    text = template(hotel.ctx)
    shown = ready(hotel.ctx, both, text)
    assert [one.reason.partition(":")[0] for one in shown.left_out] == [Reason.SAME_ADDRESS]
    mailings.start(hotel.ctx, shown)
    run(hotel.worker(), 6)
    assert list(hotel.taken().values()) == [1]
    late = guest(hotel.ctx, "Late", email=spellings[1])
    assert [one.reason for one in ready(hotel.ctx, [late], text).left_out] == [Reason.HAD_IT]


def test_what_was_shown_is_what_is_sent(hotel: Hotel) -> None:
    text = template(hotel.ctx, body="First text")
    shown = ready(hotel.ctx, hotel.guests[:1], text)
    templates.change(hotel.ctx, text, templates.get(hotel.ctx, text).version, body="Second text")
    assert "First text" in mailings.letter_for(hotel.ctx, shown, hotel.guests[0]).text
    mailings.start(hotel.ctx, shown)
    run(hotel.worker(), 4)
    (mail,) = hotel.mails()
    assert "First text" in str(mail.get_payload(0))


def test_again_never_writes_to_who_is_about_to_get_it(hotel: Hotel) -> None:
    text = template(hotel.ctx)
    first = mailings.start(hotel.ctx, ready(hotel.ctx, hotel.guests, text))
    run(hotel.worker(), 2)
    mailings.pause(hotel.ctx, first)
    had = mailings.progress(hotel.ctx, first).sent
    shown = ready(hotel.ctx, hotel.guests, text, again=True)
    assert (len(shown.ready), shown.had) == (had, had)
    assert {one.reason for one in shown.left_out} == {Reason.COMING}
    mailings.start(hotel.ctx, shown)
    run(hotel.worker(), 10)
    mailings.resume(hotel.ctx, first)
    run(hotel.worker(), 10)
    assert sorted(hotel.taken().values()) == [1] * (6 - had) + [2] * had


def test_again_started_by_two_desks_goes_to_each_once(hotel: Hotel) -> None:
    text = template(hotel.ctx)
    mailings.start(hotel.ctx, ready(hotel.ctx, hotel.guests, text))
    run(hotel.worker(), 8)
    package = packages.create(hotel.ctx, "All", ids=hotel.guests)
    both = [mailings.prepare(hotel.ctx, package, text, again=True) for _desk in range(2)]
    mailings.start(hotel.ctx, both[0])
    with pytest.raises(Conflict):
        mailings.start(hotel.ctx, both[1])


def test_a_backup_of_a_mailing_under_way_sends_nothing_twice_once_restored(hotel: Hotel, tmp_path: Path) -> None:
    text = template(hotel.ctx)
    number = mailings.start(hotel.ctx, ready(hotel.ctx, hotel.guests, text))
    run(hotel.worker(), 2)
    sent = mailings.progress(hotel.ctx, number).sent
    assert 0 < sent < 6
    copy = tmp_path / "copy.db"
    maintenance.backup(hotel.ctx, copy)
    run(hotel.worker(), 8)  # the old store goes on to the end
    assert sum(hotel.taken().values()) == 6
    path = hotel.ctx.store.path
    assert path is not None
    hotel.ctx.store.close()
    maintenance.restore(copy, path, hotel.ctx.clock.now(), replace=True)
    with closing(sqlite3.connect(path)) as store:
        told = store.execute("select state, reason, count(*) from mailing_item group by 1, 2 order by 1").fetchall()
        states = store.execute("select state from mailing").fetchall()
    assert told == [("failed", Reason.UNCERTAIN, 6 - sent), ("sent", "", sent)]
    assert states == [("stopped",)]
    later = ShiftedClock(hotel.ctx.clock.now() + timedelta(hours=2))  # the lease in the backup is over by then
    hotel.ctx = replace(hotel.ctx, store=open_store(f"sqlite:///{path}"), clock=later)
    hotel.lease = Lease(hotel.ctx)
    until(hotel.lease.tick)
    run(hotel.worker(), 8)
    shown = ready(hotel.ctx, hotel.guests, text)
    assert not shown.ready
    with pytest.raises(Conflict):
        mailings.retry(hotel.ctx, number)
    assert max(hotel.taken().values()) == 1
