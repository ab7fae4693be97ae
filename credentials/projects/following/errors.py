"""What can be wrong with an offer of more."""

from __future__ import annotations

from credentials.core.errors import BadInput, Conflict


class NothingCompleted(Conflict):
    """The work is not completed, enough was offered after it, or the company is suspended."""

    code = "next-step-out-of-turn"
    title = "Nothing can be offered here now"
    advice = "Offer more once the work is completed and its credential signed, and at most 5 times."


class JobUnusable(BadInput):
    """A job without a title, or with a text that is too long, or a link that is not https. `where` is the field."""

    code = "job-unusable"
    title = "This job can’t be offered yet"
    advice = "Give a title, at most 2,000 characters of text, and a link that begins with https:// or none."


class StepUnknown(Conflict):
    """The work has no such offer, or none that can be sent or answered like this now."""

    code = "next-step-unknown"
    title = "There is no such offer to answer"
    advice = "Look at the page of the work: it lists every offer."
