"""What can be wrong with an API key. Nothing here says which keys exist, and no text repeats a secret."""

from __future__ import annotations

from credentials.core.errors import BadInput, Forbidden, NotFound


class KeyWanted(Forbidden):
    """The call needs an API key and none was sent."""

    code = "api-key-wanted"
    title = "An API key is wanted"
    advice = "Send `Authorization: Bearer <api key>`; `credentials api-key create` makes one."


class KeyRefused(Forbidden):
    """The API key is unknown, expired or revoked; which of these is not said."""

    code = "api-key-refused"
    title = "This API key is not accepted"
    advice = "Check that the key is complete, or make a new one: `credentials api-key create`."


class ScopeMissing(Forbidden):
    """The API key is good but may not do this."""

    code = "scope-missing"
    title = "This API key may not do that"
    advice = "Use a key with the scope named here."


class ScopeUnknown(BadInput):
    """A key was to be made with a scope that does not exist, or with none."""

    code = "scope-unknown"
    title = "There is no such scope"
    advice = "Use one or more of: issue, revoke, read, webhooks."


class LifetimeInvalid(BadInput):
    """A key was to be made that has expired already."""

    code = "api-key-lifetime-invalid"
    title = "The key would have expired already"
    advice = "Give an expiry in the future, or none."


class ApiKeyUnknown(NotFound):
    """The issuer has no active key with this id."""

    code = "api-key-unknown"
    title = "No such API key"
    advice = "List the issuer's keys: `credentials api-key list`."


class IssuerUnknown(NotFound):
    """There is no issuer with this slug."""

    code = "api-key-issuer-unknown"
    title = "No such issuer"
    advice = "List the issuers: `credentials issuer list`."
