"""Issue, show and verify credentials for finished micro-internships.

This is the library: what another program needs to verify a credential, without a database and without a server.

    from datetime import UTC, datetime
    from credentials import StaticResolver, TrustPolicy, verify

    report = verify(token, resolver=StaticResolver(documents), policy=TrustPolicy(), now=datetime.now(UTC))
    report.verdict, report.state, report.words

`issue` is the other way: it secures one unsigned credential with a key of yours and checks its own signature.

`StaticResolver` answers from documents at hand. `credentials.verifier.resolvers.web.WebResolver` asks the internet; it
is left out here so that verifying offline loads no HTTP client.
"""

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
from credentials.version import __version__

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
