"""Uploaded lists of a company."""
