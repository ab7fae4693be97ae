"""Uploaded files: kept whole or not at all, known by their digests, shown to those whom they concern."""
