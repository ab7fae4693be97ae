"""What is wrong with an endorsement that a credential carries; the credential stands without it."""

from __future__ import annotations

from credentials.core.error_kinds import DataModelInvalid


class NotAnEndorsement(DataModelInvalid):
    """What stands in the place of an endorsement is another kind of credential (Open Badges 3.0 appendix B.9)."""

    code = "not-an-endorsement"
    title = "Not an endorsement"
    advice = "Take it for nothing. The credential that carries it is judged without it."


class EndorsesAnother(DataModelInvalid):
    """An endorsement that is about something else than the credential that carries it."""

    code = "endorses-another"
    title = "An endorsement of something else"
    advice = "Take it for nothing: its words were signed for another credential."


class EndorsementOutOfTime(DataModelInvalid):
    """An endorsement that has not begun, has ended, or was withdrawn (VC Data Model 2.0 section 4.9)."""

    code = "endorsement-out-of-time"
    title = "An endorsement that is not current"
    advice = "Take it for nothing. Ask whoever signed it whether it still stands."
