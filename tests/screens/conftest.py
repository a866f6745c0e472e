"""A hotel with a morning's mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.screens.harness import Hotel

QUOTED = """Dzień dobry,

szukamy pokoju dla dwóch osób i dziecka, od 12 do 19 lipca.

--
Łucja Nowak
tel. +48 600 000 000

On Mon, 16 Nov 2026 at 10:00, Reception <reception@miramar.example> wrote:
> Buenos días,
> we have two rooms left.
> Kind regards
""".replace("\n--\n", "\n-- \n")


@pytest.fixture
def morning(tmp_path: Path) -> Iterator[Hotel]:
    """Four conversations, the oldest of them with an answer."""
    hotel, _nothing = Hotel(tmp_path / "home").like("morning", _mailed)
    yield hotel
    hotel.ctx.store.close()


def _mailed(hotel: Hotel) -> None:
    account = hotel.account(synced_at=hotel.clock.now() - timedelta(seconds=12))
    hotel.mail(QUOTED, account=account, number=1, ago=timedelta(hours=3))
    hotel.mail("¿Tienen disponibilidad?", sender="J. Martín <jm@correo.example>", subject="Disponibilidad 3–7/12",
               account=account, number=2, ago=timedelta(hours=2))  # fmt: skip
    hotel.mail("Sigo esperando.", sender="J. Martín <jm@correo.example>", subject="Re: Disponibilidad 3–7/12",
               account=account, number=3, reply_to=2, ago=timedelta(hours=1))  # fmt: skip
    hotel.mail("Bonjour, quel prix ?", sender="Hôtel du Lac <m.petit@lac.example>", subject="Demande de prix",
               account=account, number=4, ago=timedelta(minutes=50))  # fmt: skip
    hotel.mail("[b]bold?[/b] [/x]", sender="Eve [red] <eve@evil.example>", subject="[Ticket#1] [@click=app.quit]x[/]",
               account=account, number=5, ago=timedelta(days=9))  # fmt: skip
