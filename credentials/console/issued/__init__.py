"""What a company issued, and what became of it."""
