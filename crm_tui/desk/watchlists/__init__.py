"""Who has to pay and who flies, and the reminders that go out by themselves (SPEC §8)."""
