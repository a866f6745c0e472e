"""What every job of the desk stands on: the context and its transactions, scope and permissions, versions, words."""
