"""First runs, later runs, flags both ways, what moved and what is gone, on three servers (SPEC §2, I14, I18)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from crm_tui.base.errors import AuthFailed, Cancelled
from crm_tui.base.progress import CancelEvent, NullProgress
from crm_tui.desk.correspondence import flags
from crm_tui.engine import sync_mailbox
from crm_tui.engine.sync_fetch import FIRST_BATCH
from crm_tui.mail.imap import ImapSession
from tests.engine.sync.helpers import Desk, Linked, check_consistency, new_user
from tests.mail.imap.helpers import connect, mail
from tests.servers.pymap_server import Pymap


@dataclass
class House:
    """A desk, its account, and a second client of the same mailbox."""

    desk: Desk
    account: Linked
    other: ImapSession

    def deliver(self, *numbers: int, folder: bytes = b"INBOX") -> None:
        for number in numbers:
            self.other.append(folder, mail(number), flags=())

    def uid(self, number: int, folder: bytes = b"INBOX") -> int:
        self.other.select(folder)
        (uid,) = self.other.search_message_id(f"m{number}@example.org")
        return uid

    def ids(self) -> dict[str, int]:
        return {row[0]: row[1] for row in self.desk.rows("SELECT message_id, id FROM message")}


@pytest.fixture(
    params=[
        pytest.param("dovecot", marks=[pytest.mark.dovecot, pytest.mark.xdist_group("dovecot")]),
        pytest.param("plain_dovecot", marks=[pytest.mark.dovecot, pytest.mark.xdist_group("plain_dovecot")]),
        "pymap",
    ]
)
def house(request: pytest.FixtureRequest, desk: Desk) -> Iterator[House]:
    server = request.getfixturevalue(request.param)
    user = "desk" if isinstance(server, Pymap) else new_user()
    other = connect(server.port, user, timeout=20)
    yield House(desk, desk.link(server.port, user), other)
    other.logout()


class Recorder(NullProgress):
    """Remembers the steps and counts, and what was stored by then."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.steps: list[tuple[str, int | None]] = []
        self.seen: list[tuple[int, int]] = []

    def step(self, title: str, total: int | None = None) -> None:
        self.steps.append((title, total))

    def count(self, done: int) -> None:
        self.seen.append((done, self.desk.one("SELECT count(*) FROM message")))


def test_first_run_is_newest_first_in_growing_batches(house: House) -> None:
    house.deliver(*range(1, 131))
    recorder = Recorder(house.desk)
    result = house.desk.sync(house.account, progress=recorder)["INBOX"]
    assert (result.new, result.changed, result.gone, result.error) == (130, 0, 0, "")
    assert recorder.steps[0] == ("INBOX", 130)
    assert recorder.seen[0] == (FIRST_BATCH, FIRST_BATCH)
    assert recorder.seen[-1] == (130, 130)
    first = house.desk.rows("SELECT message_id FROM message WHERE id <= :n", n=FIRST_BATCH)
    assert {row[0] for row in first} == {f"m{number}@example.org" for number in range(81, 131)}
    cursor = house.desk.cursor(house.account)
    assert cursor.complete
    check_consistency(house.desk, house.account, house.other)


def test_a_long_first_run_lets_new_mail_and_other_mailboxes_through(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync_mailbox, "FIRST_SLICE", 40)
    monkeypatch.setattr(sync_mailbox, "SLICE_SECONDS", 0.0)
    sent = next((box.wire for box in house.other.list_mailboxes() if box.special == "sent"), b"Sent")
    house.other.create(sent)
    house.deliver(*range(1, 101))
    house.deliver(*range(201, 211), folder=sent)

    class Deliver(Recorder):
        def count(self, done: int) -> None:
            super().count(done)
            if len(self.seen) == 1:
                house.deliver(150)
                flags.set_locally(house.desk.ctx, [house.ids()["m100@example.org"]], seen=True)

    recorder = Deliver(house.desk)
    results = house.desk.sync(house.account, progress=recorder)
    assert (results["INBOX"].new, results["Sent"].new) == (101, 10)
    assert recorder.steps == [("INBOX", 100), ("Sent", 10), ("INBOX", 1), ("INBOX", 100), ("INBOX", 100)]
    assert [done for done, _stored in recorder.seen] == [40, 10, 1, 80, 100]
    assert house.desk.flags(house.account)["m100@example.org"] == "S"
    check_consistency(house.desk, house.account, house.other)
    assert house.desk.sync(house.account)["INBOX"].new == 0


