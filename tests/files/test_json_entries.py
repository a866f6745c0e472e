"""Entries of JSON files: bad ones are told and the rest is read on, in any shape."""

from __future__ import annotations

import io
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.files.json_entries import Entry, entries
from crm_tui.files.limits import Limits


def read(text: str, **limits: int) -> list[Entry]:
    return list(entries(io.BytesIO(text.encode()), "", Limits(**limits)))


def names(found: list[Entry]) -> list[str]:
    return [one.value["n"] if not one.fault else "bad" for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[{"n":"1"}]\n[{"n":"2"},{"n":"3"}]\n', ["1", "2", "3"]),
        ('[{"n":"1"}] foo [{"n":"2"}]', ["1", "bad", "2"]),
        ('[{"n":"1"}]]\n{"n":"2"}', ["1", "bad", "2"]),
        ('[{"n":"1"}, {"n": oops}, {"n":"3"}]', ["1", "bad", "3"]),
        ('[{"n":"1"}, {"n": "}]", "x": oops, "y": [{"z": "{"}]}, {"n":"3"}]', ["1", "bad", "3"]),
        ('[\n  {"n":"1",\n    "x": [\n      1\n  },\n  {"n":"2"}\n]', ["bad", "2"]),
        ('[\n  {"n":"1",\n    "x": {"y": 1\n  },\n  {"n":"2"},\n  {"n":"3"}\n]', ["bad", "2", "3"]),
        ('[\n  {"n":"1, "x": 1},\n  {"n":"2"}\n]', ["bad", "2"]),
        ('[{"n":"1","n":"2"},{"n":"3"}]', ["bad", "3"]),
        ('[{"n":NaN},{"n":"3"}]', ["bad", "3"]),
        ('[{"n":"1"},{"x":' + "[" * 50_000 + "]" * 50_000 + '},{"n":"3"}]', ["1", "bad", "3"]),
        ('[{"n":"1"},{"n":"' + "x" * 5_000 + '"},{"n":"3"}]', ["1", "bad", "3"]),
        ('[{"n":"1"},{"n":"2"', ["1", "bad"]),
        ('{"n":"1"}\n{"n":\n{"n":"3"}\n', ["1", "bad", "3"]),
    ],
)
def test_bad_entries_are_told_and_the_others_are_read(text: str, expected: list[str]) -> None:
    assert names(read(text, line=4_000 if "xxxx" in text else 4_000_000)) == expected


def test_an_entry_longer_than_what_is_kept_is_passed_over() -> None:
    long = ",".join(['{"a":"]}"}'] * 100_000)
    text = f'[{{"n":"1"}},{{"n":[{long}]}},\n{{"n":"3"}}]'
    found = read(text, line=100_000)
    assert names(found) == ["1", "bad", "3"]
    assert [one.line for one in found] == [1, 1, 2]


def test_the_line_of_a_bad_entry_is_told() -> None:
    found = read('[\n{"n":"1"},\n{"n": oops}\n]\nrest\n')
    assert [(one.line, bool(one.fault)) for one in found] == [(2, False), (3, True), (5, True)]
    assert "line 3" in found[1].fault
    assert "5" in found[2].fault


def test_a_key_that_stands_twice_is_named() -> None:
    (found,) = read('{"reference":"a","reference":"b"}')
    assert "reference" in found.fault


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("1e2", "100"),
        ("2.0", "2"),
        ("100.10", "100.10"),
        ("1.5E1", "15"),
        ("12", "12"),
        ("1e400", "1e400"),
        ("0.0", "0"),
    ],
)
def test_numbers_are_what_they_say(number: str, said: str) -> None:
    assert read(f'{{"n":{number}}}')[0].value == {"n": said}


@pytest.mark.parametrize(
    "text",
    ["[" + "," * 3_000_000, "[" + "{" * 3_000_000, "[" + "]" * 200_000, '[{"a":"' + "\\" * 3_000_000],
    ids=["commas", "braces", "brackets", "strokes"],
)
def test_nonsense_takes_no_long_time(text: str) -> None:
    begun = time.process_time()
    read(text)
    assert time.process_time() - begun < 10


@given(
    good=st.lists(
        st.dictionaries(st.text(max_size=4), st.one_of(st.text(), st.lists(st.text(max_size=3)))), max_size=5
    ),
    indent=st.sampled_from([None, 0, 2]),
    place=st.integers(0, 5),
)
def test_one_bad_entry_among_any_others_is_the_only_one_told(
    good: list[dict[str, object]], indent: int | None, place: int
) -> None:
    texts = [json.dumps(one, indent=indent) for one in good]
    texts.insert(min(place, len(good)), '{"bad": nothing, "x": ["]", {"y": "}"}]}')
    found = read("[" + ",\n".join(texts) + "]")
    assert [one.value for one in found if not one.fault] == good
    assert sum(bool(one.fault) for one in found) == 1
