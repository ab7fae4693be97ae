"""Webhooks of a company."""
