"""Internal messages: what colleagues write to each other about a conversation or an inquiry."""
