"""What is wrong with the resources that a credential states digests of, and with the schemas it says it keeps to."""

from __future__ import annotations

from credentials.core.error_kinds import DataModelInvalid, NotAccepted


class MalformedRelatedResource(DataModelInvalid):
    """A related resource without an id or a digest, or a digest that is none (VC Data Model 2.0 section 5.3)."""

    code = "malformed-related-resource"
    title = "A related resource is malformed"
    advice = "Ask the issuer for a credential whose relatedResource entries have an id and a digest each."


class RelatedResourceDiffers(NotAccepted):
    """What stands at a related resource's address is not what the credential's digest is of (section 5.3)."""

    code = "related-resource-differs"
    title = "A related resource is not the one that was meant"
    advice = "Do not rely on it. Ask the issuer which version of the resource was meant."


class MalformedSchemaReference(DataModelInvalid):
    """A credentialSchema without a type or an id (VC Data Model 2.0 section 4.11)."""

    code = "malformed-credential-schema"
    title = "The credential's schema is not named properly"
    advice = "Ask the issuer for a credential whose credentialSchema has a type and an id."


class SchemaBroken(DataModelInvalid):
    """The credential does not keep to the JSON schema that it names (VC JSON Schema section 2.1)."""

    code = "credential-schema-broken"
    title = "It breaks its own schema"
    advice = "Ask the issuer for a credential that keeps to the schema it names."
