"""The files that an issuer publishes for verifiers."""
