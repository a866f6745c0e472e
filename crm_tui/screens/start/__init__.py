"""The start screen: the day in panels."""
