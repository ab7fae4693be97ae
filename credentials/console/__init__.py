"""The console: pages for the staff of companies and for whoever runs the service."""
