"""What can be wrong with work that is handed in."""

from __future__ import annotations

from credentials.core.errors import BadInput, NotFound, Unavailable


class SubmissionUnusable(BadInput):
    """What is handed in lacks something, or a link is none. `where` is the field."""

    code = "submission-unusable"
    title = "This can’t be handed in yet"
    advice = "Put right what is marked, then hand it in again."


class FileGone(BadInput):
    """A file that the form names is not there any more, or belongs to something else."""

    code = "submitted-file-gone"
    title = "A file is not there any more"
    advice = "Choose the file again, then hand in once more."


class TooManyFiles(BadInput):
    """As many files as may wait for one piece of work were sent, and none of them was handed in."""

    code = "too-many-files-waiting"
    title = "Too many files were sent and not handed in"
    advice = "Hand in what is there: what is left out makes room. Many files fit in one archive."


class SubmissionUnknown(NotFound):
    """The engagement has no submission with this number."""

    code = "submission-unknown"
    title = "No such submission"
    advice = "Look at the page of the work: it lists everything that was handed in."


class ReceiptWaits(Unavailable):
    """The submission is recorded, and its receipt is not signed yet."""

    code = "receipt-waits"
    title = "The receipt is not signed yet"
    advice = "Nothing is lost: what was handed in is recorded. Try again in a minute."
