"""A company's projects and work for its own programs: what the console does, over `/api/v1`."""
