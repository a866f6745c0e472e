"""A small desk around one screen: a real store, a real background, a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, TypeVar

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.base.errors import CrmError
from crm_tui.base.paths import Home, home_at
from crm_tui.base.settings import Settings
from crm_tui.desk.common.context import Actor, Context, open_context
from crm_tui.desk.common.views import AccountView, Count, SavedViewView
from crm_tui.desk.correspondence.mailbox import Batch, Incoming
from crm_tui.desk.correspondence.prepare import prepare
from crm_tui.desk.shifts.internal_views import Others
from crm_tui.screens import undoing
from crm_tui.screens.actions import ACTIONS
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.background import Background
from crm_tui.widgets.header import DeskStatus
from crm_tui.widgets.stylesheet import DeskStylesheet
from crm_tui.widgets.themes import desk_themes
from tests.building import empty_store_in, store_made_by

T = TypeVar("T")
NOW = datetime(2026, 11, 21, 13, 5, tzinfo=UTC)


class Desk(App[None]):
    """Stands in for the desk's App: everything screens may ask of it, nothing more."""

    CSS_PATH = str(Path(__file__).parents[2] / "crm_tui" / "screens" / "desk.tcss")
    BINDINGS = bindings(ACTIONS)

    def __init__(
        self, ctx: Context | None, home: Home, clock: FixedClock, settings: Settings, first: Screen[Any]
    ) -> None:
        super().__init__()
        self.stylesheet = DeskStylesheet(variables=self.get_css_variables())
        self.ctx, self.home, self.clock, self.settings = ctx, home, clock, settings
        self.background = Background()
        self.status = DeskStatus(property="Hotel Miramar", agent="Ana", opening=False)
        self.counts: dict[str, Count] = {}
        self.accounts: tuple[AccountView, ...] = ()
        self.views: tuple[SavedViewView, ...] = ()
        self.others = Others()
        self.zone: tzinfo = UTC
        self.first = first
        self.results: list[Any] = []
        self.reports: list[BaseException] = []
        self.told: list[str] = []
        self.went: list[str] = []
        self.writes: list[tuple[str, dict[str, Any]]] = []
        self.synced = 0
        for theme in desk_themes():
            self.register_theme(theme)
        self.theme = settings.theme

    def on_mount(self) -> None:
        self.push_screen(self.first, self.results.append)

    def on_unmount(self) -> None:
        self.background.close()

    def suspend(self) -> Any:
        """The terminal is not ours to hand away in a test."""
        return nullcontext()

    def report(self, error: BaseException) -> None:
        self.reports.append(error)
        if not isinstance(error, CrmError):
            raise error

    def tell(self, text: str, *, warning: bool = False) -> None:
        self.told.append(text)

    def action_undo(self) -> None:
        """As the desk's App does."""
        undoing.undo(self, lambda _changes, _facts: None)

    def go(self, place_id: str) -> None:
        self.went.append(place_id)

    def open_conversation(self, conversation_id: int, message_id: int | None = None) -> None:
        self.went.append(f"conversation {conversation_id}")

    def open_inquiry(self, inquiry_id: int) -> None:
        self.went.append(f"inquiry {inquiry_id}")

    def open_guest(self, guest_id: int) -> None:
        self.went.append(f"guest {guest_id}")

    def write(self, kind: str, **where: Any) -> None:
        self.writes.append((kind, where))

    def sync_now(self) -> None:
        self.synced += 1

    def attend(self) -> None:
        """Nobody else is there."""


