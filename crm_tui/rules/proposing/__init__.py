"""The parts of :mod:`crm_tui.rules.proposals`: one kind of statement a module."""
