"""CSV as spreadsheets really write it."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import Refused
from outreach.reading.table import read_table

TEXT = "name_fa,email\nکانون,a@b.example\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "\t").encode(),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        ("sep=;\r\n" + TEXT.replace(",", ";")).encode(),
        ('"name_fa","email"\n"کانون","a@b.example"').encode(),
        ("\n\n" + TEXT).encode(),
    ],
    ids=["plain", "BOM", "UTF-16 LE", "UTF-16 BE", "semicolon", "tab", "CRLF", "CR", "sep line", "quoted", "blank"],
)
def test_same_row_is_read_from_every_form(data: bytes) -> None:
    table = read_table(data)
    assert table.columns == ("name_fa", "email")
    assert [row.cells for row in table.rows] == [{"name_fa": "کانون", "email": "a@b.example"}]


@pytest.mark.parametrize(
    "header", ["contact_person", "Contact Person", "CONTACT-PERSON", " contact  person ", "Contact_ person"]
)
def test_columns_are_known_however_they_are_written(header: str) -> None:
    assert read_table(f"{header},name\nx,y\n".encode()).columns == ("contact_person", "name")


def test_rows_are_numbered_by_the_line_they_begin_in() -> None:
    data = b'name,greeting\nA,"two\nlines"\n\n,\nB,\n'
    assert [(row.line, row.cells["name"]) for row in read_table(data).rows] == [(2, "A"), (6, "B")]


def test_cell_that_looks_like_a_formula_is_text() -> None:
    assert read_table(b"name\n=1+1\n").rows[0].cells == {"name": "=1+1"}


def test_quotation_mark_left_open_spoils_only_the_lines_it_swallows() -> None:
    data = b'name,city\nA,"Berlin\nB,Bonn\nC,"Trier"\nD,Ulm\n'
    rows = read_table(data).rows
    assert [row.line for row in rows if row.fault] == [2]
    assert "up to line 4" in (rows[0].fault or "")
    assert rows[-1].cells["name"] == "D"


def test_row_with_too_many_cells_is_not_guessed_at() -> None:
    [row] = read_table(b"name,city\nA,B,C\n").rows
    assert row.fault == "it has more cells than the first line has columns"


def test_empty_cells_beyond_the_columns_do_no_harm() -> None:
    assert read_table(b"name,city\nA,B,,\n").rows[0].fault is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"name\n\xc0\x81\xe9\xe8\n", "not in UTF-8 (line 2"),
        (b"n\0a\0m\0e\0\n\0", "UTF-16"),
        (b"PK\x03\x04rest", "damaged workbook"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel"),
        (b"", "empty"),
        (b"\n\n ; ;\n", "empty"),
        (b"name,Name\n", "twice: name"),
        (b"x" * 10_000_001, "10 MB"),
    ],
)
def test_file_that_is_no_such_list_is_refused_saying_what_to_do(data: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said.replace("(", r"\(")):
        read_table(data)


@given(st.binary(max_size=300) | st.text('",;\n\ta', max_size=60).map(str.encode))
def test_any_octets_are_a_table_or_refused(data: bytes) -> None:
    try:
        table = read_table(b"name,city\n" + data)
    except Refused:
        return
    assert all(row.fault or set(row.cells) <= {"name", "city"} for row in table.rows)
