"""What one address has to offer, and which of it suits whom (RFC 9110 section 12.5.1).

A credential's address stands for its page and for every secured form of it that was released. The page comes first:
whoever takes anything gets it. Of the forms that suit equally, the one that most others read comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import msgspec

from credentials.store.credentials import SecuredForm

PAGE: Final = "text/html"

# Media types under which a form is also asked for, because its bytes are that as well.
_ALSO_KNOWN_AS: Final[Mapping[str, tuple[str, ...]]] = {
    "application/vc": ("application/ld+json", "application/json"),
    "application/vc+jwt": ("application/jwt",),
}
_FIRST: Final = ("application/vc", "application/vc+jwt")


class Offer(msgspec.Struct, frozen=True):
    """One representation under one media type; `form` is None for the page."""

    media_type: str
    form: SecuredForm | None = None


def offers(forms: Iterable[SecuredForm]) -> tuple[Offer, ...]:
    """Everything on offer, what is preferred first. A media type that two forms share stands for the first of them."""
    found = {PAGE: Offer(PAGE)}
    ordered = sorted(forms, key=lambda form: _place(form.media_type))
    for form in ordered:
        found.setdefault(form.media_type, Offer(form.media_type, form))
    for form in ordered:
        for name in _ALSO_KNOWN_AS.get(form.media_type, ()):
            found.setdefault(name, Offer(name, form))
    return tuple(found.values())


def chosen(given: Sequence[Offer], accepts: Callable[[Sequence[str]], str | None]) -> Offer | None:
    """The offer that suits best, or None. `accepts` picks one of several media types, as an Accept header has it."""
    wanted = accepts([offer.media_type for offer in given])
    return next((offer for offer in given if offer.media_type == wanted), None)


def with_extension(forms: Iterable[SecuredForm], formats: Sequence[str]) -> SecuredForm | None:
    """The first of these formats that was released, or None."""
    by_format = {form.format: form for form in forms}
    return next((by_format[name] for name in formats if name in by_format), None)


def _place(media_type: str) -> tuple[int, str]:
    return (_FIRST.index(media_type) if media_type in _FIRST else len(_FIRST), media_type)
