"""What is due for accepted work, that it was paid, and that it arrived."""
