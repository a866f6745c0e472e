"""The triage run: one unanswered conversation after the other, one key a decision."""
