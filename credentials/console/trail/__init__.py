"""The audit trail of a company."""
