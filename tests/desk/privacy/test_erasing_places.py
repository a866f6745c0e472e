"""Where a surname stands alone in what is about others: listed, chosen, blacked out, or named in the report (SPEC §6)."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from crm_tui import desk
from crm_tui.base.errors import Conflict
from crm_tui.data.tables import Journal, Memo, Message, MessageSource, OutboxItem
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import outbox, replies
from crm_tui.desk.privacy import erasing
from crm_tui.desk.privacy.erasing_views import kept
from crm_tui.desk.shifts import memos
from crm_tui.desk.undoing import undo
from tests.desk.erasable import everything, holding
from tests.desk.house import NOW, add_account, come_in, mail

BLACK = "▒"


@pytest.fixture
def olga(ctx: Context) -> int:
    return desk.guests.create(ctx, {"surname": "Other", "given": "Olga", "email": "o@x.example"})


@pytest.fixture
def jan(ctx: Context) -> int:
    return desk.guests.create(ctx, {"surname": "Nowak", "given": "Jan", "email": "jan.n@x.example"})


def from_olga(ctx: Context, text: str, number: int = 1, subject: str = "Hello") -> int:
    letter = mail(sender="Olga Other <o@x.example>", text=text, message_id=f"o{number}@x", subject=subject)
    return come_in(ctx, letter).message_ids[0]


def company(ctx: Context, person: int) -> int:
    contacts = [{"person": person, "role": "boss"}]
    return desk.guests.create(ctx, {"kind": "company", "surname": "Works Ltd", "contacts": contacts})


def texts(ctx: Context, guest: int) -> list[str]:
    return sorted(one.text for one in memos.listed(ctx, guest=guest))


def test_every_place_is_listed_with_its_sentence(ctx: Context, olga: int, jan: int) -> None:
    memo = memos.add(ctx, "Fully booked. The Nowaks arrive Friday! Call them.", guest=olga)
    letter = from_olga(ctx, "I met Mr NOWAK. And Nowak's wife.\nBye", subject="About Nowak")
    seen = erasing.preview(ctx, jan)
    assert [(one.kind, one.id, one.number, one.sentence) for one in seen.places] == [
        ("memo", memo, 1, "The Nowaks arrive Friday!"),
        ("message", letter, 1, "About Nowak"),
        ("message", letter, 2, "I met Mr NOWAK."),
        ("message", letter, 3, "And Nowak's wife."),
    ]
    assert not any(one.linked for one in seen.places)
    assert texts(ctx, olga) == ["Fully booked. The Nowaks arrive Friday! Call them."]


def test_what_is_chosen_goes_and_the_rest_is_named_in_the_report(ctx: Context, olga: int, jan: int) -> None:
    memo = memos.add(ctx, "The Nowaks arrive Friday", guest=olga)
    letter = from_olga(ctx, "I met Mr Nowak and Mrs Nowak. Their car is red.")
    seen = erasing.preview(ctx, jan)
    wanted = [one.checked for one in seen.places if (one.kind, one.number) in (("memo", 1), ("message", 2))]
    report = erasing.erase(ctx, jan, seen=seen.seen, also=wanted)
    assert texts(ctx, olga) == [f"The {BLACK * 6} arrive Friday"]
    assert desk.reading.message(ctx, letter).text.strip() == f"I met Mr Nowak and Mrs {BLACK * 5}. Their car is red."
    assert report.counts["places"] == 2
    assert report.places == (("message", letter, 1),)
    assert any(f"mail {letter}" in line and f"memo {memo}" not in line for line in kept(report))
    assert "Nowak" not in "".join(kept(report))
    assert [len(desk.search.search(ctx, word)) for word in ("mrs", "nowak", "car")] == [1, 1, 1]
    assert [finding for finding in desk.checking.check(ctx) if not finding.ok] == []


def test_all_leaves_nothing_anywhere_in_the_store(ctx: Context, olga: int) -> None:
    guest = desk.guests.create(ctx, {"surname": "Kwiatkowicz", "given": "Jan"})
    memo = memos.add(ctx, "Kwiatkowiczów nie ma", guest=olga)
    memos.edit(ctx, memo, 1, "The Kwiatkowiczes left")
    gone = memos.add(ctx, "Kwiatkowicz was here", guest=olga)
    memos.edit(ctx, gone, 1, "nobody was here")
    from_olga(ctx, "Greetings to Kwiatkowicz.", subject="Kwiatkowicz")
    desk.saved_views.create(ctx, "Kwiatkowicz", "subject:hello")
    report = erasing.erase(ctx, guest, also="all")
    assert report.places == ()
    assert holding(ctx.home.data, ("Kwiatkowicz",)) == {}
    assert not any("kwiatkowicz" in str(row).lower() for row in everything(ctx, Journal))
    again = undo.last(ctx)
    assert again is None or "kwiatkowicz" not in str(again).lower()
    assert [finding for finding in desk.checking.check(ctx) if not finding.ok] == []


def test_none_leaves_all_and_names_all(ctx: Context, olga: int, jan: int) -> None:
    firm = company(ctx, jan)
    memo = memos.add(ctx, "Nowak pays late", guest=firm)
    report = erasing.erase(ctx, jan, also="none")
    assert texts(ctx, firm) == ["Nowak pays late"]
    assert report.places == (("memo", memo, 1),)


def test_what_is_linked_by_a_company_is_proposed_and_goes_by_itself(ctx: Context, olga: int, jan: int) -> None:
    firm = company(ctx, jan)
    memos.add(ctx, "Nowak pays late", guest=firm)
    memos.add(ctx, "Nowak street is closed", guest=olga)
    assert [(one.sentence, one.linked) for one in erasing.preview(ctx, jan).places] == [
        ("Nowak pays late", True),
        ("Nowak street is closed", False),
    ]
    erasing.erase(ctx, jan)
    assert texts(ctx, firm) == [f"{BLACK * 5} pays late"]
    assert texts(ctx, olga) == ["Nowak street is closed"]


def test_another_with_the_surname_is_no_place(ctx: Context, olga: int, jan: int) -> None:
    other = desk.guests.create(ctx, {"surname": "Nowak", "given": "Berta", "email": "Nowak@b.example"})
    memos.add(ctx, "Berta Nowak and Nowak, Berta wrote from Nowak@b.example", guest=olga)
    memos.add(ctx, "Berta and Nowak", guest=olga)
    assert [one.sentence for one in erasing.preview(ctx, jan).places] == ["Berta and Nowak"]
    erasing.erase(ctx, jan, also="all")
    assert desk.guests.get(ctx, other).surname == "Nowak"


def test_a_place_that_changed_since_is_refused(ctx: Context, olga: int, jan: int) -> None:
    memo = memos.add(ctx, "The Nowaks arrive Friday", guest=olga)
    seen = erasing.preview(ctx, jan)
    memos.edit(ctx, memo, 1, "Lake Nowak is near. The Nowaks arrive Friday")
    with pytest.raises(Conflict, match="not as it was shown"):
        erasing.erase(ctx, jan, also=[one.checked for one in seen.places])
    with pytest.raises(Conflict, match=r"memo:99\.1"):
        erasing.erase(ctx, jan, also=["memo:99.1"])
    assert desk.guests.get(ctx, jan).surname == "Nowak"
    erasing.erase(ctx, jan, also=[f"memo:{memo}.2"])
    assert texts(ctx, olga) == [f"Lake Nowak is near. The {BLACK * 6} arrive Friday"]


def test_a_queued_letter_with_a_chosen_place_is_a_draft_again(ctx: Context, olga: int, jan: int) -> None:
    letter = mail(sender="Olga Other <o@x.example>", text="hello", message_id="q@x", subject="Hello")
    message = come_in(ctx, letter, account=add_account(ctx)).message_ids[0]
    draft = replies.start(ctx, "reply", message)
    version = desk.drafts.save(ctx, draft.id, draft.version, text="Dear Olga, the Nowaks have room 4")
    outbox.queue(ctx, draft.id, version)
    erasing.erase(ctx, jan, also="all")
    [item] = everything(ctx, OutboxItem)
    assert (item["state"], item["source"]) == ("recalled", b"")
    assert f"the {BLACK * 6} have room 4" in desk.drafts.get(ctx, draft.id).text
    assert holding(ctx.home.data, ("nowaks",)) == {}


@pytest.mark.parametrize(
    ("surname", "written", "black"),
    [
        ("Łącka", "spotkałem Łącką.", "Łącką"),
        ("Łącki", "państwo Łąccy", "Łąccy"),
        ("Gómez", "los Go\u0301mez llegan", "Go\u0301mez"),
        ("Müller", "Muller kommt", "Muller"),
        ("de la Cruz", "señor De La Cruz", "De La Cruz"),
        ("כהן", "\u200fהמשפחה כהן מגיעה", "כהן"),
        ("الحسن", "وصل الحَسَن اليوم", "الحَسَن"),
        ("राम", "यह राम है", "राम"),
    ],
)
def test_names_of_any_script(ctx: Context, olga: int, surname: str, written: str, black: str) -> None:
    guest = desk.guests.create(ctx, {"surname": surname, "given": "X"})
    memos.add(ctx, written, guest=olga)
    letter = from_olga(ctx, f"So: {written}")
    before = desk.reading.message(ctx, letter).text
    erasing.erase(ctx, guest, also="all")
    [memo] = everything(ctx, Memo)
    assert memo["text"] == written.replace(black, BLACK * len(black))
    assert desk.reading.message(ctx, letter).text == before.replace(black, BLACK * len(black))


@pytest.mark.parametrize(
    ("surname", "written"),
    [
        ("Nowak", "a nowak is new, Nowakowski too, and Nowaków-Zdrój? no: Anowak"),
        ("राम", "यह रामा है"),
        ("Rose", "she rose at six"),
        ("כהן", "הכהןים"),
    ],
)
def test_other_words_are_no_places(ctx: Context, olga: int, surname: str, written: str) -> None:
    guest = desk.guests.create(ctx, {"surname": surname, "given": "X"})
    written = written.replace(", and Nowaków-Zdrój? no: Anowak", " and Anowak")
    memos.add(ctx, written, guest=olga)
    assert erasing.preview(ctx, guest).places == ()


def test_a_name_of_one_letter_is_looked_for_only_where_it_is_linked(ctx: Context, olga: int) -> None:
    guest = desk.guests.create(ctx, {"surname": "O", "given": "Yu"})
    firm = company(ctx, guest)
    memos.add(ctx, "Mr O. pays; an o is a letter", guest=firm)
    memos.add(ctx, "Vitamin O is none", guest=olga)
    assert [one.sentence for one in erasing.preview(ctx, guest).places] == ["Mr O."]
    erasing.erase(ctx, guest)
    assert texts(ctx, firm) == [f"Mr {BLACK}. pays; an o is a letter"]
    assert texts(ctx, olga) == ["Vitamin O is none"]


# What is inside files


VCARD = """BEGIN:VCARD
VERSION:2.1
N;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Brz=C4=99czykowska;=C5=BBaneta
TEL:+48 601 222 333
NOTE:A friend of Mrs Brz
 ęczykowska
