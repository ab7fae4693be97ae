"""A company’s signing keys."""
