"""A step that a company's program takes: once, however often the call is sent, then told as things are."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from flask import Response

from credentials.accounts.acting import Member
from credentials.web.composition import Service
from credentials.web.programs import reply, this_program
from credentials.web.repeating import once


def step_once(
    service: Service,
    body: msgspec.Struct | None,
    step: Callable[[Member], object],
    told: Callable[[], msgspec.Struct],
) -> Response:
    """Let the calling key take a step once, and answer with what is so then. Raises as both do, and as `once` does."""

    def act() -> Response:
        step(this_program(service))
        return reply(told())

    return once(service, body, act)
