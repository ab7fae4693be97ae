"""The pages of companies' own sign-in."""
