"""The team: who is at the desk, in which role and department."""
