"""Beginning replies, forwards and new mail (SPEC §5)."""

from __future__ import annotations

import pytest

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import set_language
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import drafts, outbox, reading, replies, sent_copies
from crm_tui.mail.parse import parse
from crm_tui.rules import subjects
from tests.desk.house import ADDRESS, add_account, come_in, mail


def test_reply_goes_to_the_sender_from_the_account_it_came_to(ctx: Context) -> None:
    first = add_account(ctx)
    second = add_account(ctx, "booking@hotel.example")
    received = come_in(ctx, mail(to=f"booking@hotel.example, {ADDRESS.replace('desk', 'x')}"), account=first)
    draft = replies.start(ctx, "reply", received.message_ids[0])
    assert draft.to == "Marta Guest <marta@example.org>"
    assert draft.cc == ""
    assert draft.subject == "Re: Room in August"
    assert draft.account == second
    assert "\n-- \nHotel Sol\nReception\n" in draft.text
    assert "> Do you have a room?" in draft.text
    assert draft.text.startswith("\n")


def test_reply_all_names_everyone_once_but_ourselves(ctx: Context) -> None:
    add_account(ctx, aliases="Front@hotel.example")
    received = come_in(
        ctx,
        mail(
            to=f"{ADDRESS}, Pedro <pedro@example.org>, front@HOTEL.example",
            Cc="boss@agency.example, PEDRO@example.org, marta@example.org",
        ),
    )
    draft = replies.start(ctx, "reply_all", received.message_ids[0])
    assert draft.to == "Marta Guest <marta@example.org>, Pedro <pedro@example.org>"
    assert draft.cc == "boss@agency.example"


def test_reply_to_is_respected_and_own_mail_is_answered_to_its_recipient(ctx: Context) -> None:
    add_account(ctx)
    relay = come_in(ctx, mail(Reply_To="Relay <x1@guest.booking.example>", message_id="a@x"))
    assert replies.start(ctx, "reply", relay.message_ids[0]).to == "Relay <x1@guest.booking.example>"
    own = come_in(ctx, mail(sender=ADDRESS, to="Marta Guest <marta@example.org>", message_id="b@x"))
    assert replies.start(ctx, "reply", own.message_ids[0]).to == "Marta Guest <marta@example.org>"


def test_only_what_was_seen_is_quoted(ctx: Context) -> None:
    add_account(ctx)
    html = (
        "From: marta@example.org\r\nTo: desk@hotel.example\r\nSubject: Hola\r\nMessage-ID: <h@x>\r\n"
        "Content-Type: text/html; charset=utf-8\r\n\r\n"
        "<p>Visible words</p><div style='display:none'>hidden bait</div><p style='font-size:0'>tiny bait</p>\r\n"
    )
    received = come_in(ctx, html.encode())
    text = replies.start(ctx, "reply", received.message_ids[0]).text
    assert "> Visible words" in text
    assert "bait" not in text


def test_folded_quotes_and_signature_are_not_quoted_again(ctx: Context) -> None:
    add_account(ctx)
    body = "New question\r\n\r\nOn Mon, 1 Jun 2026, Hotel wrote:\r\n> old answer\r\n> older\r\n\r\n-- \r\nMarta\r\n+34 600\r\n"
    received = come_in(ctx, mail(text=body))
    view = reading.message(ctx, received.message_ids[0])
    assert view.quoted, "the parsing room found no quote to fold"
    text = replies.start(ctx, "reply", received.message_ids[0]).text
    assert "> New question" in text
    assert "old answer" not in text


def test_an_old_prefix_is_not_doubled(ctx: Context) -> None:
    add_account(ctx)
    for number, subject in enumerate(("RE: hi", "Re : hi", "Odp: hi", "AW: hi", "re[2]: hi")):
        received = come_in(ctx, mail(subject=subject, message_id=f"{number}@x"))
        assert replies.start(ctx, "reply", received.message_ids[0]).subject == subject
    assert subjects.forward_subject("Re: hi") == "Fwd: Re: hi"


def test_forward_carries_the_files_on_choice(ctx: Context) -> None:
    add_account(ctx)
    raw = (
        "From: marta@example.org\r\nTo: desk@hotel.example\r\nSubject: Passport\r\nMessage-ID: <p@x>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n"
        "See attached\r\n--b\r\nContent-Type: application/pdf; name=pass.pdf\r\n"
        "Content-Disposition: attachment; filename=pass.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nUERG\r\n--b--\r\n"
    )
    received = come_in(ctx, raw.encode())
    with_files = replies.start(ctx, "forward", received.message_ids[0])
    assert [(f.name, f.type, f.size) for f in with_files.files] == [("pass.pdf", "application/pdf", 3)]
    assert with_files.to == ""
    assert with_files.conversation is None
    assert with_files.subject == "Fwd: Passport"
    assert "See attached" in with_files.text
    drafts.drop(ctx, with_files.id)
    assert replies.start(ctx, "forward", received.message_ids[0], with_files=False).files == ()


