"""Pages of whoever runs the service."""
