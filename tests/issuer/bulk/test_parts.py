"""What a workbook could be made of to cost memory or time: each is refused soon, by its kind and in words."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from xml.parsers.expat import ParserCreate

import pytest
from openpyxl import Workbook

from credentials.core.errors import BadInput
from credentials.issuer.bulk import parts
from credentials.issuer.bulk.errors import FileTooLarge, WorkbookUnreadable
from credentials.issuer.bulk.sheets import as_text

MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET, STRINGS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
BOOK, KINDS = "xl/workbook.xml", "[Content_Types].xml"
OVERRIDE = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/'
    b'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">%s]>' % b"".join(
    b'<!ENTITY %c "%s">' % (98 + depth, b"&%c;" % (97 + depth) * 10) for depth in range(9)
)
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@cache
def plain() -> Mapping[str, bytes]:
    """The parts of a small workbook with one text in a cell."""
    made, out = Workbook(), io.BytesIO()
    made.active.append(["Name", "Ana"])
    made.save(out)
    with zipfile.ZipFile(out) as whole:
        return {name: whole.read(name) for name in whole.namelist()}


def packed(**changes: bytes) -> bytes:
    """A workbook in which some parts are others; the names are those of `PLACES`."""
    out = io.BytesIO()
    if "strings" in changes:
        changes = {"kinds": plain()[KINDS].replace(b"</Types>", OVERRIDE + b"</Types>"), **changes}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for name, content in {**plain(), **{PLACES.get(key, key): part for key, part in changes.items()}}.items():
            made.writestr(name, content)
    return out.getvalue()


PLACES = {"sheet": SHEET, "strings": STRINGS, "styles": STYLES, "book": BOOK, "kinds": KINDS}


def sheet(inside: bytes, after: bytes = b"", before: bytes = b"", start: bytes = b"") -> bytes:
    """The XML of a sheet."""
    return start + b"<worksheet %s>%s<sheetData>%s</sheetData>%s</worksheet>" % (MAIN, before, inside, after)


def strings(inside: bytes, start: bytes = b"") -> bytes:
    """The XML of the texts that the cells share."""
    return start + b"<sst %s>%s</sst>" % (MAIN, inside)


def lying(part: str, size: int) -> bytes:
    """A workbook, one part of which says that it unpacks to another size, in both of the places that say so."""
    content = bytearray(packed())
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as whole:
        info = whole.getinfo(part)
    struct.pack_into("<I", content, info.header_offset + 22, size)
    entry = content.rindex(part.encode()) - 46
    assert content[entry : entry + 4] == b"PK\x01\x02"
    struct.pack_into("<I", content, entry + 24, size)
    return bytes(content)


ONE = b"<row><c><v>1</v></c></row>"
MERGED = b"<mergeCells>%s</mergeCells>" % (b'<mergeCell ref="A1:B2"/>' * 150_000)
Case = tuple[Callable[[], bytes], type[BadInput], str]
HOSTILE: dict[str, Case] = {
    "a part says that it is smaller": (lambda: lying(SHEET, 40), WorkbookUnreadable, "another size"),
    "a part says that it is far larger": (lambda: lying(SHEET, 2**31), FileTooLarge, "unpacked"),
    "laughs in the sheet": (lambda: packed(sheet=sheet(b"<row/>", start=LAUGHS)), WorkbookUnreadable, "document type"),
    "laughs in the strings": (lambda: packed(strings=strings(b"&j;", LAUGHS)), WorkbookUnreadable, "document type"),
    "laughs in the styles": (lambda: packed(styles=LAUGHS + plain()[STYLES]), WorkbookUnreadable, "document type"),
    "laughs in the workbook": (lambda: packed(book=LAUGHS + plain()[BOOK]), WorkbookUnreadable, "document type"),
    "laughs in the list": (lambda: packed(kinds=LAUGHS + plain()[KINDS]), WorkbookUnreadable, "document type"),
    "a file from outside": (lambda: packed(strings=strings(b"&a;", OUTSIDE)), WorkbookUnreadable, "document type"),
    "a document type alone": (
        lambda: packed(sheet=sheet(b"", start=b"<!DOCTYPE worksheet>")),
        WorkbookUnreadable,
        "document type",
    ),
    "no XML in the sheet": (lambda: packed(sheet=b"\x00\x01\x02"), WorkbookUnreadable, "no XML"),
    "an empty sheet part": (lambda: packed(sheet=b""), WorkbookUnreadable, "no XML"),
    "a sheet cut off": (lambda: packed(sheet=plain()[SHEET][:-20]), WorkbookUnreadable, "no XML"),
    "a sheet in two roots": (lambda: packed(sheet=plain()[SHEET] + b"<x/>"), WorkbookUnreadable, "no XML"),
    "an encoding of nobody": (
        lambda: packed(sheet=b'<?xml version="1.0" encoding="x-none"?><w/>'),
        WorkbookUnreadable,
        "no XML",
    ),
    "a million empty rows": (lambda: packed(sheet=sheet(b"<row/>" * 2**20)), FileTooLarge, "200000 rows"),
    "rows of 16,384 columns": (
        lambda: packed(sheet=sheet((b"<row>" + b"<c/>" * 16_384 + b"</row>") * 160)),
        FileTooLarge,
        "2500000 cells",
    ),
    "a row without an end": (lambda: packed(sheet=sheet(b"<row>" + b"<c/>" * 200_000)), FileTooLarge, "in one row"),
    "merged cells": (lambda: packed(sheet=sheet(b"<row/>", after=MERGED)), FileTooLarge, "merged cells"),
    "columns": (lambda: packed(sheet=sheet(b"", before=b"<col/>" * 150_000)), FileTooLarge, "100000 settings"),
    "styles": (
        lambda: packed(styles=b"<styleSheet %s>%s</styleSheet>" % (MAIN, b"<xf/>" * 150_000)),
        FileTooLarge,
        "100000 settings",
    ),
    "rows of another language": (
        lambda: packed(sheet=sheet(b'<row xmlns="urn:x"><c/></row>' * 60_000)),
        FileTooLarge,
        "100000 settings",
    ),
    "what lies deep": (lambda: packed(sheet=sheet(b"<x>" * 100 + b"</x>" * 100)), WorkbookUnreadable, "64 deep"),
    "rows in rows": (lambda: packed(sheet=sheet(b"<row>" * 100 + b"</row>" * 100)), WorkbookUnreadable, "64 deep"),
    "strings that are far too many": (
        lambda: packed(strings=strings(b"<si/>" * 600_000)),
        FileTooLarge,
        "500000 different texts",
    ),
    "strings that are too long together": (
        lambda: packed(strings=strings(b"<si><t>%s</t></si>" % (b"a" * 30_000) * 1_200)),
        FileTooLarge,
        "list of strings of it is larger than 32 MB",
    ),
    "a string in a thousand pieces": (
        lambda: packed(strings=strings(b"<si>%s</si>" % (b"<r><t>a</t></r>" * 60_000))),
        FileTooLarge,
        "in one row or text",
    ),
    "one long string": (
        lambda: packed(strings=strings(b"<si><t>%s</t></si>" % (b"a" * 2_000_000))),
        FileTooLarge,
        "longer than 1 MB",
    ),
    "one long cell": (
        lambda: packed(sheet=sheet(b'<row><c t="str"><v>%s</v></c></row>' % (b"1" * 2_000_000))),
        FileTooLarge,
        "longer than 1 MB",
    ),
    "one long attribute": (
        lambda: packed(sheet=sheet(b'<row r="%s"/>' % (b"1" * 2_000_000))),
        FileTooLarge,
        "longer than 1 MB",
    ),
    "a large part that is no sheet": (
        lambda: packed(styles=b"<styleSheet>%s</styleSheet>" % (b"<x>%s</x>" % (b"a" * 900_000) * 10)),
        FileTooLarge,
        "no sheet of it is larger than 8 MB",
    ),
    "a number of 5,000 digits": (
        lambda: packed(sheet=sheet(b"<row><c><v>%s</v></c></row>" % (b"9" * 5_000))),
        WorkbookUnreadable,
        "",
    ),
    "a text that is not in the list": (
        lambda: packed(sheet=sheet(b'<row><c t="s"><v>99</v></c></row>')),
        WorkbookUnreadable,
        "",
    ),
    "a day that no calendar has": (
        lambda: packed(sheet=sheet(b'<row><c t="d"><v>2026-02-31</v></c></row>')),
        WorkbookUnreadable,
        "",
    ),
}


@pytest.fixture(scope="module")
def parsed_only() -> float:
    """Seconds that expat takes for as many cells as are ever looked at, when nobody asks what they are."""
    rows = b"<sheetData>%s</sheetData>" % ((b"<row>" + b"<c/>" * 16_384 + b"</row>") * 160)
    began = time.process_time()
    ParserCreate().Parse(rows, True)
    return time.process_time() - began


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_one_is_refused_by_its_kind(case: str, parsed_only: float) -> None:
    make, kind, words = HOSTILE[case]
    content = make()
    began = time.process_time()
    with pytest.raises(kind) as refused:
        as_text(content)

    assert type(refused.value) is kind
    assert words in str(refused.value.detail)
    assert time.process_time() - began < 60 * parsed_only


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("a part that is never opened", {"xl/media/image1.xml": LAUGHS + b"<x/>"}),
        ("a comment", {"sheet": sheet(b"<!-- nothing -->" + ONE)}),
        ("merged cells", {"sheet": sheet(ONE, after=b'<mergeCells><mergeCell ref="A1:B2"/></mergeCells>')}),
        ("a row of 16,384 empty cells", {"sheet": sheet(ONE + b"<row>" + b"<c/>" * 16_384 + b"</row>")}),
        ("200,000 rows", {"sheet": sheet(ONE + b"<row/>" * (parts.MAX_ROWS - 1))}),
    ],
)
def test_what_is_only_unusual_is_read(name: str, value: dict[str, bytes]) -> None:
    assert as_text(packed(**value)) in (b"Name,Ana\r\n", b"1\r\n"), name


def test_a_part_that_says_that_it_is_larger_ends_where_it_ends() -> None:
    assert as_text(lying(SHEET, 4_000)) == b"Name,Ana\r\n"


def test_texts_that_cells_share_are_read() -> None:
    cells = b'<row><c t="s"><v>1</v></c><c t="s"><v>0</v></c></row>'

    assert as_text(packed(sheet=sheet(cells), strings=strings(b"<si><t>Ana</t></si><si><t>Name</t></si>"))) == (
        b"Name,Ana\r\n"
    )


def test_a_link_to_another_file_is_not_followed() -> None:
    links = b'<externalReferences><externalReference r:id="rId9"/></externalReferences>'
    book = plain()[BOOK].replace(b"<definedNames", links + b"<definedNames")
    assert links in book
    cell = (
        b'<row><c><f>[1]Sheet1!A1</f><v>7</v></c><c t="str"><f>WEBSERVICE("http://x.example")</f><v>kept</v></c></row>'
    )

    assert as_text(packed(book=book, sheet=sheet(cell))) == b"7,kept\r\n"


MEASURE = """
import sys
from credentials.core.errors import CredentialError
from credentials.issuer.bulk.sheets import as_text
from tests.issuer.bulk.test_parts import HOSTILE
from tests.peak_memory import peak_mebibytes
for case in sys.argv[1:]:
    try:
        as_text(HOSTILE[case][0]())
    except CredentialError:
        print(round(peak_mebibytes()))
"""


def test_what_hostile_ones_cost_together_is_bounded() -> None:
    """The peak of one process that is given one after the other, with everything that it imported."""
    worst = ["a million empty rows", "merged cells", "strings that are far too many", "rows of another language"]
    found = subprocess.run([sys.executable, "-c", MEASURE, *worst], capture_output=True, text=True, check=True)

    peaks = [int(line) for line in found.stdout.split()]
    assert len(peaks) == len(worst)
    assert max(peaks) < 256
