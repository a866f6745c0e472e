"""Reservations from the command line: made, changed, listed by filters, imported with what changed (SPEC §15)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Crm

ROW: dict[str, Any] = {
    "reference": "BK-1",
    "status": "confirmed",
    "destination": "Łódź",
    "operator": "Itaka",
    "channel": "tour operator",
    "arrival": "2026-08-01",
    "departure": "2026-08-08",
    "currency": "EUR",
    "value": "900.00",
    "guests": [{"surname": "Nowak", "given": "Łucja", "holder": True}],
    "schedule": [{"kind": "deposit", "due": "2026-07-02", "amount": "300.00"}],
}


def imported(desk: Crm, tmp_path: Path, *rows: dict[str, Any], json_out: bool = True) -> Any:
    path = tmp_path / "bookings.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return desk("import", "reservations", str(path), *(["--json"] if json_out else []))


def test_one_is_made_changed_listed_and_shown(desk: Crm) -> None:
    guest = desk("guest", "new", "--surname", "Nowak", "--given", "Łucja", "--json").lines[0]["id"]
    made = desk(
        *("reservation", "new", "--code", "M-1", "--arrival", "2026-08-01", "--departure", "2026-08-08"),
        *("--value", "1200.50 EUR", "--guest", str(guest), "--json"),
    ).lines[0]
    assert (made["code"], made["holder"], made["value"]) == ("M-1", guest, "1200.50")
    changed = desk("reservation", "set", "M-1", "--room", "204", "--value", "1.300,00 EUR", "--json").lines[0]
    assert (changed["room"], changed["value"]) == ("204", "1300.00")
    assert desk("reservation", "show", "m-1").code == 1  # codes are exact here; search finds it whatever its case
    assert desk("reservation", "show", "M-1", "--json").lines[0]["id"] == made["id"]
    done = desk("reservation", "set", "M-1", "--departure", "2026-07-01")
    assert done.code == 2
    assert "departure" in done.err
    assert desk("reservation", "set", "M-1").code == 2


def test_an_inquiry_is_booked(desk: Crm) -> None:
    inquiry = desk(
        *("inquiry", "new", "--surname", "Petit", "--arrival", "2026-09-01", "--departure", "2026-09-05"),
        *("--adults", "2", "--price", "500 EUR", "--json"),
    ).lines[0]["id"]
    made = desk("reservation", "new", "--inquiry", str(inquiry), "--room", "7", "--json").lines[0]
    assert (made["inquiry"], made["arrival"], made["adults"], made["value"]) == (inquiry, "2026-09-01", 2, "500.00")
    assert desk("inquiry", "list", "--status", "booked", "--json").lines[0]["id"] == inquiry


def test_a_status_with_what_follows(desk: Crm, tmp_path: Path) -> None:
    imported(desk, tmp_path, ROW)
    done = desk("reservation", "status", "completed", "BK-1", "--ask-feedback", "--json").lines[0]
    assert (done["status"], len(done["changed"]), done["feedback_asked"]) == ("completed", 1, 1)
    assert desk("reservation", "status", "gone", "BK-1").code == 2


def test_the_list_has_filters(desk: Crm, tmp_path: Path) -> None:
    other = ROW | {"reference": "BK-2", "operator": "", "channel": "phone", "status": "option", "destination": "Palma"}
    imported(desk, tmp_path, ROW, other | {"schedule": [], "arrival": "2026-07-20", "departure": "2026-07-21"})

    def codes(*options: str) -> list[str]:
        return [row["code"] for row in desk("list", "reservations", *options, "--json").lines]

    assert codes() == ["BK-2", "BK-1"]
    assert codes("--order", "latest") == ["BK-1", "BK-2"]
    assert codes("--text", "lodz") == codes("--destination", "łódź") == codes("--operator", "itaka") == ["BK-1"]
    assert codes("--status", "option") == codes("--channel", "phone") == codes("--arrival-to", "2026-07-21") == ["BK-2"]
    assert codes("--unpaid") == ["BK-1"]
    assert codes("--status", "current") == ["BK-2", "BK-1"]
    assert codes("--departure-from", "2026-08-08", "--limit", "5") == ["BK-1"]
    (row,) = desk("list", "reservations", "--unpaid", "--json").lines
    assert (row["missing"], row["due"], row["holder"]) == ("300.00", "2026-07-02", "Łucja Nowak")
    assert desk("list", "reservations", "--status", "gone").code == 2
    assert desk("list", "reservations", "--persons").code == 2
    assert desk("list", "guests", "--unpaid").code == 2
    assert "BK-1" in desk("list", "reservations").out


def test_an_import_tells_what_changed_field_by_field(desk: Crm, tmp_path: Path) -> None:
    (first,) = imported(desk, tmp_path, ROW).lines
    assert (first["status"], first["changes"]) == ("new", {})
    assert imported(desk, tmp_path, ROW).lines[0]["status"] == "same"
    later = ROW | {"departure": "2026-08-10", "value": "1000.00", "operator": "Rainbow"}
    (second,) = imported(desk, tmp_path, later).lines
    assert second["status"] == "changed"
    assert second["changes"] == {
        "departure": {"before": "2026-08-08", "after": "2026-08-10"},
        "value": {"before": "900.00 EUR", "after": "1000.00 EUR"},
        "operator": {"before": "Itaka", "after": "Rainbow"},
    }
    shown = imported(desk, tmp_path, later | {"schedule": []}, json_out=False).out
    assert "schedule: deposit 2026-07-02 300.00 EUR → –" in shown
    assert "0 new, 1 changed, 0 as they were, 0 not usable." in shown


@pytest.mark.parametrize(("currency", "value"), [("EUR", "-5.00"), ("JPY", "-500"), ("KWD", "-0.005")])
def test_a_value_below_nothing_is_told_as_it_was_written(desk: Crm, tmp_path: Path, currency: str, value: str) -> None:
    row = {"reference": "BK-2", "currency": currency, "value": value}
    refused = imported(desk, tmp_path, row)
    assert refused.code == 1
    assert refused.lines[0]["errors"][0]["message"] == f"This cannot be less than nothing: {value}."
