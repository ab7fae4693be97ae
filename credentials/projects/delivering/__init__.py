"""What is handed in: links to each deliverable, late or in time, and a signed receipt at once."""
