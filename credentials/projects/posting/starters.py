"""Six projects to begin with: each a whole brief, to be changed where the company's own differs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from credentials.projects.posting.project_form import ProjectForm, TypedSkill
from credentials.projects.terms import TermsDeliverable

_CONTACT = (
    "You get one contact person, who answers within one working day. A call of half an hour at the start, one half "
    "way, one at the end; the rest in writing. "
)


def _things(*rows: tuple[str, str]) -> tuple[TermsDeliverable, ...]:
    return tuple(TermsDeliverable(name, description) for name, description in rows)


def _skills(*names: str) -> tuple[TypedSkill, ...]:
    return tuple(map(TypedSkill, names))


STARTERS: Final[Mapping[str, tuple[str, ProjectForm]]] = MappingProxyType(
    {
        "report": (
            "Marketing report",
            ProjectForm(
                title="A report on how our customers find us",
                brief=(
                    "We sell to small businesses and don’t know which channels bring them to us. Find out where our "
                    "customers hear of us, what competitors of our size do, and which three things we should try next."
                    "\n\nYou get our visitor statistics of the last twelve months and talk to five customers."
                ),
                deliverables=_things(
                    ("Report", "8 to 12 pages as PDF: what you did, what you found, three proposals with their cost."),
                    ("Summary for the team", "Five slides."),
                    ("Table of the data", "As CSV, with a note on where each figure comes from."),
                ),
                skills=_skills("Market research", "Customer interviews", "Data analysis", "Report writing"),
                hours="40",
                expectations=_CONTACT + "Names of customers stay with us.",
                may_be_shown="described",
            ),
        ),
        "page": (
            "Web page",
            ProjectForm(
                title="A page for our new service",
                brief=(
                    "We start a new service and need one page that says what it is, for whom, what it costs and how to "
                    "begin. The texts are there in draft; the page should load fast on a phone and be usable by "
                    "keyboard and screen reader.\n\nYou get our colours, our logo and a place to publish a draft."
                ),
                deliverables=_things(
                    ("Page", "HTML and CSS without a build step, at most 100 KB, WCAG 2.2 AA."),
                    ("Notes", "One page: how to change text and pictures, what was checked and how."),
                ),
                skills=_skills("HTML", "CSS", "Responsive design", "Digital accessibility", "Web content"),
                hours="35",
                expectations=_CONTACT + "A first draft after one week.",
            ),
        ),
        "data": (
            "Data analysis",
            ProjectForm(
                title="What our order data says about returning customers",
                brief=(
                    "We have the orders of three years in one table. Find out which customers come back, after how "
                    "long, and what they bought first. Tell us what the data can’t say, too.\n\nYou get the table "
                    "without names and addresses, and a description of its columns."
                ),
                deliverables=(
                    TermsDeliverable("Notebook", "Python or R, runs from the table to every figure.", "link"),
                    TermsDeliverable(
                        "Findings", "4 to 6 pages with charts.", "confidential", "An analysis of returning customers"
                    ),
                ),
                skills=_skills("Data cleaning", "Data analysis", "Data visualisation", "Statistics", "Python"),
                hours="45",
                expectations=_CONTACT + "The data stays on a machine that only you use, and is deleted at the end.",
                may_be_shown="described",
            ),
        ),
        "social": (
            "Social-media drafts",
            ProjectForm(
                title="One month of social-media drafts",
                brief=(
                    "We want to tell what we do in twelve posts: short, concrete, without superlatives. Work out a "
                    "plan for one month on two channels and write the drafts, with a proposal for a picture each. "
                    "We publish them ourselves.\n\nYou get our tone-of-voice guide and three past posts that we like."
                ),
                deliverables=_things(
                    ("Plan", "One page: audience, topics, days, how we see that it worked."),
                    ("Twelve drafts", "Text, alt text, and a sketch or source of a picture that we may use."),
                ),
                skills=_skills("Social media content", "Copywriting", "Content calendar planning", "Alt text writing"),
                hours="30",
                expectations=_CONTACT + "We answer each draft within two working days, at most two rounds.",
            ),
        ),
        "research": (
            "Research",
            ProjectForm(
                title="Which rules and grants concern our product",
                brief=(
                    "We make reusable packaging and want to sell it in two more countries. Find the rules and public "
                    "grants that concern it there, from primary sources, and say what is certain and what is not.\n\n"
                    "This is research and no legal advice."
                ),
                deliverables=_things(
                    ("Overview", "6 to 10 pages, each statement with its source and the day you read it."),
                    ("List of sources", "As a table: address, publisher, date, what it is good for."),
                ),
                skills=_skills("Desk research", "Policy analysis", "Source criticism", "Report writing"),
                hours="40",
                expectations=_CONTACT,
            ),
        ),
        "design": (
            "Design",
            ProjectForm(
                title="Three screens of our app, drawn anew",
                brief=(
                    "People leave our app on three screens: sign-up, search, and the empty basket. Look at why, draw "
                    "the screens anew and try them with five people.\n\nYou get the app, our components and the "
                    "figures of the last three months."
                ),
                deliverables=_things(
                    ("Design file", "Three screens, each for a phone and a desk, with every state."),
                    ("Test notes", "What five people did and said, without their names."),
                    ("Handover", "One page: what changed and why."),
                ),
                skills=_skills("User interface design", "Usability testing", "Prototyping", "Figma"),
                hours="40",
                expectations=_CONTACT + "You find the five people yourself; we pay them.",
            ),
        ),
    }
)
"""By name: what it is called, and its form. Dates and pay are left for the company to say."""
