"""Applications for programs: read, shortlisted, declined, offered the project."""
