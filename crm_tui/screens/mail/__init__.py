"""The mail screen: folders, the conversation list, and reading."""
