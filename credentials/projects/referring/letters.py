"""The letters about references. No subject and no first line holds a link, a name, or what a stranger wrote."""

from __future__ import annotations

from credentials.mail.message import Action, Letter

KIND = "reference"


def asked_to_stand(host: str, person: str, title: str, url: str) -> Letter:
    """To the supervisor: will they answer questions about the work?"""
    return Letter(
        kind=KIND,
        subject="May people ask you about work that you accepted?",
        paragraphs=(
            "Somebody whose work you accepted asks you to stand as a reference.",
            f"{person} finished “{title}”. If you say yes, people who hire can send you questions about it through us.",
            "They see your first name, never your address. You can take it back at any time.",
        ),
        action=Action("Say yes or no", url),
        reason=f"You reviewed this work on {host}.",
    )


def supervisor_answered(host: str, title: str, url: str, *, agreed: bool) -> Letter:
    """To the candidate: what the supervisor said."""
    said = (
        "They said yes. Now you choose whether the credential’s page says so."
        if agreed
        else "They do not stand as a reference for it. The credential is as good as before."
    )
    return Letter(
        kind=KIND,
        subject="About your reference",
        paragraphs=(f"Whoever accepted your work “{title}” answered whether they stand as a reference.", said),
        action=Action("See your work", url),
        reason=f"You asked for a reference on {host}.",
    )


def confirm_question(host: str, url: str) -> Letter:
    """To whoever asks: was it you? Nothing that was typed stands in it, so that nobody can write through us."""
    return Letter(
        kind=KIND,
        subject="Confirm your question about a credential",
        paragraphs=(
            "Somebody, you we hope, wrote a question about a credential and gave this address for the answer.",
            "Nothing was sent to anybody so far. The link shows the question, and works once, for two days.",
        ),
        action=Action("See the question, and send it", url),
        after=("If it was not you, do nothing: the question is deleted.",),
        reason=f"Somebody gave this address on {host}.",
    )


def question(host: str, title: str, person: str, asked_by: str, words: str, urls: tuple[str, str]) -> Letter:
    """To the supervisor: a question. `urls`: where to answer it, and where to say no more."""
    answer, reference = urls
    return Letter(
        kind=KIND,
        subject="A question about work that you accepted",
        paragraphs=(
            "You stand as a reference. Somebody who hires has a question, and proved nothing but an e-mail address.",
            f"It is about “{title}” by {person}. They call themselves {asked_by}, and write:",
            words,
        ),
        action=Action("Answer, or report it", answer),
        after=(f"To stand as a reference no longer: {reference}",),
        reason=f"You said on {host} that people may ask you. They do not see your address.",
    )


def answer(host: str, title: str, supervisor: str, words: str) -> Letter:
    """To whoever asked: the answer."""
    return Letter(
        kind=KIND,
        subject="The answer to your question about a credential",
        paragraphs=(
            "You asked about finished work. This is the answer.",
            f"About “{title}”, {supervisor} writes:",
            words,
        ),
        after=("This address can’t be answered. To ask something else, open the credential’s page again.",),
        reason=f"You asked on {host}.",
    )
