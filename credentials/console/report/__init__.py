"""Reports of abuse, which anybody may send."""
