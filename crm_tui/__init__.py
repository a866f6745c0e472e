"""crm_tui: the keyboard-driven desk for hotel and travel-agency receptions."""

__version__ = "0.1.0"