class Hotel:
    """A store with a property, an agent, an account, and mail."""

    def __init__(self, directory: Path, **settings: Any) -> None:
        self.home = home_at(directory)
        self.clock = FixedClock(NOW)
        self.settings = Settings(**settings)
        self._ctx: Context | None = None
        empty_store_in(self.home)

    @property
    def ctx(self) -> Context:
        """The store in the hands of whoever is at the desk; opened when it is first asked for."""
        if self._ctx is None:
            self._ctx = open_context(self.home, self.settings, clock=self.clock, env={})
        return self._ctx

    @ctx.setter
    def ctx(self, ctx: Context) -> None:
        self._ctx = ctx

    def open(self) -> Hotel:
        """The property is set up and Ana is at the desk."""
        return self.like("set up", lambda _hotel: None)[0]

    def like(self, key: str, build: Callable[[Hotel], T]) -> tuple[Hotel, T]:
        """The hotel as ``build`` leaves one that is set up: made once a process, copied from then on.

        Returns:
            This hotel, Ana being at the desk, and what ``build`` returned.
        """
        assert self._ctx is None, "the store is in use"

        def make(directory: Path) -> T:
            hotel = Hotel(directory)
            what = {"name": "Hotel Miramar", "timezone": "Europe/Madrid", "currency": "EUR", "agent": "Ana"}
            hotel.ctx = desk.setup.init(hotel.ctx, **what)
            result = build(hotel)
            hotel.ctx.store.close()
            return result

        result: T = store_made_by(self.home, ("hotel", key), make)
        self._ctx = open_context(self.home, self.settings, clock=self.clock, agent="Ana", env={})
        return self, result

    @classmethod
    def reopened(cls, directory: Path) -> Hotel:
        """Ana is at the desk of a property that was set up before."""
        hotel = cls(directory)
        hotel.ctx = open_context(hotel.home, hotel.settings, clock=hotel.clock, agent="Ana", env={})
        return hotel

    def account(self, address: str = "reception@miramar.example", **values: Any) -> int:
        """An account that was linked some time ago."""
        from sqlalchemy import insert

        from crm_tui.data.tables import Account

        defaults = {
            "name": "Hotel Miramar", "user": address, "imap_host": "127.0.0.1", "imap_port": 1, "smtp_host": "127.0.0.1",
            "smtp_port": 1, "imap_security": "none", "smtp_security": "none", "secret_kind": "keyring",
            "signature": "Ana\nHotel Miramar", "created_at": NOW, "state": "ok",
        }  # fmt: skip
        with self.ctx.write() as tx:
            result = tx.connection.execute(insert(Account).values(address=address, **(defaults | values)))
            return int(result.inserted_primary_key[0])  # type: ignore[index]

    def mail(
        self,
        text: str,
        *,
        sender: str = "Łucja Nowak <lucja@poczta.example>",
        subject: str = "Pokój 2+1 w lipcu",
        account: int | None = None,
        ago: timedelta = timedelta(hours=3),
        number: int = 1,
        reply_to: int = 0,
        to: str = "reception@miramar.example",
        extra: str = "",
    ) -> tuple[int, int]:
        """A mail comes in; returns its conversation and message ids."""
        at = self.clock.now() - ago
        answered = f"In-Reply-To: <m{reply_to}@poczta.example>\r\n" if reply_to else ""
        raw = (
            f"From: {sender}\r\nTo: {to}\r\n{extra}Subject: {subject}\r\nDate: {at:%a, %d %b %Y %H:%M:%S +0000}\r\n"
            f"Message-ID: <m{number}@poczta.example>\r\n{answered}MIME-Version: 1.0\r\n"
            f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
        ).encode()
        batch = Batch([Incoming(prepare(raw), received_at=at)], account_id=account)
        received = desk.mailbox.receive(self.ctx, batch)
        return next(iter(received.conversations)), received.message_ids[0]

    @contextmanager
    def shown(self, first: Screen[Any]) -> Iterator[Desk]:
        """The desk with a screen on it, not running yet."""
        yield Desk(self.ctx, self.home, self.clock, self.settings, first)

    def at(self, first: Screen[Any]) -> Desk:
        """The desk with a screen on it, not running yet."""
        return Desk(self.ctx, self.home, self.clock, self.settings, first)

    def acting(self, name: str, role: str) -> Context:
        """The store in another's hands."""
        return self.ctx.acting_as(Actor(99, name, role))


async def settled(pilot: Pilot[None], holds: Callable[[], bool] = lambda: True) -> None:
    """Wait until all questions to the desk are answered and shown, and something ``holds``; fails after a deadline."""
    import asyncio

    app = pilot.app
    assert isinstance(app, Desk)
    async with asyncio.timeout(20):
        while True:
            await pilot.pause()
            if app.background.idle and not app.workers._workers:
                await pilot.pause()
                if app.background.idle and holds():
                    return
            await asyncio.sleep(0.005)
