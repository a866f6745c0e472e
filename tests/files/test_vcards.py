"""Cards as programs and telephones write them, and as nobody should (RFC 6350, RFC 2426, vCard 2.1)."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.files.limits import FileFault, Limits
from crm_tui.files.tables import Row
from crm_tui.files.vcards import HEAD, read_vcards, write_vcards


def read(tmp_path: Path, raw: str | bytes) -> list[Row]:
    path = tmp_path / "cards.vcf"
    path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    with read_vcards(path) as table:
        return list(table.rows)


def fields(row: Row) -> dict[str, str]:
    assert row.fault is None
    return {name: cell for name, cell in zip(HEAD, row.cells, strict=True) if cell}


def card(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""])


def test_a_card_of_a_telephone(tmp_path: Path) -> None:
    text = card(
        "N:Łącka;Anna;Maria;;",
        "FN:Anna Maria Łącka",
        "item1.TEL;type=pref:+48 600 100 200",
        "item1.X-ABLabel:_$!<Mobile>!$_",
        "TEL;TYPE=HOME,VOICE:tel:+49-30-901820",
        "TEL;TYPE=WORK,FAX:+49-30-901821",
        'EMAIL;TYPE="INTERNET,WORK":anna@x.pl',
        "ADR;TYPE=HOME:;m. 5;Długa 1;Kraków;;31-147;Polska",
        "BDAY:1985-02-01",
        "NOTE:likes the sea\\, quiet\\nroom",
        "CATEGORIES:VIP,nuts\\, eggs",
        "UID:urn:uuid:1-2",
    )

    assert fields(read(tmp_path, text)[0]) == {
        "reference": "urn:uuid:1-2",
        "surname": "Łącka",
        "given": "Anna Maria",
        "emails": "work <anna@x.pl>",
        "phones": "Mobile <+48 600 100 200>; home <+49-30-901820>",
        "street": "Długa 1, m. 5",
        "postcode": "31-147",
        "city": "Kraków",
        "country": "Polska",
        "birth_date": "1985-02-01",
        "remarks": "likes the sea, quiet\nroom",
        "attributes": 'VIP; "nuts, eggs"',
    }


def test_folded_lines_are_put_together(tmp_path: Path) -> None:
    text = "BEGIN:VCARD\nVERSION:4.0\nN:No\n wak;Łu\n\tcja;;;\nFN:x\nEND:VCARD\n"

    assert fields(read(tmp_path, text)[0]) == {"surname": "Nowak", "given": "Łucja"}


def test_version_2_1_with_quoted_printable_and_a_charset(tmp_path: Path) -> None:
    text = (
        "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:P=E9rez;Jos=E9\r\n"
        "NOTE;ENCODING=QUOTED-PRINTABLE:a long=\r\n note of=20two=\r\n lines\r\nTEL;HOME;CELL:600111222\r\nEND:VCARD\r\n"
    )

    assert fields(read(tmp_path, text)[0]) == {
        "surname": "Pérez",
        "given": "José",
        "remarks": "a long note of two lines",
        "phones": "home cell <600111222>",
    }


def test_an_organisation_is_a_company_and_one_name_is_a_surname(tmp_path: Path) -> None:
    text = (
        card("N:;;;;", "FN:Viajes Sol", "ORG:Viajes Sol;Sales")
        + card("FN:Hotel Luna", "KIND:org")
        + card("N:;Madonna;;;", "FN:Madonna")
        + card("N:Nowak;Ana;;;", "ORG:Viajes Sol")
        + card("FN:Leo Martín Ruiz")
    )

    rows = [fields(row) for row in read(tmp_path, text)]

    assert rows == [
        {"kind": "company", "surname": "Viajes Sol"},
        {"kind": "company", "surname": "Hotel Luna"},
        {"name": "Madonna"},
        {"surname": "Nowak", "given": "Ana", "company": "Viajes Sol"},
        {"name": "Leo Martín Ruiz"},
    ]


@pytest.mark.parametrize("value", ["--0314", "---14", "1985", "1985-03"])
def test_a_birthday_without_its_whole_date_is_a_remark(tmp_path: Path, value: str) -> None:
    assert fields(read(tmp_path, card("N:A;;;;", f"BDAY:{value}"))[0])["remarks"] == f"Birthday: {value}"


def test_a_picture_of_20_megabytes_is_passed_over(tmp_path: Path) -> None:
    photo = b"PHOTO;ENCODING=b;TYPE=JPEG:" + b"\r\n ".join([b"A" * 74] * 280_000)
    raw = card("N:Before;;;;").encode() + b"BEGIN:VCARD\r\n" + photo + b"\r\nN:With;;;;\r\nEND:VCARD\r\n"
    path = tmp_path / "photo.vcf"
    path.write_bytes(raw)
    assert path.stat().st_size > 20_000_000

    tracemalloc.start()
    with read_vcards(path) as table:
        names = [fields(row)["surname"] for row in table.rows]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert names == ["Before", "With"]
    assert peak < 12 * 1024 * 1024


def test_a_picture_on_one_line_too(tmp_path: Path) -> None:
    raw = b"BEGIN:VCARD\nN:With;;;;\nPHOTO;BASE64:" + b"A" * 21_000_000 + b"\nEND:VCARD\n"

    assert [fields(row)["surname"] for row in read(tmp_path, raw)] == ["With"]


def test_a_remark_that_is_too_long_is_told_and_not_cut(tmp_path: Path) -> None:
    folded = "NOTE:" + "\r\n ".join(["x" * 70] * 4_000)

    rows = read(tmp_path, card("N:A;;;;", folded) + card("N:B;;;;", "NOTE:" + "x" * 5_000_000) + card("N:C;;;;"))

    assert [row.fault.message if row.fault else "" for row in rows] == [
        "A line of the card is too long: NOTE.",
        "A line of the card is too long: NOTE.",
        "",
    ]


def test_a_card_without_end_is_told_and_the_next_is_read(tmp_path: Path) -> None:
    text = "BEGIN:VCARD\nN:One;;;;\n" + card("N:Two;;;;") + "junk\n:\n;\n" + card("N:Three;;;;")

    rows = read(tmp_path, text)

    assert [row.fault.message if row.fault else "" for row in rows] == ["The card has no end (END:VCARD).", "", ""]
    assert [fields(row)["surname"] for row in rows[1:]] == ["Two", "Three"]


def test_what_is_no_card_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileFault, match="no vCard"):
        read(tmp_path, "surname,given\nNowak,Ana\n")


_LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "BEGIN:VCARD",
                "END:VCARD",
                "N:a;b",
                "TEL;",
                "item1.TEL;TYPE=:x",
                "N;ENCODING=QUOTED-PRINTABLE:=",
                "=",
                " x",
                "PHOTO;ENCODING=b:",
                "NOTE;CHARSET=rot13;ENCODING=B:AAAA",
                'EMAIL;TYPE="a:b',
                "AGENT:",
                "X" * 300 + ":\\",
            ]
        ),
        st.text(max_size=40),
    ),
    max_size=25,
)


@given(_LINES)
@settings(max_examples=300, deadline=None)
def test_nothing_but_a_sentence_comes_of_any_file(tmp_path_factory: pytest.TempPathFactory, found: list[str]) -> None:
    path = tmp_path_factory.getbasetemp() / "any.vcf"
    path.write_text("\n".join(["BEGIN:VCARD", *found]), "utf-8", errors="replace")

    with read_vcards(path) as table:
        assert all(len(row.cells) == len(HEAD) for row in table.rows)


_SHOWN = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)


@given(_SHOWN, _SHOWN, _SHOWN, st.sampled_from(["3.0", "4.0"]))
@settings(max_examples=200, deadline=None)
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, surname: str, city: str, label: str, version: str
) -> None:
    stream = io.StringIO(newline="")
    surname = "S" + " ".join(surname.split())
    write_vcards(stream, [{"surname": surname, "city": city, "emails": [("a@x.es", label)]}], version=version)
    path = tmp_path_factory.getbasetemp() / "written.vcf"
    path.write_bytes(stream.getvalue().encode())

    assert all(len(line.encode()) <= 75 for line in stream.getvalue().split("\r\n"))
    with read_vcards(path) as table:
        row = fields(next(table.rows))
    assert row["surname"] == surname
    assert row.get("city", "") == " ".join(city.split())


def test_a_line_that_is_folded_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "folded.vcf"
    path.write_bytes(b"BEGIN:VCARD\nFN:A\nNOTE:x\n" + b" \n" * 2_000 + b"END:VCARD\n")
    assert [row.fault for row in read_vcards(path).rows] == [None]
    with pytest.raises(FileFault, match="more than 1000 lines"):
        list(read_vcards(path, limits=Limits(folds=1_000)).rows)
