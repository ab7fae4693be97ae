"""What `--map` says comes first, then the headings; doubt is an error that asks for `--map`."""

import pytest

from credentials.core.errors import BadInput
from credentials.issuer.bulk.columns import columns_of
from credentials.issuer.bulk.errors import ColumnAmbiguous, ColumnMissing, HeadingNotFound, MappingWrong

HEADING = ["Name", "Project", "Description", "Started", "Finished", "Supervisor"]


def test_headings_in_any_order() -> None:
    columns = columns_of(HEADING[::-1])
    assert dict(columns.places) == {
        "supervisor_name": 0, "ended_on": 1, "started_on": 2, "summary": 3, "project_title": 4, "recipient_name": 5,
    }  # fmt: skip
    assert columns.title("ended_on") == "Finished"
    assert columns.title("role") == "role"


def test_unknown_columns_are_remembered() -> None:
    assert columns_of(["Shoe size", *HEADING, "", "IBAN", ""]).unknown == (0, 7, 8)


@pytest.mark.parametrize("place", range(6))
def test_a_missing_column_is_named(place: int) -> None:
    rest = [heading for other, heading in enumerate(HEADING) if other != place]
    with pytest.raises(ColumnMissing, match=r"recipient_name|project_title|summary|_on|supervisor_name"):
        columns_of(rest)


@pytest.mark.parametrize(("first", "second"), [("Comment", "Feedback"), ("Manager", "Mentor"), ("Name", "name")])
def test_two_columns_for_one_field_ask_for_a_mapping(first: str, second: str) -> None:
    rest = [heading for heading in HEADING if heading not in (first, "Supervisor" if first == "Manager" else "")]
    with pytest.raises(ColumnAmbiguous, match=f"{first} and {second} both look like") as caught:
        columns_of([*rest, first, second])
    assert "--map" in caught.value.advice


def test_a_mapping_settles_it() -> None:
    columns = columns_of([*HEADING, "Comment", "Feedback"], {"supervisor_words": "Feedback"})
    assert columns.places["supervisor_words"] == 7
    assert columns.unknown == (6,)


def test_a_mapping_is_stronger_than_a_guess() -> None:
    columns = columns_of([*HEADING, "Chef de projet"], {"supervisor_name": "chef de  projet", "recipient_name": "Name"})
    assert columns.places["supervisor_name"] == 6
    assert columns.unknown == (5,)


def test_a_mapping_can_move_a_column_to_another_field() -> None:
    heading = [*HEADING, "Bemerkung", "Titel"]
    columns = columns_of(heading, {"supervisor_words": "Titel", "project_title": "Project"})
    assert columns.places["supervisor_words"] == 7
    assert columns.unknown == (6,)


def test_a_field_can_be_mapped_to_nothing() -> None:
    assert "supervisor_words" not in columns_of([*HEADING, "Comment", "Feedback"], {"supervisor_words": ""}).places


@pytest.mark.parametrize("name", ["name", "Full name", "NOMBRE Y APELLIDOS"])
def test_a_field_may_be_named_as_people_call_it(name: str) -> None:
    assert columns_of(["Who", *HEADING[1:]], {name: "Who"}).places["recipient_name"] == 0


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"shoe_size": "Name"}, "no field shoe_size"),
        ({"summary": "Summary of it"}, "no column Summary of it"),
        ({"summary": "Name", "role": "Name"}, "one column is mapped to two fields"),
        ({"recipient_name": "Name", "full name": "Project"}, "mapped twice"),
        ({"\u202e": "Name"}, "U.202E"),
        ({"": "Name"}, "no field"),
    ],
)
def test_a_wrong_mapping_says_what_there_is(mapping: dict[str, str], words: str) -> None:
    with pytest.raises(MappingWrong, match=words):
        columns_of(HEADING, mapping)


def test_two_columns_of_one_heading_cannot_be_mapped() -> None:
    with pytest.raises(MappingWrong, match="several columns"):
        columns_of([*HEADING, "Note", "Note"], {"role": "Note"})


@pytest.mark.parametrize("heading", [[], [""], ["a", "b"], ["Nkechi Obi", "2026-03-02"], ["\u202e"]])
def test_a_first_row_without_headings_is_refused(heading: list[str]) -> None:
    with pytest.raises(HeadingNotFound):
        columns_of(heading)


def test_names_in_two_columns() -> None:
    columns = columns_of(["Vorname", "Nachname", *HEADING[1:]])
    assert columns.places["given_name"] == 0
    with pytest.raises(ColumnMissing, match="recipient_name"):
        columns_of(["Vorname", *HEADING[1:]])


@pytest.mark.parametrize("alone", ["Nom", "Nombre"])
def test_nombre_alone_is_the_whole_name(alone: str) -> None:
    assert columns_of([alone, *HEADING[1:]]).places["recipient_name"] == 0


def test_every_error_says_what_to_do() -> None:
    for error in (ColumnMissing, ColumnAmbiguous, HeadingNotFound, MappingWrong):
        assert issubclass(error, BadInput)
        assert "--map" in error.advice
