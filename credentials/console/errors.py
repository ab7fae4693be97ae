"""What can be wrong with what people type in the console."""

from __future__ import annotations

from credentials.core.errors import BadInput, Conflict, Forbidden, NotFound


class MomentUnusable(BadInput):
    """Text that is no moment, or one that has not come yet."""

    code = "moment-unusable"
    title = "This time can’t be used"
    advice = "Give a day and time in the past, in UTC, such as 2026-03-01T09:30."


class ReportEmpty(BadInput):
    """A report of abuse without a reason from the list, or without words."""

    code = "report-empty"
    title = "Say what is wrong"
    advice = "Choose a reason and tell in a few words what you saw."


class ReportUnknown(NotFound):
    """There is no such open report."""

    code = "report-unknown"
    title = "No such open report"
    advice = "Look at the list of reports: somebody may have handled it."


class DisputeUnknown(NotFound):
    """Nothing of the company's credentials was disputed under this id: a foreign and a missing one look alike."""

    code = "dispute-unknown"
    title = "No such dispute"
    advice = "Look at the list of disputes."


class DisputeSettled(Conflict):
    """Somebody answered it, or a corrected credential took the place of the disputed one."""

    code = "dispute-settled"
    title = "This was answered before"
    advice = "Read it again: it says how."


class LifetimeUnusable(BadInput):
    """Text that is no number of days."""

    code = "days-unusable"
    title = "That is no number of days"
    advice = "Give a number from 1 to 3650."


class AwardUnknown(NotFound):
    """The company has no such award."""

    code = "award-unknown"
    title = "No such award"
    advice = "Look at the list of awards that wait."


class AwardSigned(Conflict):
    """The award was signed: what a credential says cannot be changed."""

    code = "award-signed"
    title = "This award is signed already"
    advice = "Open its credential. What is wrong in it is put right by withdrawing it and awarding a new one."


class AwardBeingSigned(Conflict):
    """A signer pressed the button and signing has not ended: what the award says is fixed."""

    code = "award-being-signed"
    title = "This award is being signed"
    advice = "Open it again in a moment. If it stays so, a signer can press “Sign and send” once more to finish it."


class AwardChanged(Conflict):
    """Somebody else changed the award since it was opened."""

    code = "award-changed"
    title = "Somebody else changed this award meanwhile"
    advice = "Compare both below, then save again: what you typed is still there."


class AwardNotReady(BadInput):
    """Something keeps the award from being signed."""

    code = "award-not-ready"
    title = "This can’t be signed yet"
    advice = "Put right what is marked, then try again."


class SecondPersonWanted(Forbidden):
    """The company wants two people for each award, and this is the person who wrote it."""

    code = "second-person-wanted"
    title = "Somebody else must sign this"
    advice = "Your company wants two people for each award. Send it for approval."


class WrittenByProgram(SecondPersonWanted):
    """The company wants two people for each award, and a program wrote this one."""

    code = "written-by-program"
    title = "A program wrote this, and your company wants two people"
    advice = "Let somebody with the role author save it, so that another person can sign. A list is uploaded anew."


class CellUnknown(BadInput):
    """A cell is to be changed that is not in a row that was left out."""

    code = "cell-unknown"
    title = "This cell can’t be changed"
    advice = "Name the row of a problem, and a column by its heading as the list has it."


class NotSent(Conflict):
    """There is no address to send a credential to."""

    code = "no-address-to-send-to"
    title = "There is no address to send it to"
    advice = "Give its holder the link to the credential’s page yourself."


class ReasonUnlisted(BadInput):
    """A credential's status is changed for a reason of the list."""

    code = "reason-unlisted"
    title = "Choose a reason"
    advice = "Choose one of the reasons: everybody who opens the credential reads it."


class CorrectionTooLong(Conflict):
    """A credential that says more than the form has room for."""

    code = "correction-too-long"
    title = "The form has no room for all that this credential says"
    advice = "Correct it over the HTTP API, which has."


class UploadUnknown(NotFound):
    """The company has no such list."""

    code = "list-unknown"
    title = "No such list"
    advice = "Look at the lists that your company uploaded."


class UploadElsewhere(Conflict):
    """The list is not in a state in which this can be done."""

    code = "list-elsewhere"
    title = "This list is somewhere else meanwhile"
    advice = "Look at its page: it may be checked, running, cancelled or done already."


class FileMissing(BadInput):
    """The form came without a file."""

    code = "file-missing"
    title = "There is no file"
    advice = "Choose a CSV file, then upload it."
