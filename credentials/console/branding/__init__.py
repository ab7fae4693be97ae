"""How a company looks where its name stands."""
