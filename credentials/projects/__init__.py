"""The micro-internship itself: posting, applying, agreeing, delivering, reviewing, paying, completing.

`lifecycle` declares every state and who may do what in it. An engagement is one person's work on one project.
Accepted work becomes an award (`credentials.console.awarding`): there is one way to a signature, with two entrances.
"""
