"""``crm-tui init``: the property and its first agent."""

from __future__ import annotations

from crm_tui.base.i18n import _
from crm_tui.base.person import system_user
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.usage import UsageError


def init(run: Invocation) -> int:
    """Create the store with its property and first agent; ``--agent`` names the agent."""
    from crm_tui import desk
    from crm_tui.desk.common.views import PropertyView

    options = run.options
    if not options.agent.strip():
        raise UsageError(_("Who is the first agent?"), _("Name one with: --agent NAME"))
    with run.desk(create=True) as ctx:
        made = desk.setup.init(
            ctx,
            name=options.property,
            timezone=options.timezone,
            currency=options.currency,
            agent=options.agent,
            languages=options.languages,
            login=options.login or system_user(),
        )
        hotel = desk.setup.current_property(made) or PropertyView(options.property, options.timezone, options.currency)
        where = str(made.store.path or options.db)
        if run.out.as_json:
            run.out.record(
                {
                    "property": hotel.name,
                    "timezone": hotel.timezone,
                    "currency": hotel.currency,
                    "languages": list(hotel.languages),
                    "agent": made.actor.name,
                    "store": where,
                }
            )
        else:
            run.out.line(_("{name} is set up; {agent} is its admin.").format(name=hotel.name, agent=made.actor.name))
            run.out.line(_("The store is {path}.").format(path=where))
            run.out.line(_("Next, link a mail account: crm-tui account add"))
    return 0
