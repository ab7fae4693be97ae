"""API keys of a company’s own programs."""
