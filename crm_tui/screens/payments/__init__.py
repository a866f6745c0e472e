"""Mode 8: who owes a deposit or a balance now."""
