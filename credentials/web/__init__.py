"""The web: the composition root, settings, problem details, security headers, and what every route has in common."""
