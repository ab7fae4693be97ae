"""What the demo's sample companies say about finished work: made up, and dated back from the day it is first run."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from credentials.issuer.draft import Deliverable, Draft


@dataclass(frozen=True, slots=True)
class Company:
    """A sample company; `domain` is confirmed for it by the operator, which is whoever runs the demo."""

    slug: str
    name: str
    domain: str


NORTHWIND = Company("northwind-bakeries", "Northwind Bakeries", "northwind.example")
HARBOUR = Company("harbour-software", "Harbour Software", "harbour.example")
FJORD = Company("fjord-foods", "Fjord Foods", "fjordfoods.example")
COMPANIES = (NORTHWIND, HARBOUR, FJORD)


@dataclass(frozen=True, slots=True)
class Sample:
    """A draft, who signs it, and how many days before the demo's first run that was."""

    name: str
    company: Company
    days_ago: int
    draft: Draft


FORECAST = Draft(
    recipient_name="Zoë Brännström",
    recipient_email="zoe.brannstrom@example.org",
    project_title="Demand forecast for 40 bakery products",
    summary="Cleaned two years of till data and compared four forecasting methods. The chosen one cut the average "
    "error on weekday orders from 31 % to 12 % and runs every Monday.",
    deliverables=(
        Deliverable("Notebook with four methods compared", "public", "https://work.example.org/zoe/forecast-notebook"),
        Deliverable("Summary, two pages", "public", "https://work.example.org/zoe/forecast-summary.pdf"),
        Deliverable("Cleaned till data", "confidential"),
    ),
    skills=("Time series", "Data cleaning", "Explaining results"),
    started_on=date.min,
    ended_on=date.min,
    hours=Decimal(40),
    supervisor_name="Dana Whitfield",
    supervisor_words="Our shop managers use the forecast every Monday. Zoë asked the question we had missed: what do "
    "we do on rainy Saturdays?",
    evidence_url="https://work.example.org/zoe/forecast",
    role="Data analyst",
)
CHURN = replace(
    FORECAST,
    project_title="Why trial users leave",
    summary="Interviewed eight trial users and read 14 months of churn data. Two of the three recommendations were "
    "adopted within the month.",
    deliverables=(
        Deliverable("Report, 12 pages", "public", "https://work.example.org/zoe/churn-report.pdf"),
        Deliverable("Raw interview notes", "confidential"),
    ),
    skills=("Market research", "Data analysis", "Writing"),
    hours=Decimal(30),
    supervisor_name="Yuki Sato",
    supervisor_words="She let the users speak, and then the numbers. In that order.",
    evidence_url="https://work.example.org/zoe/churn",
    role="Researcher",
)
SUPPLIERS = replace(
    FORECAST,
    project_title="Supplier risk review",
    summary="Scored 62 suppliers on delivery, price and concentration with a model that the buyers can change "
    "themselves. Five were replaced.",
    deliverables=(
        Deliverable("Scoring model", "link", "https://work.example.org/zoe/suppliers-model"),
        Deliverable("Guide for buyers", "public", "https://work.example.org/zoe/suppliers-guide.pdf"),
    ),
    skills=("Research", "Spreadsheet modelling"),
    hours=Decimal("36.5"),
    supervisor_name="Ingrid Solheim",
    supervisor_words="The first model here that nobody was afraid to open.",
    evidence_url="https://work.example.org/zoe/suppliers",
    role="Analyst",
)
WASTE = replace(
    FORECAST,
    project_title="Where the bread goes at closing time",
    summary="Followed unsold bread in six shops for three weeks. Baking the last batch an hour earlier halved what was "
    "thrown away.",
    deliverables=(Deliverable("Report, 9 pages", "public", "https://work.example.org/zoe/waste-report.pdf"),),
    skills=("Data collection", "Data analysis", "Writing"),
    hours=Decimal(24),
    supervisor_words="Nobody had asked the night shift before.",
    evidence_url="https://work.example.org/zoe/waste",
    role="Analyst",
)
POSTS = replace(
    FORECAST,
    recipient_name="Søren Kjærgaard",
    recipient_email="soren.kjaergaard@example.org",
    project_title="Thirty days of social-media drafts",
    summary="Wrote and scheduled 30 posts for three channels from a tone-of-voice guide.",
    deliverables=(Deliverable("Content calendar"), Deliverable("30 drafts")),
    skills=("Copywriting", "Planning"),
    hours=Decimal(18),
    supervisor_words="The best-performing month we have had.",
    evidence_url=None,
    role=None,
)
ALLERGENS = replace(
    FORECAST,
    recipient_name="Amara Okafor",
    recipient_email="amara.okafor@example.org",
    project_title="Allergen sheet for the summer range",
    summary="Checked the recipes of 28 products and made one sheet a shop can print.",
    deliverables=(Deliverable("Allergen sheet, valid for one season"),),
    skills=("Research", "Attention to detail"),
    hours=Decimal(12),
    supervisor_words="Not one correction from the food inspector.",
    evidence_url=None,
    role=None,
)
LEAFLET = replace(
    FORECAST,
    recipient_name="Kim Novak",
    recipient_email="kim.novak@example.org",
    project_title="Leaflet for the market stalls",
    summary="Designed a leaflet for four market stalls and had it printed.",
    deliverables=(Deliverable("Leaflet, print file"),),
    skills=("Design",),
    hours=Decimal(20),
    supervisor_words="Clean work, delivered a day early.",
    evidence_url=None,
    role=None,
)


def samples(today: date) -> tuple[Sample, ...]:
    """Everything the demo signs, oldest first: `genuine`, `revoked`, `expired`, `tampered` and three more projects."""
    expired = replace(ALLERGENS, valid_until=datetime.combine(today - timedelta(days=30), time(), UTC))
    return (
        _dated("expired", NORTHWIND, 210, 6, expired, today),
        _dated("waste", NORTHWIND, 190, 18, WASTE, today),
        _dated("churn", HARBOUR, 150, 9, CHURN, today),
        _dated("suppliers", FJORD, 110, 12, SUPPLIERS, today),
        _dated("revoked", NORTHWIND, 80, 30, POSTS, today),
        _dated("tampered", NORTHWIND, 60, 5, LEAFLET, today),
        _dated("genuine", NORTHWIND, 40, 12, FORECAST, today),
    )


def _dated(name: str, company: Company, days_ago: int, days_of_work: int, draft: Draft, today: date) -> Sample:
    """The work ended two days before it was signed."""
    ended = today - timedelta(days=days_ago + 2)
    dated = replace(draft, started_on=ended - timedelta(days=days_of_work), ended_on=ended)
    return Sample(name, company, days_ago, dated)
