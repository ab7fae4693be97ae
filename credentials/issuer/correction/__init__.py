"""Correcting a credential over HTTP."""
