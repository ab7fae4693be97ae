"""`POST /credentials/verify` and `/presentations/verify` of VCALM 1.0 (Working Draft of 16 April 2026), section 3.3.

Both change nothing, store nothing and set no cookie. What cannot be read as a credential at all is answered with 400,
as the specification has it for invalid input; everything else with 200 and what was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from flask import Blueprint, Response

from credentials.core import strict_json
from credentials.core.errors import NotJson, TooLarge
from credentials.core.presentation import read_presentation
from credentials.core.securing import FORMS, recognise
from credentials.verifier.envelope import secured_bytes, written
from credentials.verifier.expectation import Expectation
from credentials.verifier.presentation import PresentationReport, verify_presentation
from credentials.verifier.report import Report
from credentials.verifier.vc_api.problem_types import OptionUnknown
from credentials.verifier.vc_api.result import ProblemDetail, Told, results, tell, tell_presentation
from credentials.web.access import Caller, Limit, declares
from credentials.web.bodies import Body, converted, require_size
from credentials.web.composition import Service
from credentials.web.operations import Answer, Operation, documented
from credentials.web.runtime import runtime
from credentials.web.vc_api import body_and_options, refusing_with_400

# A JSON string may write every character as \uXXXX.
JSON_OVERHEAD = 6
CREDENTIALS_IN_ONE = 16
"""How many times the largest credential a presentation may take."""


class CredentialOptions(Body, frozen=True):
    """What the answer shall have in it. `checks` is of older clients: all checks are always made."""

    return_credential: bool = False
    return_problem_details: bool = True
    return_results: bool = False
    checks: tuple[str, ...] = ()


class PresentationOptions(Body, frozen=True):
    """`challenge` and `domain` are what the holder was given; without them the proof may name none."""

    challenge: str | None = None
    domain: str | None = None
    return_presentation: bool = False
    return_problem_details: bool = True
    return_results: bool = False
    checks: tuple[str, ...] = ()


class VerifyCredentialRequest(Body, frozen=True):
    """A credential with embedded proofs, an EnvelopedVerifiableCredential, or a token as text."""

    verifiable_credential: str | dict[str, Any]
    options: CredentialOptions = CredentialOptions()


class VerifyPresentationRequest(Body, frozen=True):
    """A presentation with or without a proof, or a token as text; one of the two members."""

    verifiable_presentation: str | dict[str, Any] | None = None
    presentation: dict[str, Any] | None = None
    options: PresentationOptions = PresentationOptions()


class ProblemTold(msgspec.Struct, frozen=True, kw_only=True):
    """One error or warning. `type` is the address of what is wrong."""

    type: str
    title: str
    detail: str
    level: Literal["error", "warning"]


class CredentialVerified(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """`verified` is true unless there is an error; it knows nothing of confirmed issuers. See `/api/v1/verify`."""

    verified: bool
    problem_details: list[ProblemTold] | msgspec.UnsetType = msgspec.UNSET
    errors: list[ProblemTold] | msgspec.UnsetType = msgspec.UNSET
    warnings: list[ProblemTold] | msgspec.UnsetType = msgspec.UNSET
    credential: str | dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    results: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET


class PresentationVerified(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """`verified` is true when neither the presentation nor any credential in it has an error."""

    verified: bool
    problem_details: list[ProblemTold] | msgspec.UnsetType = msgspec.UNSET
    errors: list[ProblemTold] | msgspec.UnsetType = msgspec.UNSET
    warnings: list[ProblemTold] | msgspec.UnsetType = msgspec.UNSET
    verifiable_presentation: str | dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    results: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET


_TAG = "VC API (VCALM 1.0, Working Draft of 16 April 2026)"
VERIFY_CREDENTIAL = Operation(
    id="vcApiVerifyCredential",
    summary="Verify a credential",
    tag=_TAG,
    description="As the W3C has it: errors are of cryptography and the data model, warnings of status and validity in "
    "time, and `verified` is true when there is no error. For a verdict ask `/api/v1/verify`. Nothing is stored.",
    body=VerifyCredentialRequest,
    example={"verifiableCredential": {"@context": ["https://www.w3.org/ns/credentials/v2"]}, "options": {}},
    answers={200: Answer("What was found, also when it does not hold.", CredentialVerified)},
    problems=(NotJson, OptionUnknown, TooLarge),
)
VERIFY_PRESENTATION = Operation(
    id="vcApiVerifyPresentation",
    summary="Verify a presentation and the credentials in it",
    tag=_TAG,
    body=VerifyPresentationRequest,
    example={"verifiablePresentation": {}, "options": {"challenge": "d436f0c8", "domain": "shop.example"}},
    answers={200: Answer("What was found, also when it does not hold.", PresentationVerified)},
    problems=(NotJson, OptionUnknown, TooLarge),
)


def blueprint(service: Service) -> Blueprint:
    """The routes."""
    routes = Blueprint("vc_api_verifier", __name__)
    most = service.settings.max_credential_bytes

    @routes.post("/credentials/verify")
    @declares(Caller.STATELESS_FORM, limit=Limit.VERIFY_API, open_to_origins=True, max_body=most * JSON_OVERHEAD)
    @documented(VERIFY_CREDENTIAL)
    @refusing_with_400
    def verify_credential() -> Response:
        asked = _asked(VerifyCredentialRequest, CredentialOptions)
        require_size(asked.verifiable_credential, most)
        _require_credential(asked.verifiable_credential)
        report = service.verify(asked.verifiable_credential)
        runtime().metrics.count_verification(report.state)
        return _json(_credential_answer(asked, report, service.base_url))

    @routes.post("/presentations/verify")
    @declares(
        Caller.STATELESS_FORM,
        limit=Limit.VERIFY_API,
        open_to_origins=True,
        max_body=most * CREDENTIALS_IN_ONE,
    )
    @documented(VERIFY_PRESENTATION)
    @refusing_with_400
    def verify_shown() -> Response:
        asked = _asked(VerifyPresentationRequest, PresentationOptions)
        shown = _presentation(asked)
        expects = Expectation(domain=asked.options.domain, challenge=asked.options.challenge)
        report = verify_presentation(
            shown, resolver=service.resolver, policy=service.policy(), now=service.clock(), expects=expects
        )
        return _json(_presentation_answer(asked, shown, report, service.base_url))

    return routes


def _asked(kind: type[Any], options: type[msgspec.Struct]) -> Any:
    """The body of one call. Raises as `body_and_options` does, and MembersInvalid."""
    members = frozenset(kind.__struct_encode_fields__) - {"options"}
    body, given = body_and_options(members, frozenset(options.__struct_encode_fields__))
    return converted(body | {"options": given}, kind)


def _require_credential(given: str | Mapping[str, Any]) -> None:
    """Return if it can be read as a credential at all. Raises Unreadable and NotAccepted kinds."""
    secured = secured_bytes(given)
    presented = recognise(secured).read(secured)
    FORMS[presented.form].parse(presented)


def _presentation(asked: VerifyPresentationRequest) -> str | dict[str, Any]:
    """The one that was given. Raises NotJson for none or two, and as `read_presentation` does."""
    given = [one for one in (asked.verifiable_presentation, asked.presentation) if one is not None]
    if len(given) != 1:
        raise NotJson("not exactly one presentation", where="/verifiablePresentation")
    read_presentation(written(given[0]))
    return given[0]


def _credential_answer(asked: VerifyCredentialRequest, report: Report, base_url: str) -> CredentialVerified:
    told, options = tell(report, base_url), asked.options
    return CredentialVerified(
        verified=told.verified,
        **(_problems(told) if options.return_problem_details else {}),
        credential=asked.verifiable_credential if options.return_credential else msgspec.UNSET,
        results=results(report) if options.return_results else msgspec.UNSET,
    )


def _presentation_answer(
    asked: VerifyPresentationRequest, shown: str | dict[str, Any], report: PresentationReport, base_url: str
) -> PresentationVerified:
    options = asked.options
    told = tell_presentation(report)
    inside = [tell(one, base_url) for one in report.credentials]
    every = Told(
        told.errors + tuple(error for one in inside for error in one.errors),
        told.warnings + tuple(warning for one in inside for warning in one.warnings),
    )
    return PresentationVerified(
        verified=every.verified,
        **(_problems(every) if options.return_problem_details else {}),
        verifiable_presentation=shown if options.return_presentation else msgspec.UNSET,
        results=_presentation_results(asked, report, inside) if options.return_results else msgspec.UNSET,
    )


def _presentation_results(
    asked: VerifyPresentationRequest, report: PresentationReport, inside: list[Told]
) -> dict[str, Any]:
    """`results` of VCALM section 3.3.2: the presentation's own, then each credential's."""
    held = report.holder is not None
    own: dict[str, Any] = {
        name: {"verified": held, "input": value}
        for name, value in (("challenge", asked.options.challenge), ("domain", asked.options.domain))
        if value is not None
    }
    if held:
        own["holder"] = {"verified": True, "input": report.holder}
    own["proof"] = [{"verified": one.outcome == "passed", "input": one.to_json()} for one in report.proofs]
    credentials = [
        CredentialVerified(verified=told.verified, **_problems(told), results=results(one))
        for told, one in zip(inside, report.credentials, strict=True)
    ]
    return {"presentation": own, "credentials": credentials}


def _problems(told: Told) -> dict[str, Any]:
    errors = [_problem(one, "error") for one in told.errors]
    warnings = [_problem(one, "warning") for one in told.warnings]
    return {"problem_details": [*errors, *warnings], "errors": errors, "warnings": warnings}


def _problem(one: ProblemDetail, level: Literal["error", "warning"]) -> ProblemTold:
    return ProblemTold(type=one.type, title=one.title, detail=one.detail, level=level)


def _json(value: msgspec.Struct) -> Response:
    return Response(strict_json.dump(value), mimetype="application/json")
