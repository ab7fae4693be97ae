"""The letters about what comes next. They are news: who does not want them turns them off, and sees the page."""

from __future__ import annotations

from credentials.mail.message import Action, Letter


def job_letter(host: str, company: str, title: str, url: str, said: tuple[str, ...]) -> Letter:
    """To the candidate: a job. `said` is the job in the company's words, a line each."""
    return Letter(
        kind="news",
        subject="A job, after the work you did",
        paragraphs=(f"{company}, for whom you finished “{title}”, tells you of a job.", *said),
        action=Action("Read it, and say whether it interests you", url),
        reason=f"You finished work for this company on {host}.",
    )


def answered(person: str, title: str, state: str) -> tuple[str, str]:
    """Subject and words for the company: what its candidate said."""
    said = "it interests them" if state == "interested" else "not now"
    return "An answer to what you offered", f"{person} answered your offer “{title}”: {said}."
