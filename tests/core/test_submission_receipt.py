"""Receipts for work: what stands in one, what is left out of it, and what is no receipt."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from credentials.core import strict_json
from credentials.core.mechanism import Unsigned
from credentials.core.submission_receipt import Item, Party, Receipt, is_receipt, tells_of_submission, write_receipt

AT = datetime(2026, 3, 16, 23, 59, 59, tzinfo=UTC)
RECEIPT = Receipt(
    id="urn:uuid:1",
    submission="urn:uuid:2",
    issuer="did:web:credentials.example",
    issuer_name="Credentials",
    title="Survey of shops",
    engagement="ENGAGEMENT",
    agreement=2,
    agreement_digest="sha384-AAAA",
    number=3,
    at=AT,
    deadline=date(2026, 3, 16),
    late=False,
    by=Party(name="Zoë Okonkwo"),
    to=Party(name="Acme", id="did:web:acme.example", domain="acme.example"),
    items=(),
)


def written(**changes: Any) -> dict[str, Any]:
    data = write_receipt(replace(RECEIPT, **changes))
    # What is written must pass the front door that it will be signed through.
    Unsigned.parse(data)
    return strict_json.parse_object(data, max_bytes=1 << 20)


def subject(**changes: Any) -> dict[str, Any]:
    said: dict[str, Any] = written(**changes)["credentialSubject"]
    return said


def test_it_is_a_credential_of_its_own_type_that_nobody_may_withdraw() -> None:
    whole = written()
    assert whole["type"] == ["VerifiableCredential", "SubmissionReceipt"]
    assert {"credentialStatus", "validUntil", "evidence"} & whole.keys() == set()
    assert tells_of_submission(whole)


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=14)), timezone(-timedelta(hours=12))], ids=str)
def test_the_moment_is_told_in_utc_and_twice_the_same(zone: timezone) -> None:
    whole = written(at=AT.astimezone(zone))
    assert whole["validFrom"] == whole["credentialSubject"]["handedInAt"] == "2026-03-16T23:59:59Z"
    assert whole["credentialSubject"]["deadline"] == "2026-03-16"


@pytest.mark.parametrize("late", [True, False])
def test_whether_it_was_late_is_said_either_way(late: bool) -> None:
    assert subject(late=late)["late"] is late


ITEMS: list[tuple[str, Item, dict[str, Any]]] = [
    ("nothing but what it is for", Item(deliverable="Report"), {"deliverable": "Report"}),
    ("a link", Item(deliverable="Report", url="https://a.example/r"),
     {"deliverable": "Report", "link": "https://a.example/r"}),
    ("a confidential link, by its digest", Item(deliverable="Report", digest="sha384-x"),
     {"deliverable": "Report", "digest": "sha384-x"}),
    ("an empty file has a size", Item(deliverable="Report", name="r.txt", size=0, media_type="text/plain"),
     {"deliverable": "Report", "fileName": "r.txt", "size": 0, "mediaType": "text/plain"}),
    ("a name with quotes and a line end", Item(deliverable='A "b"\n', name="</script>"),
     {"deliverable": 'A "b"\n', "fileName": "</script>"}),
]  # fmt: skip


@pytest.mark.parametrize(("item", "said"), [row[1:] for row in ITEMS], ids=[row[0] for row in ITEMS])
def test_what_was_handed_in_stands_there_and_nothing_empty(item: Item, said: dict[str, Any]) -> None:
    assert subject(items=(item,))["items"] == [said]


def test_the_order_and_the_number_of_items_are_kept() -> None:
    items = tuple(Item(deliverable=name) for name in ("b", "a", "b"))
    assert [one["deliverable"] for one in subject(items=items)["items"]] == ["b", "a", "b"]
    assert subject()["items"] == []


def test_a_person_is_told_by_name_alone_and_a_company_by_its_did() -> None:
    said = subject()
    assert said["handedInBy"] == {"name": "Zoë Okonkwo"}
    assert said["handedInTo"] == {"name": "Acme", "id": "did:web:acme.example", "domain": "acme.example"}


def test_the_same_receipt_has_the_same_bytes() -> None:
    assert write_receipt(RECEIPT) == write_receipt(replace(RECEIPT))
    assert write_receipt(RECEIPT) != write_receipt(replace(RECEIPT, number=4))


@pytest.mark.parametrize(
    "stated",
    [
        None,
        "SubmissionReceipt",
        {"SubmissionReceipt": 1},
        [],
        ["VerifiableCredential"],
        ["submissionreceipt"],
        [["SubmissionReceipt"]],
        [{"@id": "SubmissionReceipt"}],
        [None, 7, True],
        ["SubmissionReceipt "],
    ],
    ids=repr,
)
def test_what_is_no_receipt(stated: Any) -> None:
    assert not tells_of_submission({"type": stated})
    assert not tells_of_submission({})


@pytest.mark.parametrize("stated", [["SubmissionReceipt"], [{}, "SubmissionReceipt"], ["A", "SubmissionReceipt", 7]])
def test_what_is_one_among_other_types(stated: list[Any]) -> None:
    assert tells_of_submission({"type": stated})


@pytest.mark.parametrize("types", [(), ("SubmissionReceipts",), ("Receipt", "Submission")])
def test_a_part_of_the_name_is_not_the_name(types: tuple[str, ...]) -> None:
    assert not is_receipt(types)
