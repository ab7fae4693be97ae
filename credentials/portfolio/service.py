"""What the pages show, read from the database and verified anew each time. Owns its (reading) transactions.

Nothing is shown on the word of a row: a row says where the signed bytes are and who may see them; what a page says
comes out of verifying those bytes.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import msgspec
from sqlalchemy import Connection, Engine

from credentials.core.errors import BadIdentifier
from credentials.core.identifiers import parse_credential_id, parse_short_code
from credentials.core.securing import MECHANISMS
from credentials.portfolio.branding import Size, brand_views, may_be_had, style_sheet
from credentials.portfolio.dates import minute
from credentials.portfolio.errors import NothingHere
from credentials.portfolio.presenting import Placement, credential_view
from credentials.portfolio.shelf import NOTHING, Beside, item, portfolio_view
from credentials.portfolio.standing import issuer_view, story_view
from credentials.portfolio.views import CredentialView, DeliveredView, IssuerView, PortfolioView, SiteView, StoryView
from credentials.store import (
    brands,
    candidates,
    credentials,
    files,
    issuers,
    references,
    resemblances,
    showing,
    signing_keys,
    stamps,
    status,
)
from credentials.store.brands import Brand
from credentials.store.credentials import SecuredForm, StoredCredential
from credentials.store.engine import read
from credentials.store.files import StoredFile
from credentials.verifier.report import Report

FORM = "vc+jwt"
"""The secured form that pages verify and hand out."""
SECOND_FORM = "vc+jwt;pq"
"""The one signed with ML-DSA-44, where the issuer made it."""
SHOWN = ("public", "unlisted")
MOST = 200
"""Credentials that a portfolio page verifies and shows; where there are more, it says so."""


def nobody_counts(_report: Report) -> None:
    """Nobody counts who looks."""


class PortfolioService:
    """Pages of one service. `verify` takes the signed bytes and further forms, and gives the report.

    `clock` gives aware times. `is_private` says of a credential's id whether it was hidden, whatever a database that
    was restored says. `looked` is told of each credential whose page is made.
    """

    def __init__(
        self,
        engine: Engine,
        verify: Callable[[bytes, Sequence[bytes]], Report],
        site: SiteView,
        clock: Callable[[], datetime],
        is_private: Callable[[str], bool],
        looked: Callable[[Report], None] = nobody_counts,
    ) -> None:
        self._engine = engine
        self._verify = verify
        self._clock = clock
        self._is_private = is_private
        self._looked = looked
        self.site = site

    def credential(self, text: str) -> CredentialView:
        """The page of a credential by its id in any spelling. Raises NothingHere when missing or private."""
        with read(self._engine) as connection:
            stored, form = self._shown(connection, text)
            others = [one for one in _public_forms(connection, stored.id) if one.format != FORM]
            placement = _placement(connection, stored)
            pictures = files.pictures_of(connection, stored.id)
        endings = frozenset(MECHANISMS[one.format].extension for one in (form, *others))
        placement = replace(placement, forms=endings)
        report = self._verify(form.body, [one.body for one in others])
        self._looked(report)
        return _with_pictures(credential_view(report, self.site, placement), pictures, self.site.base_url)

    def signed(self, text: str, *, post_quantum: bool = False) -> SecuredForm:
        """The signed bytes of a credential that is shown, as they were signed. Raises NothingHere.

        `post_quantum`: its second token, which only some issuers make.
        """
        with read(self._engine) as connection:
            stored, form = self._shown(connection, text)
            wanted = credentials.secured(connection, stored.id, SECOND_FORM) if post_quantum else form
        if wanted is None:
            raise NothingHere("its issuer made no post-quantum signature of it")
        return wanted

    def signed_bytes(self, text: str, post_quantum: bool) -> bytes:
        """As `signed`, the bytes alone."""
        return self.signed(text, post_quantum=post_quantum).body

    def forms(self, text: str) -> list[SecuredForm]:
        """Every signed form of a credential that is shown, but those that are its holder's. Raises NothingHere."""
        with read(self._engine) as connection:
            return _public_forms(connection, self._shown(connection, text)[0].id)

    def stamps(self, text: str) -> bytes:
        """The timestamps of a credential that is shown, as JSON: each public form's, in base64. Raises NothingHere.

        `{"stamps": [{"form": "vc+jwt", "token": "MII…"}]}`; the list is empty where none was taken (yet).
        """
        with read(self._engine) as connection:
            kept = stamps.of_credential(connection, self._shown(connection, text)[0].id)
        listed = [
            {"form": one.format, "token": base64.b64encode(one.token).decode()}
            for one in kept
            if MECHANISMS[one.format].public
        ]
        return msgspec.json.encode({"stamps": listed})

    def shown_id(self, text: str) -> str:
        """The canonical id of a credential that is shown. Raises NothingHere."""
        with read(self._engine) as connection:
            return self._shown(connection, text)[0].id

    def is_shown(self, credential_id: str) -> bool:
        """Whether a credential's page is open to everybody."""
        with read(self._engine) as connection:
            stored = credentials.by_id(connection, credential_id)
        return stored is not None and self._may_be_seen(stored)

    def id_of_code(self, text: str) -> str:
        """The id behind a 10-character code. Raises NothingHere when there is none or it is private."""
        with read(self._engine) as connection:
            stored = credentials.by_code(connection, _canonical(text, parse_short_code))
            return self._shown(connection, stored.id if stored else "")[0].id

    def story(self, text: str) -> StoryView:
        """The status story of a credential, also of a private one: whoever has its id has the credential."""
        with read(self._engine) as connection:
            stored, form = _released(connection, text)
            events = status.story(connection, stored.id)
        report = self._verify(form.body, ())
        return story_view(stored.id, report, minute(stored.created_at), events, titled=self._may_be_seen(stored))

    def portfolio(self, slug: str, skill: str | None = None) -> PortfolioView:
        """A candidate's page, each credential on it verified now. Raises NothingHere when there is nothing to show."""
        with read(self._engine) as connection:
            candidate = candidates.by_slug(connection, slug)
            found = [] if candidate is None else showing.of_candidate(connection, candidate.id, FORM, MOST + 1)
            shown = found[:MOST]
            beside = _beside(connection, [one.id for one in shown])
        shown = [one for one in shown if not self._is_private(one.id)]
        if candidate is None or not shown:
            raise NothingHere("no portfolio has this address, or nothing on it is shown")
        items = [item(one, self._verify(one.body, ()), beside.get(one.id, NOTHING)) for one in shown]
        newest = MOST if len(found) > MOST else None
        return portfolio_view(candidate.slug, items, skill=skill, now=self._clock(), newest=newest)

    def issuer(self, slug: str) -> IssuerView:
        """An issuer's page. Raises NothingHere."""
        with read(self._engine) as connection:
            issuer = issuers.by_slug(connection, slug)
            if issuer is None:
                raise NothingHere("no issuer has this address")
            keys = signing_keys.of_issuer(connection, issuer.id)
            doubted = resemblances.is_flagged(connection, issuer.id)
            view = issuer_view(issuer, keys, showing.record_of(connection, issuer.id), doubted=doubted)
            look = brand_views(connection, [issuer]).get(issuer.id)
        return replace(view, report=f"/report/issuers/{issuer.slug}", brand=look)

    def style_sheet(self, slug: str) -> str:
        """The style sheet of a company's colour. Raises NothingHere."""
        brand = self._brand(slug)
        if brand.accent is None:
            raise NothingHere("the issuer chose no colour")
        return style_sheet(brand.accent)

    def logo(self, slug: str, size: Size) -> bytes:
        """A company's logo, a square PNG. Raises NothingHere."""
        brand = self._brand(slug)
        found = brand.logo if size == "large" else brand.logo_small
        if found is None:
            raise NothingHere("the issuer has no logo")
        return found

    def _brand(self, slug: str) -> Brand:
        with read(self._engine) as connection:
            issuer = issuers.by_slug(connection, slug)
            may = issuer is not None and may_be_had(issuer, resemblances.flagged(connection))
            found = brands.of_issuer(connection, issuer.id) if issuer and may else None
        if found is None:
            raise NothingHere("no issuer has this address, or it shows no brand")
        return found

    def _shown(self, connection: Connection, text: str) -> tuple[StoredCredential, SecuredForm]:
        """A released credential by its id in any spelling, if it may be seen. Raises NothingHere."""
        stored, form = _released(connection, text)
        if not self._may_be_seen(stored):
            raise NothingHere("no credential has this address, or its holder keeps it private")
        return stored, form

    def _may_be_seen(self, stored: StoredCredential) -> bool:
        return stored.visibility in SHOWN and not self._is_private(stored.id)


