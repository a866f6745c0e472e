"""What the watchlists of departures and payments share."""
