"""The agreement: proposed by one side, accepted by both, before work begins."""
