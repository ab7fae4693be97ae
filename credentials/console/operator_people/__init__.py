"""An operator's pages of people."""
