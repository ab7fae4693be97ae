"""How a company shows who it is."""
