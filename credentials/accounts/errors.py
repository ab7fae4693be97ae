"""What can be wrong with accounts, links and API keys. Nothing here says what exists, and no text repeats a secret."""

from __future__ import annotations

from credentials.core.errors import BadInput, Conflict, Forbidden, NotFound


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


class TwoPeopleWanted(Forbidden):
    """The company wants two people for each award, and a program is none of them."""

    code = "two-people-wanted"
    title = "This company wants two people for each award"
    advice = "Award it in the console, or let an owner say there that one person may do both."


class ScopeUnknown(BadInput):
    """A key was to be made with a scope that does not exist, or with none."""

    code = "scope-unknown"
    title = "There is no such scope"
    advice = "Use one or more of the scopes that “Give out API keys” lists."


class AnswererWanted(BadInput):
    """A key that may write in projects was to be made, and nobody of the company answers for it."""

    code = "api-key-answerer-wanted"
    title = "Somebody of the company must answer for this key"
    advice = "Make it in the console, or name a person of the company: --person and their e-mail address."


class NobodyAnswers(Forbidden):
    """The person who answers for a key has no place in the company any more."""

    code = "api-key-nobody-answers"
    title = "Nobody of the company answers for this key any more"
    advice = "Let an owner make a new key in the console, and revoke this one."


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


class LinkUnusable(Forbidden):
    """A link, code or ticket is unknown, was used, was changed or has expired; which of these is not said."""

    code = "link-unusable"
    title = "This link can’t be used any more"
    advice = "Ask for a new one: each link works once, and for a limited time."


class AddressUnusable(BadInput):
    """Text that is no e-mail address that mail can be sent to."""

    code = "address-unusable-for-mail"
    title = "That is not an e-mail address"
    advice = "Check the spelling, such as ana@school.example."


class AddressTaken(Conflict):
    """The address belongs to another account."""

    code = "address-taken"
    title = "This address belongs to another account"
    advice = "Sign in with that address, or use another one."


class AddressNeeded(Conflict):
    """The address is the one that mail goes to, or is not this person's."""

    code = "address-needed"
    title = "This address can’t be removed"
    advice = "Choose another address for your mail first, then remove this one."


class NameUnusable(BadInput):
    """A name is empty, too long, or has characters that nobody can see."""

    code = "name-unusable"
    title = "That name can’t be used"
    advice = "Give a name of 1 to 200 visible characters."


class SignInWanted(Forbidden):
    """The page is for people who have signed in."""

    code = "sign-in-wanted"
    title = "Sign in first"
    advice = "Sign in, then open this page again."


class ProofWanted(Forbidden):
    """The step is so sensitive that the person must have proved who they are just now."""

    code = "proof-wanted"
    title = "Show that it’s you first"
    advice = "Sign in again, then repeat this step."


class SecondStepWanted(Forbidden):
    """The page is for people who sign in with a second step, and this session began with one alone."""

    code = "second-step-wanted"
    title = "A second step is wanted here"
    advice = "Make a passkey or take recovery codes in your account, then sign in with one of them."


class PasskeyRefused(Forbidden):
    """A passkey's answer does not verify (WebAuthn level 3 §7)."""

    code = "passkey-refused"
    title = "The passkey was not accepted"
    advice = "Try again; if it stays so, use an e-mailed link and a recovery code."


class PasskeyUnknown(NotFound):
    """The person has no such passkey."""

    code = "passkey-unknown"
    title = "No such passkey"
    advice = "Look at the list of your passkeys."


class PasskeyTaken(Conflict):
    """The passkey is registered already."""

    code = "passkey-taken"
    title = "This passkey is registered already"
    advice = "Choose another passkey, or use this one to sign in."


class SessionUnknown(NotFound):
    """The person has no such open session."""

    code = "session-unknown"
    title = "No such session"
    advice = "Look at the list of your sessions: it may have ended."


class RoleUnknown(BadInput):
    """A role that does not exist, or none at all."""

    code = "role-unknown"
    title = "There is no such role"
    advice = "Use one or more of: owner, author, reviewer, signer."


class RoleMissing(Forbidden):
    """The person belongs to the company but may not do this there."""

    code = "role-missing"
    title = "Your role doesn’t include this"
    advice = "Ask an owner of your company for the role that is named here."


class LastOwner(Conflict):
    """The step would leave a company without an owner."""

    code = "last-owner"
    title = "A company needs an owner"
    advice = "Make somebody else an owner first."


class AnswerWanted(BadInput):
    """An account is to be closed, and it was not said what becomes of the pages of its work."""

    code = "answer-wanted"
    title = "Say what becomes of your work’s pages"
    advice = "Choose whether they are hidden or left as they are."


class WorkGoesOn(Conflict):
    """Somebody is in the middle of work for a company."""

    code = "work-goes-on"
    title = "You are in the middle of work"
    advice = "Finish it or end it first, so that the company knows where it stands."


class LastOperator(Conflict):
    """The step would leave the service without anybody who runs it."""

    code = "last-operator"
    title = "Somebody has to run the service"
    advice = "Make another operator first, with credentials operator create."


class MemberUnknown(NotFound):
    """The company has no such member or open invitation."""

    code = "member-unknown"
    title = "Nobody here by that id"
    advice = "Look at the list of your company’s people."


class PersonUnknown(NotFound):
    """Nobody has this address or id."""

    code = "person-unknown"
    title = "Nobody has an account with that"
    advice = "Check the spelling, or try another address of theirs."


class AuditFilterInvalid(BadInput):
    """A filter of the audit trail cannot be read."""

    code = "audit-filter-invalid"
    title = "This filter can’t be used"
    advice = "Give dates as 2026-03-31, and names as the list shows them."


class ProviderRefused(Forbidden):
    """What a company's sign-in provider said does not hold, or it said no; which of these is not told."""

    code = "sign-in-provider-refused"
    title = "Your company’s sign-in did not work"
    advice = "Try again; if it stays so, sign in by an e-mailed link, and tell whoever set this up."


class ProviderUnusable(BadInput):
    """The settings of a company's sign-in provider cannot be used."""

    code = "sign-in-provider-unusable"
    title = "These settings can’t be used"
    advice = "Give the provider’s https address, a client id and secret, and a domain that your company has proved."


class ProviderMissing(NotFound):
    """No company has set up its own sign-in for this address."""

    code = "sign-in-provider-missing"
    title = "No company sign-in for this address"
    advice = "Sign in by an e-mailed link, or with a passkey."
