"""What goes out comes in again unchanged, safe against formulas, for its owner's eyes (SPEC §6, QUALITY S12, S16)."""

from __future__ import annotations

import io
import json
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crm_tui.base.errors import Cancelled, Forbidden, InvalidInput
from crm_tui.base.progress import CancelEvent
from crm_tui.data.columns import columns
from crm_tui.data.tables import Journal
from crm_tui.desk.client_base import guests
from crm_tui.desk.client_files import guest_export, guest_import
from crm_tui.desk.client_files.guest_export import Chosen, Format
from crm_tui.desk.client_files.guest_import_views import Status
from crm_tui.desk.common.context import Context
from crm_tui.desk.groups import attributes
from crm_tui.rules.guest_criteria import GuestCriteria
from tests.desk.house import make_house


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    return make_house(tmp_path)


def known(ctx: Context) -> None:
    """A person with everything, a person with a surname, a company."""
    vip, allergy = attributes.add(ctx, "VIP"), attributes.add(ctx, 'nuts; "milk", eggs')
    guests.create(
        ctx,
        {
            "surname": "Wiśniewska",
            "given": "=Łucja",
            "emails": [{"address": "l|u@x.pl", "label": 'home; "old", (x)'}, "lucja@x.pl"],
            "phones": [{"number": "+49 30 901820", "label": "work"}, "+48 600 100 200"],
            "birth_date": date(1985, 2, 14),
            "street": "-ulica 5",
            "postcode": "31-147",
            "city": "Kraków",
            "country": "PL",
            "nationality": "PL",
            "language": "pl",
            "document": "+123",
            "passport": "@A1",
            "passport_expiry": date(2030, 1, 31),
            "remarks": '=1+1\n"quoted"; \\n ,\n\ttab',
            "reference": "R;1,\\x",
            "consents": {
                "mail": {"given": True, "source": "form, at the counter", "day": date(2024, 5, 1)},
                "sms": {"given": False, "day": date(2024, 5, 2)},
            },
            "tag": [vip, allergy],
        },
    )
    guests.create(ctx, {"surname": "Madonna", "email": "m@x.es"})
    guests.create(ctx, {"surname": "Viajes, S.A.", "kind": "company", "tax_number": "B12345678", "reference": "C1"})


def seen(ctx: Context) -> list[dict[str, Any]]:
    """All that the guests say, without what the store itself adds."""
    found = []
    for number in range(1, 50):
        try:
            one = guests.get(ctx, number)
        except Exception:
            break
        names = [
            "kind",
            "surname",
            "given",
            "emails",
            "email_labels",
            "language",
            "nationality",
            "birth_date",
            "street",
            "postcode",
            "city",
        ]
        names += ["region", "country", "document", "passport", "passport_expiry", "tax_number", "remarks", "reference"]
        row: dict[str, Any] = {name: getattr(one, name) for name in names}
        row["phones"] = [(phone.number, phone.label) for phone in one.phones]
        row["attributes"] = sorted(tag.name for tag in one.attributes)
        row["consents"] = {name: (said.given, said.day, said.source) for name, said in one.consents.items()}
        found.append(row)
    return found


@pytest.mark.parametrize("format_name", list(Format))
def test_all_comes_in_again_unchanged(ctx: Context, tmp_path: Path, format_name: Format) -> None:
    known(ctx)
    path = tmp_path / f"guests.{format_name}".replace("vcard3", "vcf").replace("vcard", "vcf")

    assert guest_export.to_file(ctx, Chosen(), format_name, path) == 3

    (tmp_path / "other").mkdir()
    other = make_house(tmp_path / "other")
    result = guest_import.run(other, path)
    assert result.problems == []
    by_name = {one["surname"]: one for one in seen(other)}
    assert by_name == {one["surname"]: one for one in seen(ctx)}
    again = guest_import.run(ctx, path)
    assert (again.counts[Status.SAME], [one.fields for one in again.rows]) == (3, [])


def test_no_cell_of_a_csv_begins_a_formula(ctx: Context) -> None:
    import csv

    known(ctx)
    stream = io.BytesIO()
    guest_export.to_stream(ctx, Chosen(), Format.CSV, stream)

    text = stream.getvalue().decode("utf-8")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert "'=Łucja" in cells
    assert "1985-02-14" in cells


