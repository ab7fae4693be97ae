"""What a candidate sees who was sent a credential."""
