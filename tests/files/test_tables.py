"""Reading tables as they are in the wild, and writing them safely (QUALITY S12)."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.files.limits import FileFault, Limits
from crm_tui.files.tables import Table, guarded, read_rows, unguarded, write_csv


def opened(text: str | bytes, codec: str = "utf-8", **options: str) -> Table:
    raw = text.encode(codec) if isinstance(text, str) else text
    return read_rows(io.BytesIO(raw), **options)  # type: ignore[arg-type]


def cells(table: Table) -> list[list[str]]:
    return [row.cells for row in table.rows if row.fault is None]


def faults(table: Table) -> list[tuple[int, int, str]]:
    return [(row.number, row.fault.column, row.fault.message) for row in table.rows if row.fault is not None]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_finds_the_delimiter(delimiter: str) -> None:
    lines = [["Apellido", "Nombre", "Notas"], ["Pérez", "José", "a, b; c"], ["Łącki", "", ""]]
    text = "\r\n".join(delimiter.join(f'"{one}"' for one in line) for line in lines)

    table = opened(text)

    assert (table.dialect.delimiter, table.head) == (delimiter, lines[0])
    assert cells(table) == lines[1:]


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32-le"),
        ("cp1250", "cp1250"),
        ("iso8859-2", "iso8859-2"),
    ],
)
def test_finds_the_encoding_of_polish(codec: str, name: str) -> None:
    rows = [["Łącki", "Żaneta", "Kraków"], ["Wiśniewski", "Józef", "Gdańsk"], ["Świątek", "Śliwa", "Łódź"]]
    text = "\n".join(";".join(row) for row in [["Nazwisko", "Imię", "Miasto"], *rows])

    table = opened(text, codec)

    assert table.encoding.name == name
    assert cells(table) == rows


@pytest.mark.parametrize("codec", ["cp1252", "iso8859-15", "utf-8"])
def test_finds_the_encoding_of_spanish_and_french(codec: str) -> None:
    rows = [["Pérez", "José", "Málaga"], ["Noël", "Hélène", "Besançon"], ["Núñez", "Íñigo", "A Coruña"]]
    text = "\n".join(",".join(row) for row in [["Apellido", "Nombre", "Población"], *rows])

    assert cells(opened(text, codec)) == rows


def test_an_encoding_in_the_single_row_is_read_and_told() -> None:
    table = opened("nom,ville\nMüller,Köln\n".encode() + "Léger,Orléans\n".encode("cp1252") + "Żak,Łódź\n".encode())

    assert cells(table) == [["Müller", "Köln"], ["Léger", "Orléans"], ["Żak", "Łódź"]]
    assert table.others == {"cp1252": 1}


def test_a_named_encoding_is_kept_to() -> None:
    assert cells(opened("a;b\nŁącki;x\n", "cp1250", encoding="windows-1250")) == [["Łącki", "x"]]
    assert faults(opened("a;b\nz;x\nŁ;x\n", "cp1250", encoding="utf-8")) == [
        (3, 1, "The cell holds octets that are no letters in this encoding.")
    ]
    with pytest.raises(FileFault, match="no encoding called"):
        opened("a", encoding="rot13")


def test_a_quoted_cell_spans_lines_and_counts_as_one_row() -> None:
    table = opened('name;remarks\r\nAna;"likes\r\n\r\nthe ""sea"""\r\nLeo;x\r\n')

    assert [(row.number, row.line, row.cells) for row in table.rows] == [
        (2, 2, ["Ana", 'likes\n\nthe "sea"']),
        (3, 5, ["Leo", "x"]),
    ]


def test_a_quote_that_is_never_closed_spoils_its_row_only() -> None:
    table = opened('name,city\n"Ana,Palma\nLeo,Ibiza\nEva,"Inca"\n')

    assert [(row.number, row.fault and row.fault.column) for row in table.rows] == [(2, 1), (3, None), (4, None)]


def test_text_after_a_closed_quote_is_told() -> None:
    table = opened('name,city\n"Juan "El Rey" Pérez",Palma\nLeo,5" pipe\n')

    assert faults(table) == [(2, 1, "Text follows a closed quote; a quote inside a cell is written twice.")]


def test_rows_of_another_width_are_told_and_empty_cells_at_the_end_are_not() -> None:
    table = opened("a,b\n1\n1,2,3\n1,2,,\n\n,\n3,4\n")

    assert [(row.number, row.fault.column if row.fault else 0) for row in table.rows] == [
        (2, 1),
        (3, 3),
        (4, 0),
        (7, 0),
    ]


def test_a_nul_is_told_with_its_place() -> None:
    assert faults(opened("a,b\nx,y\0z\n")) == [(2, 2, "The cell holds a NUL, which is no text.")]


def test_a_line_that_says_the_delimiter() -> None:
    table = opened("sep=|\na,b|c\n1,2|3\n")

    assert (table.head, cells(table)) == (["a,b", "c"], [["1,2", "3"]])


