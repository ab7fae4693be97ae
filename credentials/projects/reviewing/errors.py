"""What can be wrong with a review and an assessment."""

from __future__ import annotations

from credentials.core.errors import BadInput


class VerdictMissing(BadInput):
    """A deliverable was neither accepted nor returned."""

    code = "verdict-missing"
    title = "Something was not decided"
    advice = "Accept each deliverable, or return it with a note."


class NoteMissing(BadInput):
    """A deliverable was returned without a word on why."""

    code = "return-note-missing"
    title = "Say what should be changed"
    advice = "Write a note for each deliverable that you return: the candidate works by it."


class NothingDelivered(BadInput):
    """A deliverable was accepted that was never handed in."""

    code = "nothing-delivered"
    title = "This was never handed in"
    advice = "Return it with a note, or agree on other deliverables."


class TextUnusable(BadInput):
    """A text is too long, or has characters that nobody can see."""

    code = "review-text-unusable"
    title = "This text can’t be used"
    advice = "Shorten it, or type it again instead of pasting it."


class SkillUnknown(BadInput):
    """A skill was rated that the agreement does not name, or not among its first eight."""

    code = "rated-skill-unknown"
    title = "This skill was not agreed on"
    advice = "Rate the skills of the agreement in force, each spelled as it is there."


class RatingIncomplete(BadInput):
    """A skill was rated without a line of evidence, or the other way round."""

    code = "rating-incomplete"
    title = "A rating wants a level and a line on what you saw"
    advice = "Give both for each skill that you rate, or leave both empty."


class AssessmentUnusable(BadInput):
    """Something that was typed into an assessment keeps it from being saved."""

    code = "assessment-unusable"
    title = "The assessment can’t be saved yet"
    advice = "Put right what is marked, then save it again."
