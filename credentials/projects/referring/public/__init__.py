"""What whoever asks, and whoever answers, does without an account."""
