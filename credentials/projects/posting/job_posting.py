"""A project as schema.org's JobPosting (https://schema.org/JobPosting), for search engines to read.

Only what the page shows stands in it. A company without a proved domain is not named.
"""

from __future__ import annotations

from typing import Any

from credentials.projects.posting.board import Offered
from credentials.projects.posting.checking import pay
from credentials.projects.terms import OWNERS, SHOWING

Json = dict[str, Any]


def job_posting(found: Offered, base_url: str) -> Json:
    """The data block of a project's page. Whoever writes it into HTML escapes `<`, `>` and `&`."""
    terms = found.terms
    said: Json = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "identifier": {"@type": "PropertyValue", "name": "Project", "value": found.id},
        "url": f"{base_url}/projects/{found.id}",
        "title": terms.title,
        "description": _description(found),
        "datePosted": found.opened_at.date().isoformat(),
        "validThrough": f"{terms.ends_on}T23:59:59Z",
        "employmentType": ["INTERN", "TEMPORARY"],
        "directApply": True,
        "hiringOrganization": _organisation(found),
        "skills": ", ".join(terms.skills),
    }
    return said | _where(found) | _paid(terms.compensation)


def _description(found: Offered) -> str:
    terms = found.terms
    parts = [
        terms.brief,
        "To be handed over: " + "; ".join(one.name for one in terms.deliverables) + ".",
        f"About {terms.hours} hours, from {terms.starts_on} to {terms.ends_on}.",
        f"Paid: {terms.compensation}.",
        terms.expectations,
        ". ".join(filter(None, (OWNERS.get(terms.owner_of_work), SHOWING.get(terms.may_be_shown)))) + ".",
    ]
    return "\n\n".join(filter(None, parts))


def _organisation(found: Offered) -> Json:
    said: Json = {"@type": "Organization", "name": found.company.headline}
    return said | ({"sameAs": f"https://{found.company.domain}"} if found.company.domain else {})


def _where(found: Offered) -> Json:
    if found.remote:
        return {"jobLocationType": "TELECOMMUTE"}
    return {"jobLocation": {"@type": "Place", "address": found.place}}


def _paid(text: str) -> Json:
    """Pay in numbers, where it was written so."""
    found = pay(text)
    if found is None:
        return {}
    currency, amount = found
    number = int(amount) if amount == int(amount) else float(amount)
    value = {"@type": "QuantitativeValue", "value": number}
    return {"baseSalary": {"@type": "MonetaryAmount", "currency": currency, "value": value}}
