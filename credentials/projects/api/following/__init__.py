"""What comes after completed work, over HTTP: offers of more, and references."""
