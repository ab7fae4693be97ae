"""Issuing: lint a draft, record the intent, sign it, release it, and look after what was issued."""
