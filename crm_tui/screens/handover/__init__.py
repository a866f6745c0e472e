"""The handover between shifts: what one leaves, line by line, until the next has taken all of it over."""