def test_a_mark_is_there_if_asked_for_and_is_read_again(ctx: Context, tmp_path: Path) -> None:
    known(ctx)
    plain, marked = tmp_path / "plain.csv", tmp_path / "marked.csv"
    guest_export.to_file(ctx, Chosen(), Format.CSV, plain)
    guest_export.to_file(ctx, Chosen(), Format.CSV_MARKED, marked)
    assert marked.read_bytes() == b"\xef\xbb\xbf" + plain.read_bytes()
    assert not plain.read_bytes().startswith(b"\xef")
    again = guest_import.run(ctx, marked)
    assert again.counts[Status.SAME] == sum(again.counts.values()) > 0


_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Cn", "Co")), max_size=25)


@given(
    surname=_TEXT.filter(lambda text: bool(text.strip())),
    given_names=_TEXT,
    city=_TEXT,
    remarks=st.text(
        st.characters(exclude_categories=("Cs", "Cf", "Cn", "Co", "Cc"), include_characters="\n\t"), max_size=60
    ),
    label=_TEXT,
    format_name=st.sampled_from(list(Format)),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_in_again(
    tmp_path_factory: pytest.TempPathFactory,
    surname: str,
    given_names: str,
    city: str,
    remarks: str,
    label: str,
    format_name: Format,
) -> None:
    place = tmp_path_factory.mktemp("round")
    ctx = make_house(place)
    values = {"surname": surname, "given": given_names, "city": city, "remarks": remarks, "reference": "R1"}
    guests.create(ctx, {**values, "emails": [{"address": "a@x.es", "label": label}, "b@x.es"]})
    path = place / "guests.csv"
    guest_export.to_file(ctx, Chosen(), format_name, path)
    (place / "other").mkdir()
    other = make_house(place / "other")

    result = guest_import.run(other, path)

    assert result.problems == []
    assert seen(other) == seen(ctx)
    ctx.store.close()
    other.store.close()


def test_a_file_is_for_its_owner_and_takes_no_others_place(ctx: Context, tmp_path: Path) -> None:
    known(ctx)
    path = tmp_path / "out.csv"

    guest_export.to_file(ctx, Chosen(ids=(2, 3)), Format.CSV, path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(InvalidInput, match="exists"):
        guest_export.to_file(ctx, Chosen(), Format.CSV, path)
    guest_export.to_file(ctx, Chosen(criteria=GuestCriteria(kind="company")), Format.CSV, path, overwrite=True)
    assert path.read_bytes().count(b"\r\n") == 2
    with pytest.raises(InvalidInput, match="cannot be written"):
        guest_export.to_file(ctx, Chosen(), Format.CSV, tmp_path / "nowhere" / "x.csv")
    assert [one.name for one in tmp_path.iterdir() if one.suffix == ".part"] == []


def test_the_journal_tells_who_took_how_many_and_not_what(ctx: Context, tmp_path: Path) -> None:
    known(ctx)
    guest_export.to_file(ctx, Chosen(), Format.JSON, tmp_path / "out.json")

    names = columns(Journal)
    with ctx.store.connect() as connection:
        row = connection.execute(select(names.actor, names.after).where(names.entity == "export")).one()
    assert row.actor == "Ana"
    assert row.after == {"kind": "guests", "format": "json", "count": 3, "file": "out.json"}
    first = json.loads((tmp_path / "out.json").read_text("utf-8").splitlines()[0])
    assert first["surname"] == "Madonna"


def test_what_cannot_be_noted_does_not_go_out(ctx: Context, tmp_path: Path) -> None:
    known(ctx)
    with pytest.raises(Forbidden):
        guest_export.to_file(replace(ctx, readonly=True), Chosen(), Format.CSV, tmp_path / "out.csv")
    stop = CancelEvent()
    stop.set()
    with pytest.raises(Cancelled):
        guest_export.to_file(ctx, Chosen(), Format.CSV, tmp_path / "out.csv", cancel=stop)
    assert not (tmp_path / "out.csv").exists()