def test_a_second_run_finds_nothing(house: House) -> None:
    house.deliver(1, 2, 3)
    house.desk.sync(house.account)
    before = house.desk.one("SELECT max(id) FROM journal")
    result = house.desk.sync(house.account)["INBOX"]
    assert (result.new, result.changed, result.gone, result.error) == (0, 0, 0, "")
    assert house.desk.one("SELECT max(id) FROM journal") == before


def test_an_empty_mailbox(house: House) -> None:
    assert house.desk.sync(house.account)["INBOX"].new == 0
    house.deliver(1)
    assert house.desk.sync(house.account)["INBOX"].new == 1
    check_consistency(house.desk, house.account, house.other)


def test_new_changed_and_gone(house: House) -> None:
    house.deliver(1, 2, 3, 4)
    house.desk.sync(house.account)
    house.deliver(5, 6)
    uid = house.uid(1)
    house.other.store_flags([uid], ["\\Seen", "\\Flagged"], add=True)
    gone = house.uid(2)
    house.other.delete([gone])
    if not house.other.can("UIDPLUS"):
        house.other.wire._simple_command("EXPUNGE")
    result = house.desk.sync(house.account)["INBOX"]
    assert (result.new, result.changed, result.gone, result.error) == (2, 1, 1, "")
    assert house.desk.flags(house.account) == {
        "m1@example.org": "SF",
        "m3@example.org": "",
        "m4@example.org": "",
        "m5@example.org": "",
        "m6@example.org": "",
    }
    assert "m2@example.org" in house.ids()  # gone from the mailbox, never from the history
    again = house.desk.sync(house.account)["INBOX"]
    assert (again.new, again.changed, again.gone) == (0, 0, 0)
    house.other.store_flags([uid], ["\\Seen"], add=False)
    assert house.desk.sync(house.account)["INBOX"].changed == 1
    assert house.desk.flags(house.account)["m1@example.org"] == "F"
    check_consistency(house.desk, house.account, house.other)


def test_flags_of_the_desk_reach_the_server(house: House) -> None:
    house.deliver(1, 2, 3)
    house.desk.sync(house.account)
    ids = house.ids()
    flags.set_locally(house.desk.ctx, [ids["m1@example.org"], ids["m2@example.org"]], seen=True, answered=True)
    flags.set_locally(house.desk.ctx, [ids["m3@example.org"]], flagged=True)
    house.desk.sync(house.account)
    house.other.select(b"INBOX")
    told = house.other.flags_of(house.other.search("ALL"))
    assert [set(told[uid]) - {"\\Recent"} for uid in sorted(told)] == [
        {"\\Seen", "\\Answered"},
        {"\\Seen", "\\Answered"},
        {"\\Flagged"},
    ]
    assert house.desk.one("SELECT count(*) FROM flag_change") == 0
    expected = {"m1@example.org": "SA", "m2@example.org": "SA", "m3@example.org": "F"}
    assert house.desk.flags(house.account) == expected
    house.desk.sync(house.account)
    assert house.desk.flags(house.account) == expected
    flags.set_locally(house.desk.ctx, [ids["m1@example.org"]], seen=False)
    house.desk.sync(house.account)
    house.desk.sync(house.account)
    assert house.desk.flags(house.account)["m1@example.org"] == "A"


