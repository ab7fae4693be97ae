"""Issue, show and verify credentials for finished micro-internships.

This is the library: what another program needs to verify a credential, without a database and without a server.

    from datetime import UTC, datetime
    from credentials import StaticResolver, TrustPolicy, verify

    report = verify(token, resolver=StaticResolver(documents), policy=TrustPolicy(), now=datetime.now(UTC))
    report.verdict, report.state, report.words

`issue` is the other way: it secures one unsigned credential with a key of yours and checks its own signature.

`StaticResolver` answers from documents at hand. `credentials.verifier.resolvers.web.WebResolver` asks the internet; it
is left out here so that verifying offline loads no HTTP client.

What is named here is imported when it is first used: whoever needs a part loads that part, and the command can say that
it was interrupted even while it starts.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from credentials.version import __version__

if TYPE_CHECKING:
    from credentials.core.achievement import AchievementCredential, parse_achievement
    from credentials.core.errors import CredentialError
    from credentials.core.keys import PublicKey
    from credentials.core.mechanism import VerifiedCredential
    from credentials.core.securing import issue
    from credentials.verifier.checks import Check, CheckKind, Outcome
    from credentials.verifier.policy import Confirmation, Suspension, TrustPolicy
    from credentials.verifier.report import IssuerView, Report, StatusNote
    from credentials.verifier.resolvers.resolver import Fetched, Resolver
    from credentials.verifier.resolvers.static import StaticResolver
    from credentials.verifier.states import State, Verdict
    from credentials.verifier.verify import verify

__all__ = [
    "AchievementCredential",
    "Check",
    "CheckKind",
    "Confirmation",
    "CredentialError",
    "Fetched",
    "IssuerView",
    "Outcome",
    "PublicKey",
    "Report",
    "Resolver",
    "State",
    "StaticResolver",
    "StatusNote",
    "Suspension",
    "TrustPolicy",
    "Verdict",
    "VerifiedCredential",
    "__version__",
    "issue",
    "parse_achievement",
    "verify",
]

_HOMES = {
    "credentials.core.achievement": ("AchievementCredential", "parse_achievement"),
    "credentials.core.errors": ("CredentialError",),
    "credentials.core.keys": ("PublicKey",),
    "credentials.core.mechanism": ("VerifiedCredential",),
    "credentials.core.securing": ("issue",),
    "credentials.verifier.checks": ("Check", "CheckKind", "Outcome"),
    "credentials.verifier.policy": ("Confirmation", "Suspension", "TrustPolicy"),
    "credentials.verifier.report": ("IssuerView", "Report", "StatusNote"),
    "credentials.verifier.resolvers.resolver": ("Fetched", "Resolver"),
    "credentials.verifier.resolvers.static": ("StaticResolver",),
    "credentials.verifier.states": ("State", "Verdict"),
    "credentials.verifier.verify": ("verify",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """What `name` stands for in the module that defines it (PEP 562)."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    """The names for other programs."""
    return sorted(__all__)
