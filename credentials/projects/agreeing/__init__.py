"""What both sides agree on: proposed, accepted, refused, amended; each version kept byte for byte."""
