"""Nights and dates of the form say the same: what nobody wrote follows what somebody wrote."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from textual.content import Content

from crm_tui.base.i18n import _
from crm_tui.rules.inquiry_checks import MOST_NIGHTS
from crm_tui.widgets.forms import Field

if TYPE_CHECKING:
    from crm_tui.desk.requests.inquiry_views import InquiryView

NAMES = frozenset({"arrival", "departure", "nights"})


class Counting:
    """Counts the nights from two dates, or works the departure out from arrival and nights.

    Only what the agent did not write follows; a remark beside the field says that it was counted.
    """

    def __init__(self, fields: Callable[[], Mapping[str, Field]]) -> None:
        self._ask = fields
        self._counted: dict[str, Any] = {}
        self._written: set[str] = set()

    @property
    def _fields(self) -> Mapping[str, Field]:
        return self._ask()

    def changed(self, name: str) -> None:
        """A field changed, by the agent's hand or by this."""
        if name not in NAMES or not (self._counted or self._fields[name].dirty):
            return
        if name in self._counted and self._counted[name] == self._fields[name].value:
            words = _("counted from the dates") if name == "nights" else _("arrival and nights")
            self._fields[name].remark(Content(words))
            return
        arrival, departure = self._day("arrival"), self._day("departure")
        between = (departure - arrival).days if arrival and departure else 0
        if name != "arrival":
            self._forget(name)
            follows = not self._fields[name].value or (name == "nights" and self._nights() == between)
            (self._written.discard if follows else self._written.add)(name)
        if self._may_give_departure(name, departure):
            nights = self._nights()
            self._put("departure", arrival + timedelta(days=nights) if arrival and nights else None)
        elif name != "nights" and 0 < between <= MOST_NIGHTS and "nights" not in self._written:
            self._put("nights", str(between))

    def _may_give_departure(self, name: str, departure: date | None) -> bool:
        """Whether the departure follows: it was worked out before, or nobody wrote one."""
        return (
            name != "departure"
            and "departure" not in self._written
            and (departure is None or "departure" in self._counted)
        )

    def settled(self, values: dict[str, Any], theirs: InquiryView) -> dict[str, Any]:
        """The values to save over a colleague's version: counted nights fit the dates that are left."""
        if "nights" not in self._counted:
            return values
        arrival, departure = values.get("arrival", theirs.arrival), values.get("departure", theirs.departure)
        if isinstance(arrival, date) and isinstance(departure, date) and departure > arrival:
            return {**values, "nights": (departure - arrival).days}
        return {name: value for name, value in values.items() if name != "nights"}

    def _day(self, name: str) -> date | None:
        value = self._fields[name].value
        return value if isinstance(value, date) else None

    def _nights(self) -> int:
        text = str(self._fields["nights"].value).strip()
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0
        return number if number <= MOST_NIGHTS else 0

    def _put(self, name: str, value: Any) -> None:
        field = self._fields[name]
        if value is not None:
            if field.value != value:
                self._counted[name] = value
                field.value = value
        elif name in self._counted:
            self._forget(name)
            field.value = ""

    def _forget(self, name: str) -> None:
        if name in self._counted:
            del self._counted[name]
            self._fields[name].remark(Content(""))
