"""Erasing a person: nothing of them stays in any file, everything that counts does (SPEC §6)."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from crm_tui import desk
from crm_tui.base.errors import Conflict, CrmError, Forbidden, NotFound
from crm_tui.data import forgetting
from crm_tui.data.store import open_store
from crm_tui.data.tables import (
    Consent,
    FolderCount,
    Guest,
    Inquiry,
    InquiryCount,
    InquiryGuest,
    Journal,
    Payment,
    Reservation,
    ReservationGuest,
    Turn,
)
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import delivery
from crm_tui.desk.correspondence.prepare import prepare
from crm_tui.desk.privacy import erasing
from crm_tui.desk.privacy.erasing_views import KINDS, lines
from crm_tui.desk.undoing import undo
from crm_tui.desk.upkeep import checking, maintenance
from crm_tui.mail.smtp import Sent
from tests.desk.colleagues import colleague
from tests.desk.erasable import Known, everything, furnish, holding, own_rows
from tests.desk.house import add_account, come_in, mail
from tests.desk.sending import fence, pass_undo


@pytest.fixture
def known(ctx: Context) -> Known:
    return furnish(ctx, add_account(ctx))


def test_nothing_of_the_person_is_left_in_any_file(ctx: Context, known: Known, tmp_path: Path) -> None:
    ctx.home.snapshot.write_text("Żaneta Brzęczykowska", encoding="utf-8")
    ctx.home.frame.write_text("Żaneta Brzęczykowska", encoding="utf-8")
    assert forgetting.empty_log(ctx.store)
    assert set(holding(ctx.home.data)) >= {"desk.db", "snapshot.json", "frame.json"}
    report = erasing.erase(ctx, known.guest, "asked for by Brzęczykowska")
    assert report.swept
    maintenance.backup(ctx, tmp_path / "copy.db")
    assert holding(ctx.home.data) == {}
    assert holding(tmp_path) == {}


def test_counts_amounts_and_order_stay(ctx: Context, known: Known) -> None:
    def facts() -> dict[str, Any]:
        plain = ("id", "status", "arrival", "departure", "adults", "nights", "budget", "closed_at", "handler_id")
        return {
            "folders": everything(ctx, FolderCount),
            "inquiry counts": everything(ctx, InquiryCount),
            "turns": everything(ctx, Turn),
            "guests of inquiries": everything(ctx, InquiryGuest),
            "guests of reservations": everything(ctx, ReservationGuest),
            "inquiries": [{name: row[name] for name in plain} for row in everything(ctx, Inquiry)],
            "reservations": [{name: row[name] for name in ("id", "code", "value", "arrival", "departure", "status")}
                             for row in everything(ctx, Reservation)],
            "payments": [{name: row[name] for name in ("id", "amount", "day", "method")} for row in everything(ctx, Payment)],
            "guests": len(everything(ctx, Guest)),
        }  # fmt: skip

    before, rows = facts(), everything(ctx, Journal)
    erasing.erase(ctx, known.guest, "on request")
    assert facts() == before
    after = everything(ctx, Journal)
    named = ("id", "at", "agent_id", "actor", "command", "entity", "entity_id", "action", "undoable")
    assert [[row[name] for name in named] for row in after[: len(rows)]] == [
        [row[name] for name in named] for row in rows
    ]
    assert [finding for finding in checking.check(ctx) if not finding.ok] == []


def test_the_other_guest_is_untouched(ctx: Context, known: Known) -> None:
    before = own_rows(ctx, known)
    erasing.erase(ctx, known.guest)
    assert own_rows(ctx, known) == before
    texts = [one.text for one in desk.reading.conversation(ctx, known.others_conversation).messages]
    assert texts[0].strip() == "A room for me. Marta"
    assert texts[1].startswith("My friend ▒")
    assert texts[1].strip().endswith("told me of you.")
    memo = desk.memos.listed(ctx, guest=known.other)[0].text
    assert memo.startswith("Knows ▒")
    assert memo.endswith(" well")


def test_what_is_left_can_be_looked_at(ctx: Context, known: Known) -> None:
    erasing.erase(ctx, known.guest)
    view = desk.reading.conversation(ctx, known.conversation)
    assert view.row.counterpart.name == f"erased guest #{known.guest}"
    assert [one.text.strip() for one in view.messages] == ["▒"] * 3
    assert desk.reading.source(ctx, known.message) == b""
    guest = desk.guests.get(ctx, known.guest)
    assert (guest.surname, guest.given, guest.emails, guest.phones) == (f"erased guest #{known.guest}", "", (), ())
    assert not any(one.given for one in guest.consents.values())
    assert [row["given"] for row in everything(ctx, Consent)] == [False]
    for entries in (
        desk.history.of_guest(ctx, known.guest),
        desk.history.of_inquiry(ctx, known.inquiry),
        desk.history.of_conversation(ctx, known.conversation),
    ):
        assert any("erased the person" in one.text for one in entries)
        assert not any("zykowska" in (one.whole or one.text) for one in entries)
    assert desk.search.search(ctx, "brzeczykowska") == []


def test_the_report_says_what_went_and_nothing_of_the_person(ctx: Context, known: Known) -> None:
    seen = erasing.preview(ctx, known.guest)
    assert seen.name == "Żaneta Brzęczykowska"
    assert seen.warnings == ("1 inquiry is still open.",)
    report = erasing.erase(ctx, known.guest, "asked by mail")
    for kind in set(seen.report.counts) | set(report.counts):
        assert report.counts.get(kind, 0) == seen.report.counts.get(kind, 0), kind
    assert report.counts["messages"] == 3
    assert report.counts["mentions"] == 1
    assert set(report.counts) <= set(KINDS)
    assert len(lines(report)) == sum(1 for number in report.counts.values() if number)
    assert erasing.listed(ctx)[0] == report
    assert (report.reason, report.by) == ("asked by mail", "Ana")


def test_only_a_manager_erases_and_only_once(ctx: Context, known: Known) -> None:
    leo = colleague(ctx, "Leo")
    for attempt in (erasing.preview, erasing.erase):
        with pytest.raises(Forbidden):
            attempt(leo, known.guest)
    with pytest.raises(NotFound):
        erasing.erase(ctx, 900_009)
    assert everything(ctx, Guest)[0]["erased_at"] is None
    erasing.erase(ctx, known.guest)
    with pytest.raises(Conflict):
        erasing.erase(ctx, known.guest)


def test_commands_about_the_person_are_not_taken_back(ctx: Context, known: Known) -> None:
    desk.guests.set(ctx, known.other, desk.guests.get(ctx, known.other).version, {"city": "Faro"})
    desk.guests.set(ctx, known.guest, desk.guests.get(ctx, known.guest).version, {"city": "Warszawa"})
    erasing.erase(ctx, known.guest)
    with pytest.raises(undo.Refused):
        undo.undo(ctx)
    undo.undo(ctx)
    assert desk.guests.get(ctx, known.other).city == ""
    while True:
        try:
            undo.undo(ctx)
        except undo.NothingToUndo:
            break
        except undo.Refused:
            continue
    assert desk.guests.get(ctx, known.guest).city == ""


def test_a_fault_in_the_middle_leaves_everything_as_it_was(
    ctx: Context, known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {model: everything(ctx, model) for model in (Guest, Journal, Inquiry, Reservation)}

    def fault(*_args: object) -> int:
        raise RuntimeError("cut")

    monkeypatch.setattr(erasing, "erase_journal", fault)
    with pytest.raises(RuntimeError):
        erasing.erase(ctx, known.guest)
    assert {model: everything(ctx, model) for model in before} == before
    assert erasing.listed(ctx) == []
    assert [finding for finding in checking.check(ctx) if not finding.ok] == []


def test_a_kill_in_the_middle_leaves_all_or_nothing(ctx: Context, known: Known) -> None:
    """A process that dies inside the transaction, before its commit, has erased nothing."""
    before = everything(ctx, Guest)
    path = ctx.store.path
    assert path is not None
    ctx.store.close()
    died = subprocess.run(
        [sys.executable, "-c", _DIES, str(path), str(known.guest)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    again = Context(open_store(f"sqlite:///{path}"), ctx.home, ctx.settings, ctx.clock, ctx.actor)
    try:
        assert everything(again, Guest) == before
        assert erasing.listed(again) == []
        assert [finding for finding in checking.check(again) if not finding.ok] == []
        assert erasing.erase(again, known.guest).swept
        assert holding(ctx.home.data) == {}
    finally:
        again.store.close()


_DIES = """
import os, signal, sys
from pathlib import Path
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.data.store import open_store
from crm_tui.desk import erasing
from crm_tui.desk.common.context import Context
path = Path(sys.argv[1])
ctx = Context(open_store(f"sqlite:///{path}"), home_at(path.parent), Settings())
erasing.erase_journal = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
erasing.erase(ctx, int(sys.argv[2]))
"""


def test_cleaning_that_was_cut_short_goes_on_with_the_next_backup(ctx: Context, known: Known, tmp_path: Path) -> None:
    report = erasing.erase(ctx, known.guest, sweep=False)
    assert not report.swept
    maintenance.backup(ctx, tmp_path / "copy.db")
    assert holding(tmp_path) == {}
    assert erasing.listed(ctx)[0].swept


def test_a_reader_of_an_older_state_only_delays_the_cleaning(ctx: Context, known: Known) -> None:
    with ctx.store.connect() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM guest").scalar_one()
        assert not erasing.erase(ctx, known.guest).swept
    assert erasing.forget(ctx)
    assert holding(ctx.home.data) == {}


def test_merged_profiles_go_with_the_guest(ctx: Context, known: Known) -> None:
    twin = desk.guests.create(ctx, {"surname": "Brzeczykowska-Nowa", "given": "Zaneta", "email": "zbn@praca.example"})
    desk.guest_merging.merge(ctx, known.guest, [twin], sure=True)
    assert erasing.preview(ctx, twin).also == ("Zaneta Brzeczykowska-Nowa",)
    with pytest.raises(Conflict):
        erasing.erase(ctx, twin)
    report = erasing.erase(ctx, twin, seen=erasing.preview(ctx, twin).seen)
    assert report.guest == known.guest
    assert report.counts["guests"] == 2
    assert holding(ctx.home.data, ("brzeczykowska-nowa", "zbn@praca", "zykowska")) == {}
    for merge in desk.guest_merging.merges_of(ctx, known.guest):
        with pytest.raises(CrmError):
            desk.guest_merging.unmerge(ctx, merge.id)


def test_mail_from_an_address_that_another_shares_is_left_and_told(ctx: Context, known: Known) -> None:
    wife = desk.guests.create(ctx, {"surname": "Couple", "given": "Ewa", "email": "couple@dom.example"})
    husband = desk.guests.create(ctx, {"surname": "Couple", "given": "Adam", "email": "couple@dom.example"})
    letters = [
        come_in(
            ctx,
            mail(sender=f"{who} Couple <couple@dom.example>", subject=who, message_id=f"{who}@d", text=f"I am {who}"),
        )
        for who in ("Ewa", "Adam")
    ]
    report = erasing.erase(ctx, husband)
    assert report.left == 2
    texts = [desk.reading.message(ctx, one.message_ids[0]).text.strip() for one in letters]
    assert texts == ["I am Ewa", "▒"]
    assert desk.guests.get(ctx, wife).emails == ("couple@dom.example",)


def test_a_message_that_is_being_sent_is_waited_for(ctx: Context, known: Known) -> None:
    draft = desk.replies.start(ctx, "reply", known.message)
    version = desk.drafts.save(ctx, draft.id, draft.version, text="One more")
    item = desk.outbox.queue(ctx, draft.id, version, despite_news=True)
    pass_undo(ctx)
    work = delivery.job(ctx, item.id)
    assert work is not None
    assert delivery.begin(ctx, work, 7, fence)
    with pytest.raises(Conflict):
        erasing.erase(ctx, known.guest)
    assert delivery.settle(ctx, work, 7, Sent("250")) == "sent"
    erasing.erase(ctx, known.guest)
    assert holding(ctx.home.data) == {}


def test_what_had_not_gone_out_is_given_up(ctx: Context, known: Known) -> None:
    draft = desk.replies.start(ctx, "reply", known.message)
    version = desk.drafts.save(ctx, draft.id, draft.version, text="One more, Brzęczykowska")
    item = desk.outbox.queue(ctx, draft.id, version, despite_news=True)
    report = erasing.erase(ctx, known.guest)
    assert report.counts["unsent"] == 1
    pass_undo(ctx)
    assert delivery.job(ctx, item.id) is None
    assert [one.id for one in desk.outbox.items(ctx)] == []
    assert [finding for finding in checking.check(ctx) if not finding.ok] == []


def test_what_was_indexed_of_a_large_mail_before_it_was_whole_is_forgotten(ctx: Context) -> None:
    """Its files were indexed under the names that the first, partial fetch gave them."""
    first = (
        b"From: Jan Kos <jan@poczta.example>\r\nTo: desk@hotel.example\r\nSubject: Scan\r\nMessage-ID: <k@x>\r\n"
        b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHere\r\n'
        b'--b\r\nContent-Type: text/plain; name="zwyklepartial.txt"\r\nContent-Disposition: attachment; '
        b'filename="zwyklepartial.txt"\r\n\r\nx\r\n--b--\r\n'
    )
    message = come_in(ctx, first).message_ids[0]
    desk.completing.complete(ctx, message, prepare(first.replace(b"zwyklepartial", b"whole")))
    guest = desk.guests.create(ctx, {"surname": "Kos", "email": "jan@poczta.example"})
    assert erasing.erase(ctx, guest).swept
    assert holding(ctx.home.data, ("zwyklepartial", "jan@poczta.example")) == {}
    with ctx.store.connect() as connection:
        connection.exec_driver_sql("CREATE VIRTUAL TABLE temp.v USING fts5vocab('main', 'message_search', 'row')")
        words = set(connection.exec_driver_sql("SELECT term FROM temp.v").scalars())
    assert words == {"erased", "guest", "1"}
    assert [finding for finding in checking.check(ctx) if not finding.ok] == []


def test_the_first_undo_after_an_erasure_says_that_it_stays(ctx: Context, known: Known) -> None:
    """An older command that has nothing to do with it is not taken back unasked."""
    desk.guests.create(ctx, {"surname": "Unrelated"})
    erasing.erase(ctx, known.guest)
    seen = undo.last(ctx)
    assert seen is not None
    assert "cannot be taken back" in seen.text
    with pytest.raises(undo.Refused) as refused:
        undo.undo(ctx)
    assert refused.value.message == "An erasure cannot be taken back."
    assert "Unrelated" in refused.value.hint
    assert "Unrelated" in undo.undo(ctx).text


def test_erasing_several_is_said_once(ctx: Context, known: Known) -> None:
    desk.guests.create(ctx, {"surname": "Unrelated"})
    more = desk.guests.create(ctx, {"surname": "Second"})
    erasing.erase_many(ctx, [known.guest, more])
    with pytest.raises(undo.Refused):
        undo.undo(ctx)
    assert "Unrelated" in undo.undo(ctx).text


def test_nobody_is_erased_who_was_not_shown(ctx: Context, known: Known) -> None:
    shown = erasing.preview(ctx, known.guest)
    keep = desk.guests.create(ctx, {"surname": "Keep"})
    desk.guest_merging.merge(ctx, keep, [known.guest], sure=True)
    for attempt in ({"seen": shown.seen}, {}):
        with pytest.raises(Conflict):
            erasing.erase(ctx, known.guest, "on request", **attempt)  # type: ignore[arg-type]
    assert desk.guests.get(ctx, keep).surname == "Keep"


def test_looking_changes_nothing(ctx: Context, known: Known) -> None:
    before = {model: everything(ctx, model) for model in (Guest, Journal, Inquiry, Reservation, FolderCount)}
    erasing.preview(ctx, known.guest)
    assert {model: everything(ctx, model) for model in before} == before
    assert erasing.listed(ctx) == []
