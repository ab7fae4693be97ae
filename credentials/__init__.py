"""Issue, show and verify credentials for finished micro-internships."""
