"""JSON as a table: lines, lists, and files that are neither."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.files.limits import FileFault, Limits
from crm_tui.files.objects import read_objects
from crm_tui.files.tables import Table


def opened(tmp_path: Path, text: str | bytes, **limits: int) -> Table:
    path = tmp_path / "guests.json"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_objects(path, limits=Limits(**limits)) if limits else read_objects(path)


ONE = {
    "surname": "Nowak",
    "emails": [{"address": "a@x.es", "label": "home"}, "b@x.es"],
    "address": {"city": "Palma"},
    "consents": {"mail": {"given": True, "day": "2024-05-01", "source": None}},
    "age": 40,
    "tags": ["a;b", "c"],
}


@pytest.mark.parametrize(
    "text", [json.dumps(ONE), f"[{json.dumps(ONE)}]", json.dumps(ONE, indent=2), json.dumps([ONE], indent=1)]
)
def test_lines_lists_and_objects_over_many_lines(tmp_path: Path, text: str) -> None:
    table = opened(tmp_path, text)

    rows = [dict(zip(table.head, row.cells, strict=True)) for row in table.rows]
    assert rows == [
        {
            "surname": "Nowak",
            "emails": "home <a@x.es>; b@x.es",
            "address.city": "Palma",
            "consents.mail.given": "yes",
            "consents.mail.day": "2024-05-01",
            "consents.mail.source": "",
            "age": "40",
            "tags": '"a;b"; c',
        }
    ]


def test_a_bad_line_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    table = opened(tmp_path, '{"a": 1}\n{"a": 2\n\n[1]\n{"a": 3}\n')

    rows = list(table.rows)
    assert [(row.number, row.line, row.cells if row.fault is None else "bad") for row in rows] == [
        (1, 1, ["1"]),
        (2, 2, "bad"),
        (3, 4, "bad"),
        (4, 5, ["3"]),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "nothing",
        "{" * 100_000,
        "[" * 100_000,
        '{"a": ' + "[" * 50_000,
        b"PK\x03\x04",
        "7\n8\n",
    ],
    ids=["empty", "list", "words", "braces", "brackets", "deep", "zip", "numbers"],
)
def test_what_is_no_json_is_refused(tmp_path: Path, text: str | bytes) -> None:
    with pytest.raises(FileFault):
        list(opened(tmp_path, text).rows)


def test_limits(tmp_path: Path) -> None:
    with pytest.raises(FileFault, match="more than 2 keys"):
        opened(tmp_path, '{"a": 1, "b": 2, "c": 3}', columns=2)
    with pytest.raises(FileFault, match="larger"):
        opened(tmp_path, '{"a": 1}', octets=3)
    assert next(opened(tmp_path, '{"a": "xxxxx"}', cell=3).rows).fault is not None


def test_a_number_of_a_million_digits_is_text(tmp_path: Path) -> None:
    row = next(opened(tmp_path, '{"a": ' + "9" * 100_000 + "}").rows)

    assert row.cells == ["9" * 100_000]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.one_of(st.text(max_size=120).map(str.encode), st.lists(_JSON, max_size=4).map(lambda v: json.dumps(v).encode()))
)
@settings(max_examples=200, deadline=None)
def test_nothing_but_a_sentence_comes_of_any_file(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_bytes(raw)
    try:
        with read_objects(path) as table:
            rows = list(table.rows)
    except FileFault:
        return
    assert all(len(row.cells) == len(table.head) for row in rows)
