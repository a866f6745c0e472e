"""Names in writing that puts no blanks between words: Chinese, Japanese, Thai; and Korean, whose particles follow the name (SPEC §6)."""

from __future__ import annotations

import pytest

from crm_tui.rules.folding import fold_text
from crm_tui.rules.mentions import Mentions, telling
from crm_tui.rules.running_scripts import long_enough

B = "▒"


@pytest.mark.parametrize(
    ("given", "surname", "text", "without"),
    [
        ("小明", "王", "昨天王小明先生打电话来", f"昨天{B * 3}先生打电话来"),
        ("小明", "王", "王 小明 / 小明 王", f"{B * 4} / {B * 4}"),
        ("太郎", "田中", "田中太郎様のご予約", f"{B * 4}様のご予約"),
        ("ジョン", "スミス", "ジョン・スミスさんから", f"{B * 7}さんから"),
        ("민수", "김", "김민수님은 내일 도착합니다", f"{B * 3}님은 내일 도착합니다"),
        ("สมชาย", "ใจดี", "คุณสมชายใจดีมาถึงแล้ว", f"คุณ{B * 9}มาถึงแล้ว"),
        ("Anna", "王", "Anna王 and Anna 王", f"{B * 5} and {B * 6}"),
    ],
)
def test_a_full_name_in_running_text(given: str, surname: str, text: str, without: str) -> None:
    assert Mentions(names=((given, surname),)).without(text) == without


@pytest.mark.parametrize(
    ("word", "text", "without"),
    [
        ("田中", "明日田中さんが着きます", f"明日{B * 2}さんが着きます"),
        ("王", "请给王先生回电", f"请给{B}先生回电"),
        (
            "スミス",
            "スミスさんとスミスソニアン",
            f"{B * 3}さんとスミスソニアン",
        ),  # a longer word in katakana is another
        ("ハセガワ", "ハセガワー", "ハセガワー"),
        ("남궁", "남궁씨와 남궁은", f"{B * 2}씨와 {B * 2}은"),
        ("김", "김치와 김, 긴", f"김치와 {B}, 긴"),  # one syllable begins many words
        ("기민", "기민수 기밀 김민", f"{B * 2}수 기밀 김민"),
        ("Wang", "Wang先生 and Wangson", f"{B * 4}先生 and Wangson"),
    ],
)
def test_a_word_in_running_text(word: str, text: str, without: str) -> None:
    assert Mentions(words=(fold_text(word),)).without(text) == without


@pytest.mark.parametrize(
    ("given", "surname", "tells"),
    [
        ("小明", "王", True),
        ("明", "李", False),
        ("太郎", "田中", True),
        ("민수", "김", True),
        ("Do", "An", False),
        ("", "田中太郎", False),
    ],
)
def test_whether_a_name_tells_a_person(given: str, surname: str, tells: bool) -> None:
    assert telling(given, surname) is tells


@pytest.mark.parametrize(
    ("word", "enough"),
    [("王", False), ("田中", True), ("김", False), ("남궁", True), ("An", False), ("Doe", True), ("แก้ว", True)],
)
def test_how_long_a_word_must_be_to_be_looked_for_everywhere(word: str, enough: bool) -> None:
    assert long_enough(fold_text(word)) is enough
