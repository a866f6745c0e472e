"""Reports: which there are, and one of them as table and chart for a period."""
