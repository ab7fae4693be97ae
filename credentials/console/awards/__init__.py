"""Writing and signing awards."""
