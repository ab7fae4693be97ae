"""Keep which issuers look like somebody else."""

from datetime import datetime

from sqlalchemy import Connection

from credentials.store.issuers import Issuer


def look_at_domain(connection: Connection, issuer: Issuer, domain: str, now: datetime) -> None:
    """Later."""


def watch(connection: Connection, issuer: Issuer, now: datetime) -> None:
    """Later."""
