"""Rules of retention propose and never erase by themselves; who is still needed is never proposed (SPEC §6)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from crm_tui import desk
from crm_tui.base.errors import Forbidden, InvalidInput, NotFound
from crm_tui.data.columns import columns, new_id
from crm_tui.data.tables import Consent, Event, Mailing, MailingItem, Package, Payment, Reservation, ReservationGuest
from crm_tui.desk.common.context import Context
from crm_tui.desk.privacy import erasing, retention
from crm_tui.desk.privacy.retention import months_before, months_between
from crm_tui.desk.undoing import undo
from crm_tui.rules.guest_criteria import GuestCriteria
from tests.desk.asked import add_guest, add_inquiry, add_memo
from tests.desk.colleagues import colleague
from tests.desk.house import NOW, add_account, come_in, mail

LONG_AGO = NOW - timedelta(days=5 * 365)
A_YEAR_AGO = NOW - timedelta(days=365)


def silent(ctx: Context, surname: str, **values: Any) -> int:
    return add_guest(ctx, surname, created_at=LONG_AGO, updated_at=LONG_AGO, **values)


def book(ctx: Context, guest: int, **values: Any) -> int:
    with ctx.write() as tx:
        row = {"code": f"R{guest}", "created_at": LONG_AGO, "updated_at": LONG_AGO, "status": "completed"} | values
        number = new_id(tx.connection.execute(insert(Reservation).values(**row)))
        tx.connection.execute(insert(ReservationGuest).values(reservation_id=number, guest_id=guest, holder=True))
    return number


def pay(ctx: Context, reservation: int, amount: int, **values: Any) -> None:
    with ctx.write() as tx:
        row = {"reservation_id": reservation, "day": date(2021, 7, 1), "amount": amount, "created_at": LONG_AGO}
        tx.connection.execute(insert(Payment).values(**(row | values)))


def proposed(ctx: Context) -> list[int]:
    return [one.guest for one in retention.proposals(ctx)]


def test_who_was_silent_for_long_is_proposed_with_the_reason(ctx: Context) -> None:
    guest = silent(ctx, "Silent")
    assert proposed(ctx) == []
    rule = retention.add(ctx, "Three years", 36)
    (found,) = retention.proposals(ctx, rule=rule)
    assert (found.guest, found.name, found.rules) == (guest, "Silent", ("Three years",))
    assert found.reason == "last contact 4 years 11 months ago; never booked; no consent"


@pytest.mark.parametrize("sign", ["mail", "inquiry", "event", "memo", "stay", "payment", "arrival", "consent"])
def test_every_sign_of_life_counts(ctx: Context, sign: str) -> None:
    guest = silent(ctx, "Guest", mails=["Marta@example.org"])
    retention.add(ctx, "Three years", 36)
    assert proposed(ctx) == [guest]
    at = {"created_at": A_YEAR_AGO}
    if sign == "mail":
        come_in(ctx, mail(date=A_YEAR_AGO), account=add_account(ctx))
    elif sign == "inquiry":
        add_inquiry(ctx, guest, updated_at=A_YEAR_AGO, closed_at=A_YEAR_AGO, status="lost")
    elif sign == "event":
        with ctx.write() as tx:
            tx.connection.execute(insert(Event).values(type_id=1, guest_id=guest, at=A_YEAR_AGO, text="rang", **at))
    elif sign == "memo":
        add_memo(ctx, "Rang", guest=guest)
    elif sign == "stay":
        book(ctx, guest, departure=A_YEAR_AGO.date())
    elif sign == "arrival":
        book(ctx, guest, arrival=A_YEAR_AGO.date())
    elif sign == "consent":
        with ctx.write() as tx:
            row = {"guest_id": guest, "channel": "mail", "given": True, "day": A_YEAR_AGO.date(), "source": "form"}
            tx.connection.execute(insert(Consent).values(**row, at=tx.now))
    else:
        pay(ctx, book(ctx, guest, departure=date(2021, 7, 1)), 100, day=A_YEAR_AGO.date())
    assert proposed(ctx) == []


@pytest.mark.parametrize("held", ["open inquiry", "stay to come", "arrival to come", "undated", "unpaid", "kept"])
def test_who_is_still_needed_is_never_proposed(ctx: Context, held: str) -> None:
    guest = silent(ctx, "Needed")
    retention.add(ctx, "A month", 1)
    if held == "open inquiry":
        add_inquiry(ctx, guest, updated_at=LONG_AGO, created_at=LONG_AGO)
    elif held == "stay to come":
        book(ctx, guest, status="confirmed", arrival=date(2026, 9, 1), departure=date(2026, 9, 4))
    elif held == "arrival to come":
        book(ctx, guest, status="confirmed", arrival=date(2026, 9, 1))
    elif held == "undated":
        book(ctx, guest, status="confirmed")
    elif held == "unpaid":
        booking = book(ctx, guest, departure=date(2021, 7, 5), value=1000, currency="EUR")
        pay(ctx, booking, 900)
        assert proposed(ctx) == []
        pay(ctx, booking, 100)
        assert proposed(ctx) == [guest]
        pay(ctx, booking, 50, kind="refund")
    else:
        assert retention.keep(ctx, [guest], date(2027, 1, 1)) == 1
    assert proposed(ctx) == []


@pytest.mark.parametrize("sign", ["stay", "payment"])
def test_what_a_company_pays_for_is_its_sign_of_life(ctx: Context, sign: str) -> None:
    company = silent(ctx, "Firm", kind="company")
    retention.add(ctx, "Three years", 36)
    assert proposed(ctx) == [company]
    with ctx.write() as tx:
        departure = A_YEAR_AGO.date() if sign == "stay" else date(2021, 7, 5)
        row = {"code": "R1", "created_at": LONG_AGO, "updated_at": LONG_AGO, "status": "completed"}
        row |= {"company_id": company, "departure": departure, "value": 100, "currency": "EUR"}
        number = new_id(tx.connection.execute(insert(Reservation).values(**row)))
    pay(ctx, number, 100, day=A_YEAR_AGO.date() if sign == "payment" else date(2021, 7, 1))
    assert proposed(ctx) == []


def test_whoever_is_to_get_a_mailing_is_not_proposed_until_it_is_over(ctx: Context) -> None:
    guest = silent(ctx, "Reader")
    retention.add(ctx, "A month", 1)
    mails = columns(Mailing)
    with ctx.write() as tx:
        made = {"name": "P", "folded": "p", "created_at": LONG_AGO, "refreshed_at": LONG_AGO}
        package = new_id(tx.connection.execute(insert(Package).values(**made, criteria={})))
        row = {"package_id": package, "state": "paused", "created_at": LONG_AGO}
        mailing = new_id(tx.connection.execute(insert(Mailing).values(**row, texts={})))
        item = {"mailing_id": mailing, "guest_id": guest, "folded": "r@x.example", "changed_at": LONG_AGO}
        tx.connection.execute(insert(MailingItem).values(**item))
    assert proposed(ctx) == []
    with ctx.write() as tx:
        tx.connection.execute(update(Mailing).where(mails.id == mailing).values(state="stopped"))
    assert proposed(ctx) == [guest]


def test_a_kept_guest_comes_back_when_the_day_has_come(ctx: Context) -> None:
    guest = silent(ctx, "Kept")
    retention.add(ctx, "A month", 1)
    retention.keep(ctx, [guest], date(2026, 7, 2))
    assert proposed(ctx) == []
    ctx.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
    assert proposed(ctx) == [guest]
    with pytest.raises(InvalidInput):
        retention.keep(ctx, [guest], date(2026, 7, 2))


def test_criteria_narrow_a_rule_and_archived_guests_are_proposed_too(ctx: Context) -> None:
    spanish = silent(ctx, "A", country="ES")
    polish = silent(ctx, "B", country="PL")
    away = silent(ctx, "C", country="ES", archived_at=LONG_AGO)
    retention.add(ctx, "Spain", 12, GuestCriteria(country="ES"))
    assert sorted(proposed(ctx)) == [spanish, away]
    retention.add(ctx, "All", 24)
    assert sorted(proposed(ctx)) == [spanish, polish, away]
    found = next(one for one in retention.proposals(ctx) if one.guest == spanish)
    assert found.rules == ("Spain", "All")


def test_only_administrators_make_rules_and_they_are_taken_back(ctx: Context) -> None:
    manager = colleague(ctx, "Mia", "manager")
    with pytest.raises(Forbidden):
        retention.add(manager, "Mine", 12)
    with pytest.raises(Forbidden):
        retention.proposals(colleague(ctx, "Leo"))
    with pytest.raises(InvalidInput):
        retention.add(ctx, "Never", 0)
    rule = retention.add(ctx, "Two years", 24)
    retention.change(ctx, rule, "Three years", 36, GuestCriteria(kind="person"))
    (seen,) = retention.rules(manager)
    assert (seen.name, seen.months, seen.criteria.kind) == ("Three years", 36, "person")
    undo.undo(ctx)
    assert retention.rules(ctx)[0].months == 24
    retention.remove(ctx, rule)
    assert retention.rules(ctx) == []
    undo.undo(ctx)
    assert len(retention.rules(ctx)) == 1
    with pytest.raises(NotFound):
        retention.remove(ctx, 77)


class Heard:
    """Progress that remembers the errors."""

    def __init__(self) -> None:
        self.errors: list[str] = []

    def step(self, title: str, total: int | None = None) -> None: ...
    def count(self, done: int) -> None: ...
    def done(self) -> None: ...

    def error(self, message: str) -> None:
        self.errors.append(message)


def test_only_who_is_still_proposed_is_erased(ctx: Context) -> None:
    one, two, three = silent(ctx, "One"), silent(ctx, "Two"), silent(ctx, "Three")
    retention.add(ctx, "A year", 12)
    add_memo(ctx, "Rang today", guest=two)
    heard = Heard()
    reports = retention.erase(ctx, [one, two, three], heard)
    assert [report.guest for report in reports] == [one, three]
    assert all(report.swept and report.reason == "rule of retention: A year" for report in reports)
    assert heard.errors == [f"Guest {two} is no longer proposed, and stays."]
    assert desk.guests.get(ctx, two).surname == "Two"
    assert proposed(ctx) == []
    assert len(erasing.listed(ctx)) == 2


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 15), 13, date(2024, 12, 15)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
    ],
)
def test_months_back(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before
    assert months_between(before, day) in (months, months - 1)
