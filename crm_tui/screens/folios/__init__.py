"""The folios of a reservation: bills side by side, postings, routing, statements."""
