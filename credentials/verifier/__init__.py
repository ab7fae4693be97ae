"""Checks credentials with nothing but the core: no store, no issuer, no web. Anyone can verify without our database."""
