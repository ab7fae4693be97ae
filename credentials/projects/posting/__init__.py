"""Posting: a company says what it wants done, and puts it on the board."""
