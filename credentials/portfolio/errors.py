"""What can go wrong when something is to be shown: the same as when a link to it is looked up."""

from credentials.verifier.intake_errors import NothingHere

__all__ = ["NothingHere"]
