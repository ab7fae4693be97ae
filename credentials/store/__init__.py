"""The database: tables, migrations and queries. Never signs, never commits.

A service opens a transaction with `credentials.store.engine.read` or `write` and hands the
connection to the query functions of this package; rows come back as frozen dataclasses.
"""
