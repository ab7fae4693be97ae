"""What can be wrong with what a person pastes, types or uploads."""

from __future__ import annotations

from credentials.core.errors import NotFound, Unreadable


class NothingGiven(Unreadable):
    """An empty field or file."""

    code = "nothing-given"
    title = "Nothing was given"
    advice = "Paste the credential or its link, type its code, or choose a photo of its QR code."


class NotRecognised(Unreadable):
    """Neither a credential, a link, a code nor a picture."""

    code = "not-recognised"
    title = "Not a credential, a link or a code"
    advice = "Ask for the link to the credential's page and paste that."


class LinkRefused(Unreadable):
    """A link that is not https, or hides where it leads."""

    code = "link-refused"
    title = "This link cannot be followed"
    advice = "Give the link of the credential's own page; it starts with https://."


class NoCredentialAtLink(Unreadable):
    """What the link leads to is not a signed credential."""

    code = "no-credential-at-link"
    title = "No credential behind this link"
    advice = "Ask the holder for the credential's .jwt file, or for the link of its own page."


class NothingHere(NotFound):
    """A link or a code of ours without a credential behind it, or with a private one."""

    code = "nothing-here"
    title = "Nothing here, or it's private"
    advice = "Ask the holder."


class PictureUnreadable(Unreadable):
    """Not a picture in one of the accepted formats, or a damaged one."""

    code = "picture-unreadable"
    title = "The picture cannot be read"
    advice = "Send a PNG, JPEG, WebP or GIF picture, unchanged."


class PictureTooLarge(Unreadable):
    """More pixels than are decoded."""

    code = "picture-too-large"
    title = "The picture is too large"
    advice = "Crop the picture to the QR code, or type the code that is printed beside it."


class NoQrCode(Unreadable):
    """A picture in which no QR code could be read."""

    code = "no-qr-code"
    title = "No QR code found in the picture"
    advice = "Take the photo straight on and sharp, or type the code that is printed beside the QR code."


class SeveralCredentials(Unreadable):
    """A picture that shows the QR codes of several credentials."""

    code = "several-credentials"
    title = "More than one credential in the picture"
    advice = "Crop the picture to one QR code and send them one by one."
