"""The recall screen: demand by day, and who asked for free days."""
