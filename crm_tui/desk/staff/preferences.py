"""Changing settings of this workstation: those that concern everybody at it are an administrator's (SPEC §13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from crm_tui.base.errors import Forbidden
from crm_tui.base.i18n import _
from crm_tui.base.settings import Settings, is_shared, load_settings, save_setting
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.permissions import Permission, require_ctx


def save(ctx: Context, changed: Mapping[str, Any]) -> Settings:
    """Write the changed settings into the file, one by one; returns the settings as the file now gives them.

    Raises:
        Forbidden: the desk reads only, or one of them concerns everybody and the actor is no administrator; none is written.
        SettingsError: a value is wrong or the file cannot be written; those before it stay written.
    """
    if ctx.readonly:
        raise Forbidden(_("This desk was opened to read only; nothing was changed."))
    if any(is_shared(name) for name in changed):
        require_ctx(ctx, Permission.SETTINGS)
    settings = load_settings(ctx.home.settings)
    for item in fields(Settings):
        if item.name in changed:
            settings = save_setting(ctx.home.settings, item.name, changed[item.name])
    return settings