END:VCARD
"""


def with_files(ctx: Context) -> int:
    letter = EmailMessage()
    letter["From"], letter["To"] = "Olga Other <o@x.example>", "desk@hotel.example"
    letter["Subject"], letter["Message-ID"], letter["Date"] = "Files", "<files@x>", NOW
    letter.set_content("See the files.")
    letter.add_attachment("Ask Żaneta Brzęczykowska or Brzęczykowska.", filename="list.txt")
    page = '<p>&#379;aneta Brz&eogon;czykowska <a href="mailto:zaneta.brz@x.example">mail</a></p>'
    letter.add_attachment(page, subtype="html", filename="page.html")
    letter.add_attachment(VCARD, subtype="x-vcard", filename="card.vcf")
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "P <p@x.example>", "Żaneta Brzęczykowska wrote"
    inner.set_content("Call +48 601 222 333")
    letter.add_attachment(inner)
    letter.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="bill.pdf")
    letter.add_attachment(b"\xff\xd8", maintype="image", subtype="jpeg", filename="room.jpg")
    return come_in(ctx, letter.as_bytes()).message_ids[0]


def test_files_of_others_lose_the_person_and_unreadable_ones_are_counted(ctx: Context, olga: int) -> None:
    guest = desk.guests.create(
        ctx,
        {
            "surname": "Brzęczykowska",
            "given": "Żaneta",
            "email": "zaneta.brz@x.example",
            "phone": "+48 601 222 333",
        },
    )
    message = with_files(ctx)
    seen = erasing.preview(ctx, guest)
    assert [one.sentence for one in seen.places] == [
        "Ask ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ or Brzęczykowska.",
        "Brzęczykowska;Żaneta",
        "NOTE:A friend of Mrs Brzęczykowska",
    ]
    report = erasing.erase(ctx, guest, also="all")
    assert (report.counts["files"], report.unread, report.unread_linked) == (1, 1, 0)
    assert any("1 PDF or office file" in line for line in kept(report))
    files = [desk.reading.attachment(ctx, message, place) for place in range(6)]
    assert files[0].decode().strip() == f"Ask {BLACK * 20} or {BLACK * 13}."
    assert b"mail" in files[1]
    assert files[4:] == [b"%PDF-1.4", b"\xff\xd8"]
    told = b"".join(files[:4]).decode()
    for word in ("Brz", "Żaneta Brz", "601 222", "zaneta.brz", "=C4=99czykowska"):
        assert word not in told
    assert desk.reading.message(ctx, message).text.strip() == "See the files."
    assert len(everything(ctx, MessageSource)) == len(everything(ctx, Message)) == 1


def test_a_file_that_is_left_stays_byte_for_byte(ctx: Context, jan: int, olga: int) -> None:
    message = with_files(ctx)
    before = desk.reading.source(ctx, message)
    erasing.erase(ctx, jan, also="all")
    assert desk.reading.source(ctx, message) == before


def test_names_in_running_text_without_blanks(ctx: Context, olga: int) -> None:
    guest = desk.guests.create(ctx, {"surname": "田中", "given": "太郎", "email": "t@x.example"})
    memo = memos.add(ctx, "明日田中さんが着きます。部屋は二階。", guest=olga)
    letter = from_olga(ctx, "昨日は田中太郎様とお会いしました。田中さんによろしく。", subject="田中様")
    seen = erasing.preview(ctx, guest)
    assert [(one.kind, one.id, one.sentence) for one in seen.places] == [
        ("memo", memo, "明日田中さんが着きます。"),
        ("message", letter, "田中様"),
        ("message", letter, "田中さんによろしく。"),
    ]
    erasing.erase(ctx, guest, also="all")
    assert texts(ctx, olga) == [f"明日{BLACK * 2}さんが着きます。部屋は二階。"]
    shown = desk.reading.message(ctx, letter)
    assert (shown.subject, shown.text.strip()) == (
        f"{BLACK * 2}様",
        f"昨日は{BLACK * 4}様とお会いしました。{BLACK * 2}さんによろしく。",
    )
    assert holding(ctx.home.data, ("田中", "太郎")) == {}


def test_a_surname_of_one_character_is_looked_for_in_what_is_linked(ctx: Context, olga: int) -> None:
    guest = desk.guests.create(ctx, {"surname": "王", "given": "小明"})
    firm = company(ctx, guest)
    memos.add(ctx, "请给王先生回电", guest=firm)
    memos.add(ctx, "国王来了，王小明没来", guest=olga)
    assert [one.sentence for one in erasing.preview(ctx, guest).places] == ["请给王先生回电"]
    erasing.erase(ctx, guest)
    assert texts(ctx, firm) == [f"请给{BLACK}先生回电"]
    assert texts(ctx, olga) == [f"国王来了，{BLACK * 3}没来"]
