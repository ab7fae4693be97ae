"""What a company does in the console, by its programs."""