def test_a_draft_is_taken_up_again_and_survives(ctx: Context) -> None:
    add_account(ctx)
    message = come_in(ctx, mail()).message_ids[0]
    draft = replies.start(ctx, "reply", message)
    assert not draft.resumed
    version = drafts.save(ctx, draft.id, draft.version, text="Half a sen", subject="Re: other")
    again = replies.start(ctx, "reply_all", message)
    assert (again.id, again.resumed, again.text, again.subject) == (draft.id, True, "Half a sen", "Re: other")
    assert again.version == version
    assert [one.id for one in drafts.mine(ctx)] == [draft.id]


def test_a_stale_draft_overwrites_nothing(ctx: Context) -> None:
    add_account(ctx)
    draft = replies.new(ctx, to="x@example.org")
    drafts.save(ctx, draft.id, draft.version, text="first window")
    with pytest.raises(Conflict):
        drafts.save(ctx, draft.id, draft.version, text="second window")
    assert drafts.get(ctx, draft.id).text == "first window"
    drafts.drop(ctx, draft.id)
    drafts.drop(ctx, draft.id)
    with pytest.raises(NotFound):
        drafts.save(ctx, draft.id, 2, text="x")


def test_files_of_a_draft(ctx: Context) -> None:
    add_account(ctx)
    draft = replies.new(ctx)
    file = drafts.attach(ctx, draft.id, "../../etc/\x1b[31mmenu.pdf", b"x" * 10)
    assert file.name == "[31mmenu.pdf"
    assert file.type == "application/pdf"
    with pytest.raises(InvalidInput, match="MiB"):
        drafts.attach(ctx, draft.id, "big", b"x" * drafts.MOST_BYTES)
    drafts.detach(ctx, draft.id, file.id)
    assert drafts.get(ctx, draft.id).files == ()


def test_nothing_can_be_written_without_an_account(ctx: Context) -> None:
    with pytest.raises(InvalidInput, match="no account"):
        replies.new(ctx)


def test_surrogates_and_nul_never_reach_the_store(ctx: Context) -> None:
    add_account(ctx)
    draft = replies.new(ctx)
    drafts.save(ctx, draft.id, draft.version, text="a\0b\ud800c", subject="\udfff")
    assert drafts.get(ctx, draft.id).text == "ab?c"


def test_a_reply_goes_out_from_the_alias_that_the_guest_wrote_to(ctx: Context) -> None:
    account = add_account(ctx, aliases="front@hotel.example, spa@hotel.example")
    to_alias = come_in(ctx, mail(to="Spa <SPA@hotel.example>", message_id="a@x"), account=account).message_ids[0]
    both = come_in(ctx, mail(to=f"spa@hotel.example, {ADDRESS}", message_id="b@x"), account=account).message_ids[0]
    for message, kind, sender in (
        (to_alias, "reply", "spa@hotel.example"),
        (to_alias, "forward", ADDRESS),
        (both, "reply", ADDRESS),
    ):
        draft = replies.start(ctx, kind, message)
        assert draft.sender == sender
        version = drafts.save(ctx, draft.id, draft.version, to="x@example.org", text="Yes.")
        item = outbox.queue(ctx, draft.id, version)
        assert item.sender == sender
        sent = parse(sent_copies.wire_source(ctx, item.id))
        assert (sent.sender.name, sent.sender.address) == ("Hotel Sol", sender)


def test_a_long_mail_is_quoted_whole(ctx: Context) -> None:
    add_account(ctx)
    lines = [f"line {number} of a very long story" for number in range(9_000)]
    text = "\r\n".join(lines)
    assert len(text) > 200_000
    message = come_in(ctx, mail(text=text)).message_ids[0]
    for kind in ("reply", "forward"):
        draft = replies.start(ctx, kind, message)
        assert [line for line in draft.text.splitlines() if line.startswith("> line")] == [
            f"> {line}" for line in lines
        ]
        assert "[…" not in draft.text


@pytest.mark.parametrize("kind", ["reply", "forward"])
def test_a_quote_that_no_mail_can_hold_says_how_much_is_missing(
    ctx: Context, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replies, "LONGEST_QUOTE", 100)
    add_account(ctx)
    draft = replies.start(ctx, kind, come_in(ctx, mail(text="word " * 100)).message_ids[0])
    assert draft.text.rstrip().splitlines()[-1] == "> [… 400 more characters are not quoted …]"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "Hola, quisiera una habitación para dos personas en agosto, gracias",
            "El 01/07/2026 a las 09:00, Marta Guest escribió:",
        ),
        (
            "Dzień dobry, czy są wolne pokoje? Proszę o ofertę, pozdrawiam",
            "W dniu 01.07.2026 o 09:00 Marta Guest napisał(a):",
        ),
        (
            "Bonjour, je voudrais une chambre pour nous, merci, cordialement",
            "Le 01/07/2026 à 09:00, Marta Guest a écrit :",
        ),
        (
            "Do you have a room for us in August? Thank you and kind regards",
            "On 01/07/2026 at 09:00, Marta Guest wrote:",
        ),
        ("?", "On 01/07/2026 at 09:00, Marta Guest wrote:"),
    ],
)
def test_the_line_above_the_quote_is_in_the_guests_language(ctx: Context, text: str, line: str) -> None:
    add_account(ctx)
    set_language("pl")
    try:
        draft = replies.start(ctx, "reply", come_in(ctx, mail(text=text)).message_ids[0])
    finally:
        set_language("en")
    assert f"\n{line}\n>" in draft.text
