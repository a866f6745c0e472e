"""The packages of the sample hotel: whom it writes to before the seasons begin."""

from __future__ import annotations

from crm_tui.desk.common.context import Context
from crm_tui.desk.groups import attributes, packages
from crm_tui.rules.guest_criteria import GuestCriteria

_PACKAGES = (("Golf autumn", "Golf"), ("Families summer", "Families"))
"""Name, and the attribute of its guests."""


def add(ctx: Context) -> int:
    """Make those that are not there yet; returns how many were made."""
    known = {one.name: one.id for one in attributes.listed(ctx)}
    there = {one.name for one in packages.listed(ctx)}
    wanted = [(name, known[tag]) for name, tag in _PACKAGES if name not in there and tag in known]
    for name, attribute in wanted:
        packages.create(ctx, name, GuestCriteria(attributes=(attribute,)))
    return len(wanted)
