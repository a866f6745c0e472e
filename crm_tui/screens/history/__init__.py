"""The history of a conversation, an inquiry or a guest: a screen, and a panel for screens that show more."""
