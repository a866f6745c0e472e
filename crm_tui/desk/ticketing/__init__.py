"""Who answers what: tickets and how they are shared out (SPEC §10)."""
