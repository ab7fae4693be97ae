"""What can be wrong with a webhook. A foreign one is as good as unknown, and no text repeats a secret."""

from __future__ import annotations

from credentials.core.errors import BadInput, Conflict, NotFound, Unavailable


class WebhookUnknown(NotFound):
    """The issuer has no webhook with this id."""

    code = "webhook-unknown"
    title = "No such webhook"
    advice = "List the issuer's webhooks: `credentials webhook list`."


class WebhookIssuerUnknown(NotFound):
    """There is no issuer with this id or slug."""

    code = "webhook-issuer-unknown"
    title = "No such issuer"
    advice = "List the issuers: `credentials issuer list`."


class DeliveryUnknown(NotFound):
    """The webhook was never told of this message."""

    code = "webhook-delivery-unknown"
    title = "No such delivery"
    advice = "List the deliveries of the webhook: `credentials webhook history`."


class WebhookAddressRefused(BadInput):
    """The address is none that webhooks are sent to."""

    code = "webhook-address-refused"
    title = "No webhook can be sent there"
    advice = "Give a public https address: a host name, the usual port, no user name and no fragment."


class WebhookKindUnknown(BadInput):
    """A webhook was to be told of something that is never told, or of nothing."""

    code = "webhook-kind-unknown"
    title = "There is no such kind of event"
    advice = "Name one or more of the kinds that the reference of webhooks lists."


class WebhookEnded(Conflict):
    """The webhook ended: it answered 410, or it failed for days."""

    code = "webhook-ended"
    title = "The webhook has ended"
    advice = "Add a new webhook; remove this one when it is not needed any more."


class TooManyWebhooks(Conflict):
    """The issuer has as many webhooks as it may have."""

    code = "too-many-webhooks"
    title = "There are too many webhooks"
    advice = "Remove one that is not needed any more."


class CursorUnusable(BadInput):
    """The place in a list at which the answer should go on is none that was given out."""

    code = "cursor-unusable"
    title = "The list cannot go on there"
    advice = "Use the cursor of the last answer as it is, or leave it out to begin anew."


class WebhookSecretUnreadable(Unavailable):
    """A webhook's secret was sealed under another secret of the service, or altered."""

    code = "webhook-secret-unreadable"
    title = "The secret of a webhook cannot be read"
    advice = "Restore the data folder's web.secret, or rotate the secret: `credentials webhook rotate`."