def test_apostrophes_are_quotes_where_cells_stand_in_them() -> None:
    assert cells(opened("'name','city'\n'Ana','Sa Pobla, Palma'\n")) == [["Ana", "Sa Pobla, Palma"]]


def test_names_of_columns_are_told_apart() -> None:
    assert opened("Phone,Phone,,Phone,,\n1,2,3,4,,\n").head == ["Phone", "Phone (2)", "Column 3", "Phone (3)"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "empty"),
        (b"\n\n \n", "empty"),
        (b"a," * 1_000_000, "too many columns"),
        (b"\x00\x01" * 600, "no file of text"),
        (b"x" * 5_000_000, "longer than 4 MB"),
        (b'"a\nb\n', "column 1"),
        (b"PK\x03\x04sheet,b\n1,2\n", "no file of text"),
    ],
    ids=["nothing", "blank", "columns", "controls", "line", "quote", "zip"],
)
def test_what_is_no_table_is_refused_in_a_sentence(raw: bytes, said: str) -> None:
    with pytest.raises(FileFault) as failure:
        list(opened(raw).rows)

    assert said in str(failure.value)


class Endless(io.RawIOBase):
    """A file of one line that has no end."""

    def __init__(self, head: bytes, chunk: bytes) -> None:
        self.head, self.chunk, self.given = head, chunk, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        given, self.head = self.head[:size], self.head[size:]
        given = given or self.chunk[:size]
        self.given += len(given)
        return given


def test_a_line_without_end_is_passed_over_without_being_kept() -> None:
    import tracemalloc

    source = Endless(b"a,b\n1,2\n", b"x" * 262_144)
    limits = Limits(octets=64 * 1024 * 1024)
    tracemalloc.start()
    try:
        with pytest.raises(FileFault, match="larger than 64 MB"):
            list(read_rows(source, limits=limits).rows)  # type: ignore[arg-type]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 40 * 1024 * 1024


def test_the_row_after_a_long_line_is_read() -> None:
    table = opened(b"a,b\n1,2\n" + b"x" * 9_000_000 + b"\n3,4\n")

    rows = list(table.rows)

    assert [row.cells for row in rows if row.fault is None] == [["1", "2"], ["3", "4"]]
    assert [row.number for row in rows if row.fault is not None] == [3]


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(FileFault, match="more than 2 rows"):
        list(read_rows(io.BytesIO(b"a\n1\n2\n3\n"), limits=Limits(rows=2)).rows)


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "guests.csv"
    path.write_bytes(b"a,b\n" * 10)

    with pytest.raises(FileFault, match="larger"):
        read_rows(path, limits=Limits(octets=20))


_CUTS = st.sampled_from(
    [b'"', b",", b";", b"\t", b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"'", b"=", b"sep=;", b'""', b"a"]
)


@given(st.one_of(st.binary(max_size=300), st.lists(_CUTS, max_size=80).map(b"".join)))
@settings(max_examples=400, deadline=None)
def test_nothing_but_a_sentence_comes_of_any_file(raw: bytes) -> None:
    try:
        table = opened(raw)
        rows = list(table.rows)
    except FileFault:
        return
    assert all(len(row.cells) == len(table.head) for row in rows if row.fault is None)
    assert all(row.fault.message for row in rows if row.fault is not None)


# What has passed display_text: no controls but newline and tab.
_SHOWN = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), max_size=30)


@given(st.lists(st.tuples(_SHOWN, _SHOWN, _SHOWN), max_size=8), st.sampled_from([",", ";"]))
@settings(max_examples=300, deadline=None)
def test_what_is_written_is_read_again(rows: list[tuple[str, str, str]], delimiter: str) -> None:
    stream = io.StringIO(newline="")

    write_csv(stream, ("one", "two", "three"), rows, delimiter=delimiter)

    table = opened(stream.getvalue())
    assert cells(table) == [list(row) for row in rows if any(map(str.strip, row))]


@given(_SHOWN)
def test_no_cell_begins_a_formula(text: str) -> None:
    safe = guarded(text)

    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert unguarded(safe) == text


def test_blank_lines_without_end_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "blank.csv"
    path.write_bytes(b"surname,given\n" + b"\n" * 1_000 + b"A,b\n")
    assert [row.number for row in read_rows(path, limits=Limits(rows=1_000)).rows] == [1_002]
    with pytest.raises(FileFault, match="999 blank rows"):
        list(read_rows(path, limits=Limits(rows=999)).rows)


@pytest.mark.parametrize("columns", [600, 1_000_000])
def test_a_head_of_too_many_columns_is_said_so(tmp_path: Path, columns: int) -> None:
    path = tmp_path / "wide.csv"
    path.write_bytes(b",".join(b"c%d" % at for at in range(columns)) + b"\nA\n")
    with pytest.raises(FileFault, match=r"Row 1: there are too many columns \(at most 500\)"):
        read_rows(path)
