"""The check of a credential against the JSON schemas that it names."""
