"""A company’s side of applications: compare, shortlist, decline, offer, invite."""
