"""Erasing a person: nothing of them stays in any file, everything that counts does (SPEC §6)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crm_tui import desk
from crm_tui.base.errors import Conflict, Forbidden, NotFound
from crm_tui.data import forgetting
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
from crm_tui.desk import erasing, maintenance, undo
from crm_tui.desk.context import Context
from crm_tui.desk.erasing_views import KINDS, lines
from tests.desk.colleagues import colleague
from tests.desk.erasable import Known, everything, furnish, holding, own_rows
from tests.desk.house import add_account


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
    assert [finding for finding in maintenance.check(ctx) if not finding.ok] == []


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
    desk.history.of_inquiry(ctx, known.inquiry)
    desk.history.of_conversation(ctx, known.conversation)
    assert desk.search.search(ctx, "brzeczykowska") == []


def test_the_report_says_what_went_and_nothing_of_the_person(ctx: Context, known: Known) -> None:
    seen = erasing.preview(ctx, known.guest)
    assert seen.name == "Żaneta Brzęczykowska"
    assert seen.warnings == ("1 inquiry is still open.",)
    report = erasing.erase(ctx, known.guest, "asked by mail")
    for kind, number in seen.report.counts.items():
        assert report.counts[kind] == number, kind
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
    undo.undo(ctx)
    assert desk.guests.get(ctx, known.other).city == ""
    while True:
        try:
            undo.undo(ctx)
        except undo.NothingToUndo:
            break
        except undo.Refused as error:
            assert "Brz" not in error.message
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
    assert [finding for finding in maintenance.check(ctx) if not finding.ok] == []