def test_the_desks_flag_wins_over_a_stale_server(house: House) -> None:
    house.deliver(1)
    house.desk.sync(house.account)
    flags.set_locally(house.desk.ctx, [house.ids()["m1@example.org"]], seen=True)
    house.other.store_flags([house.uid(1)], ["\\Flagged"], add=True)
    house.desk.sync(house.account)
    assert house.desk.flags(house.account) == {"m1@example.org": "SF"}


def test_i18_moved_by_another_client_is_the_same_message(house: House) -> None:
    house.deliver(1, 2)
    house.desk.sync(house.account)
    before = house.ids()
    sent = next(b.wire for b in house.other.list_mailboxes() if b.special == "sent") if _has_sent(house) else b"Sent"
    house.other.create(sent)
    house.desk.sync(house.account)
    house.desk.choose(house.account, "Sent")
    uid = house.uid(1)
    house.other.move([uid], sent)
    if not house.other.can("UIDPLUS") and not house.other.can("MOVE"):
        house.other.wire._simple_command("EXPUNGE")
    results = house.desk.sync(house.account)
    assert (results["INBOX"].gone, results["Sent"].new) == (1, 1)
    assert house.ids() == before
    assert [row[0] for row in _places(house.desk, before["m1@example.org"])] == ["Sent"]


def _has_sent(house: House) -> bool:
    return any(box.special == "sent" for box in house.other.list_mailboxes())


def _places(desk: Desk, message: int) -> list[tuple[str]]:
    return desk.rows(
        "SELECT b.name FROM location l JOIN mailbox b ON b.id = l.mailbox_id WHERE l.message_id = :m", m=message
    )


def test_the_same_mail_in_two_mailboxes_is_one_message(house: House) -> None:
    house.deliver(1)
    sent = next((b.wire for b in house.other.list_mailboxes() if b.special == "sent"), b"Sent")
    house.other.create(sent)
    house.deliver(1, folder=sent)
    results = house.desk.sync(house.account)
    assert (results["INBOX"].new, results["Sent"].new) == (1, 1)
    assert house.desk.one("SELECT count(*) FROM message") == 1
    assert house.desk.one("SELECT count(*) FROM location") == 2


def test_i17_message_ids_are_never_the_only_key(house: House) -> None:
    doubled = [mail(1, "first"), mail(1, "second")]
    without = [mail(2, "a").replace(b"Message-ID: <m2@example.org>\r\n", b"")] * 2
    for raw in [*doubled, *without]:
        house.other.append(b"INBOX", raw)
    house.desk.sync(house.account)
    assert house.desk.one("SELECT count(*) FROM message") == 3
    assert house.desk.one("SELECT count(*) FROM location") == 4
    assert house.desk.sync(house.account)["INBOX"].new == 0


def test_cancel_keeps_what_is_finished_and_the_next_run_carries_on(house: House) -> None:
    house.deliver(*range(1, 121))
    cancel = CancelEvent()

    class Stop(NullProgress):
        def count(self, done: int) -> None:
            cancel.set()

    with pytest.raises(Cancelled):
        house.desk.sync(house.account, progress=Stop(), cancel=cancel)
    cursor = house.desk.cursor(house.account)
    assert not cursor.complete
    assert house.desk.one("SELECT count(*) FROM message") == FIRST_BATCH
    check_consistency(house.desk, house.account, house.other)
    house.deliver(200)
    assert house.desk.sync(house.account)["INBOX"].new == 120 - FIRST_BATCH + 1
    check_consistency(house.desk, house.account, house.other)
    assert house.desk.cursor(house.account).complete


def test_a_wrong_password_is_raised(house: House) -> None:
    def connect_wrongly(_account: object, _stopped: object) -> ImapSession:
        session = ImapSession("127.0.0.1", house.account.port, "none", timeout=20)
        session.login(house.account.user, "wrong")
        return session

    from crm_tui.engine.sync import sync_account

    with pytest.raises(AuthFailed):
        sync_account(house.desk.ctx, house.account, connect_wrongly, NullProgress(), CancelEvent())
