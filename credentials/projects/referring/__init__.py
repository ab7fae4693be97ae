"""A supervisor stands as a reference; questions to them are passed on without an address."""
