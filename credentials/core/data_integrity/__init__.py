"""Data Integrity: proofs embedded in the document that they are over (W3C VC Data Integrity 1.0)."""

from credentials.core.data_integrity.mechanism import DataIntegrity

__all__ = ["DataIntegrity"]
