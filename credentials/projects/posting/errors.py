"""What can be wrong when a project is written, put on the board, or looked for."""

from __future__ import annotations

from credentials.core.errors import BadInput, Conflict, NotFound


class ProjectUnknown(NotFound):
    """There is no such project, or it is not this company’s, or nobody may see it yet."""

    code = "project-unknown"
    title = "No such project"
    advice = "Look at the list of projects: it may have been closed or never opened."


class ProjectChanged(Conflict):
    """Somebody else changed the project since it was opened."""

    code = "project-changed"
    title = "Somebody else changed this project meanwhile"
    advice = "Compare both below, then save again: what you typed is still there."


class ProjectNotReady(BadInput):
    """Something keeps the project from the board."""

    code = "project-not-ready"
    title = "This can’t go on the board yet"
    advice = "Put right what is marked, then try again."
