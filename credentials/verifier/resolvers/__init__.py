"""How the verifier comes by what a credential refers to: keys, status lists, status stories.

One protocol, many ways. `WebResolver` is in `credentials.verifier.resolvers.web`, so that verifying offline does not
load an HTTP client.
"""

from credentials.verifier.resolvers.caching import CachingResolver
from credentials.verifier.resolvers.own_origin import OwnOriginResolver
from credentials.verifier.resolvers.resolver import Clock, Fetched, Resolver, utc_now
from credentials.verifier.resolvers.static import StaticResolver

__all__ = [
    "CachingResolver",
    "Clock",
    "Fetched",
    "OwnOriginResolver",
    "Resolver",
    "StaticResolver",
    "utc_now",
]
