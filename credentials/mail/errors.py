"""What can be wrong with mail."""

from credentials.core.errors import BadInput, Forbidden, NotFound, Unavailable


class LetterUnreadable(Unavailable):
    """A letter in the outbox was sealed under another secret, or was changed."""

    code = "letter-unreadable"
    title = "A letter in the outbox can’t be opened"
    advice = (
        "The data folder’s web.secret must be the one the letter was made with. Ask its reader to request a new one."
    )


class AddressUnwritable(BadInput):
    """A letter's address cannot stand in a message."""

    code = "letter-address-unwritable"
    title = "The address of a letter cannot be written"
    advice = "Correct the address where it was entered, and ask for the letter again."


class MailUnknown(NotFound):
    """There is no such letter, or it was sent and its text erased."""

    code = "mail-unknown"
    title = "No such letter"
    advice = "List the letters with `credentials mail list`. The text of one that was sent is gone."


class UnsubscribeRefused(Forbidden):
    """The address by which letters are turned off was changed or cut."""

    code = "unsubscribe-refused"
    title = "This link is not complete"
    advice = "Use the link of the letter as it is, or write to whoever runs the service."


class BounceUnreadable(BadInput):
    """A message is no delivery status notification (RFC 3464), or concerns no letter of ours."""

    code = "bounce-unreadable"
    title = "That is no notice about a letter of ours"
    advice = "Give one delivery status notification, as the mail server wrote it, on standard input."
