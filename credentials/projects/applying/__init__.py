"""Applying and matching: who wants to do a project, and whom the company chooses."""
