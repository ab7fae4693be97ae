"""Who belongs to a company."""
