"""Saving a file of a message of which only the text is here (SPEC §2)."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.desk.common.views import AttachmentView
from crm_tui.desk.correspondence.mailbox import Batch, Incoming
from crm_tui.desk.correspondence.prepare import prepare
from crm_tui.screens.mail import files
from tests.building import make_mail
from tests.screens.harness import Hotel
from tests.screens.opened import mail_screen, opened, press, until


def of(name: bytes) -> bytes:
    return make_mail(message_id="big@x", attachments=[("plan.pdf", "application/pdf", name)])


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    made = Hotel(tmp_path / "home", downloads=str(tmp_path / "saved")).open()
    made.account()
    return made


def partial(hotel: Hotel) -> AttachmentView:
    item = Incoming(prepare(of(b"")), received_at=hotel.clock.now(), complete=False)
    number = desk.mailbox.receive(hotel.ctx, Batch([item])).message_ids[0]
    found: AttachmentView = desk.reading.message(hotel.ctx, number).attachments[0]
    return found


async def test_it_is_fetched_and_then_saved(hotel: Hotel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LOOK_SECONDS", 0.02)
    item = partial(hotel)
    async with opened(hotel) as (app, pilot):
        await press(pilot, "2")
        mail_screen(app)._save([item])
        await until(pilot, lambda: any("is being fetched" in told.message for told in app._notifications))
        await until(pilot, lambda: desk.wishes.whole_asked(hotel.ctx, 0, 1 << 30) == [item.message_id])
        assert not (tmp_path / "saved" / "plan.pdf").exists()
        desk.completing.complete(hotel.ctx, item.message_id, prepare(of(b"the plan")))
        await until(pilot, lambda: (tmp_path / "saved" / "plan.pdf").exists())
        await until(pilot, lambda: any("Saved as" in told.message for told in app._notifications))
    assert (tmp_path / "saved" / "plan.pdf").read_bytes() == b"the plan"


async def test_why_it_does_not_come_is_told(hotel: Hotel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LOOK_SECONDS", 0.02)
    item = partial(hotel)
    async with opened(hotel) as (app, pilot):
        await press(pilot, "2")
        mail_screen(app)._save([item])
        await until(pilot, lambda: desk.wishes.whole_asked(hotel.ctx, 0, 1 << 30) == [item.message_id])
        desk.wishes.refuse_whole(hotel.ctx, item.message_id, "The server has gone.")
        await until(pilot, lambda: any("server has gone" in told.message for told in app._notifications))
    assert not (tmp_path / "saved" / "plan.pdf").exists()
