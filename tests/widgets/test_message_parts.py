"""A message as paragraphs: everything is there, folded but never cut; foreign text is never more than text."""

from __future__ import annotations

import textwrap
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.desk.common.views import AttachmentView, InvitationView, MessageView, Person
from crm_tui.widgets.message_parts import Folds, Paragraph, Setting, paragraphs, reflow

AT = datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
SETTING = Setting(AT, UTC, "Pokój", 78)


def message(text: str = "Dzień dobry", **values: Any) -> MessageView:
    defaults: dict[str, Any] = {
        "id": 1, "conversation": 1, "message_id": "m@x", "direction": "in", "automatic": "",
        "sender": Person("Łucja", "l@x.example"), "reply_to": (), "to": (Person("", "r@x.example"),), "cc": (),
        "subject": "Re: Pokój", "at": AT, "sent_at": AT, "received_at": AT, "text": text,
    }  # fmt: skip
    return MessageView(**(defaults | values))


def texts(parts: list[Paragraph]) -> str:
    return "\n".join(part.text for part in parts)


def shown(view: MessageView, **folds: Any) -> str:
    return texts(paragraphs(view, 0, Folds(expanded=True, **folds), SETTING))


@given(st.text(alphabet="ab \n>", max_size=120), st.data())
def test_unfolded_it_holds_every_word_of_the_text(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=4, max_size=4)))
    view = message(text, quoted=((cuts[0], cuts[1]),), signature=(cuts[2], cuts[3]))
    body = shown(view, quotes=True, signature=True)
    words = [word for word in body.split() if set(word) <= set("ab>")]
    assert "".join(words) == "".join(text.split())


def test_folds_say_how_much_they_hide() -> None:
    text = "Hello\n> one\n> two\n> three\n-- \nAnna"
    view = message(text, quoted=((6, 25),), signature=(25, len(text)))
    body = shown(view)
    assert "▸ 3 quoted lines" in body
    assert "▸ signature" in body
    assert "two" not in body
    assert "▾ 3 quoted lines" in shown(view, quotes=True)


def test_the_senders_date_is_told_only_where_its_clock_cannot_be_right() -> None:
    def said(**values: Any) -> bool:
        return "dated by its sender" in shown(message(**values))

    assert not said(sent_at=AT - timedelta(seconds=7))
    assert not said(sent_at=None)
    assert said(sent_at=AT + timedelta(days=300))
    assert not said(sent_at=AT + timedelta(days=300), direction="out")


def test_headers_name_the_real_address_and_warn() -> None:
    view = message(
        sender=Person("bank@good.example", "eve@evil.example"),
        flags=("name-has-address", "reply-to-differs"),
        reply_to=(Person("", "x@evil.example"),),
    )
    body = shown(view)
    assert "bank@good.example <eve@evil.example>" in body
    assert "⚠ The name contains another address" in body
    assert "answers go to: x@evil.example" in body


def test_a_changed_subject_is_shown_and_a_reply_prefix_is_not() -> None:
    assert "subject:" not in shown(message(subject="AW: Odp: pokój"))
    assert "subject: Re: Invoice" in shown(message(subject="Re: Invoice"))


def test_links_show_where_they_really_go() -> None:
    body = shown(
        message(links=(("https://good.example", "https://evil.example"), ("https://a.example", "https://a.example")))
    )
    assert "[1] https://good.example → https://evil.example" in body
    assert "[2] https://a.example" in body
    many = message(links=tuple((str(n), f"https://{n}.example") for n in range(9)))
    assert "▸ 9 links" in shown(many)
    assert "https://8.example" not in shown(many)
    assert "https://8.example" in shown(many, links=True)


def test_attachments_invitation_and_problems_are_told() -> None:
    view = message(
        attachments=(AttachmentView(1, 0, "[b]offer.pdf", "application/pdf", 1_234_567),),
        invitation=InvitationView("REQUEST", "Check-in", "2026-07-12", "", "Lobby", "r@x.example"),
        problem="too deep",
        complete=False,
        automatic="auto-reply",
    )
    body = shown(view)
    assert "⊞ [b]offer.pdf  application/pdf · 1.2 MB" in body
    assert "◷ Invitation: Check-in" in body
    assert "where: Lobby" in body
    assert "Could not be read whole: too deep" in body
    assert "only its text was fetched" in body
    assert "automatic mail (auto-reply)" in body


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2026-12-03 10:00:00+00:00", "2026-12-03 11:30:00+00:00", "when: Thu 3 Dec 11:00 – 12:30\n"),
        ("2026-12-31 22:30:00+00:00", "2026-12-31 23:30:00+00:00", "when: Thu 31 Dec 23:30 – Fri 1 Jan 2027 00:30\n"),
        ("2026-12-03", "2026-12-05", "when: Thu 3 Dec – Sat 5 Dec\n"),
        ("2026-12-03", "", "when: Thu 3 Dec\n"),
        ("next week", "", "when: next week\n"),
    ],
)
def test_an_invitation_is_told_in_the_propertys_hours(start: str, end: str, said: str) -> None:
    view = message(invitation=InvitationView("REQUEST", "Check-in", start, end, "", ""))
    setting = Setting(AT, ZoneInfo("Europe/Madrid"), "Pokój", 78)
    assert said in texts(paragraphs(view, 0, Folds(expanded=True), setting)) + "\n"


def test_a_collapsed_message_is_two_lines() -> None:
    parts = paragraphs(message("one two\nthree\n> quoted", quoted=((14, 22),)), 0, Folds(), SETTING)
    assert [part.text for part in parts][1:] == ["one two three"]


def test_lines_broken_by_a_program_are_joined_only_where_the_break_was_forced() -> None:
    words = "reception " * 20
    broken = textwrap.wrap(words, 72)
    assert reflow(broken, 50) == [words.strip()]
    assert reflow(broken, 80) == broken
    ended = [broken[0], "reception closes.", "Kind regards,", "Anna"]
    assert reflow(ended, 50) == [f"{broken[0]} reception closes.", "Kind regards,", "Anna"]
    listed = [broken[0], "- " + broken[1][2:]]
    assert reflow(listed, 50) == listed
    poem = ["short", "a considerably longer line", "short"]
    assert reflow(poem, 20) == poem
    assert reflow([], 10) == []
