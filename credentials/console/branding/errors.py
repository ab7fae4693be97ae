"""What can be wrong with a company's colour or logo."""

from __future__ import annotations

from credentials.core.errors import BadInput


class AccentUnreadable(BadInput):
    """Text that is no colour of the form `#rrggbb`."""

    code = "accent-unreadable"
    title = "This is not a colour we can read"
    advice = "Give it as # and six hexadecimal digits, such as #1f4583."


class AccentTooFaint(BadInput):
    """The colour cannot be read on the page's light ground; `detail` has the ratio and the nearest one that can."""

    code = "accent-too-faint"
    title = "This colour is too faint to read"
    advice = "Take a darker one: text in it needs a contrast of 4.5 : 1 on our paper."


class LogoMissing(BadInput):
    """No file was chosen."""

    code = "logo-missing"
    title = "Choose a picture"
    advice = "Choose a PNG, JPEG or WebP file, then send it."


class LogoIsVector(BadInput):
    """The file is an SVG."""

    code = "logo-is-vector"
    title = "An SVG can’t be a logo here"
    advice = "An SVG can hold programs and fetch from elsewhere. Save it as a PNG, 512 pixels wide or more."


class LogoUnusable(BadInput):
    """The file is no PNG, JPEG or WebP, is broken, or has too many bytes or pixels."""

    code = "logo-unusable"
    title = "This file can’t be a logo"
    advice = "Use a PNG, JPEG or WebP of at most 2 MiB and 4 million pixels."
