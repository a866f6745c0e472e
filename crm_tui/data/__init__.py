"""The store: SQLModel tables (one module a subject), transactions, full-text search, journal, migrations.

Instants are aware UTC datetimes, identifiers are integers given by the database, JSON columns hold plain values.
"""