def _with_pictures(view: CredentialView, pictures: Sequence[StoredFile], base_url: str) -> CredentialView:
    """The page with a small picture beside each public one that is kept here, under the address and digest signed."""
    if view.work is None or not pictures:
        return view
    kept = {(f"{base_url}/files/{one.id}/", one.sha384.hex()): f"/files/{one.id}.png" for one in pictures}

    def beside(item: DeliveredView) -> DeliveredView:
        place = (item.url or "").rpartition("/")[0] + "/"
        return replace(item, picture=kept.get((place, item.file.sha384)) if item.file else None)

    return replace(view, work=replace(view.work, delivered=tuple(map(beside, view.work.delivered))))


def _public_forms(connection: Connection, credential_id: str) -> list[SecuredForm]:
    return [form for form in credentials.every_form(connection, credential_id) if MECHANISMS[form.format].public]


def _canonical(text: str, parse: Callable[[str], str]) -> str:
    try:
        return parse(text)
    except BadIdentifier:
        raise NothingHere("that is not a credential’s number or code") from None


def _released(connection: Connection, text: str) -> tuple[StoredCredential, SecuredForm]:
    """A released credential by its id in any spelling, whoever may see it."""
    credential_id = _canonical(text, parse_credential_id)
    stored = credentials.by_id(connection, credential_id)
    form = credentials.secured(connection, credential_id, FORM)
    if stored is None or form is None:
        raise NothingHere("no credential has this address, or its holder keeps it private")
    return stored, form


def _beside(connection: Connection, credential_ids: Sequence[str]) -> dict[str, Beside]:
    """What stands beside each of these credentials, as long as its issuer is not suspended."""
    owners = issuers.of_credentials(connection, credential_ids)
    looks = brand_views(connection, owners.values())
    asked = references.shown_among(connection, credential_ids)
    found = {}
    for key, owner in owners.items():
        look, reference = looks.get(owner.id), asked.get(key)
        if not owner.is_suspended:
            found[key] = Beside(look.logo_small if look else None, reference.first_name if reference else "")
    return found


def _placement(connection: Connection, stored: StoredCredential) -> Placement:
    candidate = candidates.by_id(connection, stored.candidate_id)
    issuer = issuers.by_id(connection, stored.issuer_id)
    may_ask = issuer is not None and not issuer.is_suspended
    reference = references.shown_for(connection, stored.id) if may_ask else None
    return Placement(
        credential_id=stored.id,
        code=stored.code,
        public=stored.visibility == "public",
        portfolio_slug=candidate.slug if candidate else None,
        issuer_slug=issuer.slug if issuer else None,
        record=showing.record_of(connection, stored.issuer_id),
        brand=brand_views(connection, [issuer]).get(issuer.id) if issuer else None,
        reference=reference.first_name if reference else None,
    )
