"""Reads a list as people have it: CSV in any common encoding, a workbook, or pasted "Name <address>" lines.

Bytes in, columns and numbered rows out; used by the import. Nothing is evaluated: a cell that looks like a formula is
text like any other.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from outreach.errors import Refused
from outreach.reading.headers import find_addresses
from outreach.reading.workbook import workbook_rows

#: A list of ten thousand organisations has about 2 MB.
MAX_OCTETS: Final = 10_000_000
_DELIMITERS: Final = ",;\t؛"
_BOMS: Final = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16: it begins with the same two octets
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_WORKBOOK: Final = b"PK\x03\x04"
_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
#: Arabic script: more of these than of other letters beyond ASCII, and the file was saved by a Persian or Arabic Excel.
_ARABIC: Final = re.compile(r"[\u0600-\u06ff]")
_ENTRY: Final = re.compile(r"([^<>;,\n]*)<([^<>\n]{1,254})>")
_SEPARATOR_LINE: Final = re.compile(r"\s*\"?sep=(.)\"?\s*\n", re.IGNORECASE)  # Excel's own first line
_SAVE_AGAIN: Final = 'Save it as "CSV UTF-8 (comma delimited)" and import that.'


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it begins in (from 1), its cells by column, or the fault that makes it unreadable."""

    line: int
    cells: dict[str, str]
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The columns, as ``column_name`` writes them, and the rows that hold anything."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(data: bytes) -> Table:
    """Read a whole file. Raises Refused, saying what to do, when it is no such list."""
    if len(data) > MAX_OCTETS:
        raise Refused(f"The file is larger than {MAX_OCTETS // 1_000_000} MB. Import it in parts.")
    if data.startswith(_OLD_WORKBOOK):
        raise Refused(f"The file is an old Excel workbook (.xls). {_SAVE_AGAIN}")
    if data.startswith(_WORKBOOK):
        return _table(_Record(line, cells) for line, cells in workbook_rows(data))
    text = _decode(data).replace("\r\n", "\n").replace("\r", "\n")
    if _is_pasted(text):
        return _pasted(text)
    separator = _SEPARATOR_LINE.match(text)
    skipped = separator.end() if separator else 0
    lines_before = text.count("\n", 0, skipped)
    body = text[skipped:]
    delimiter = separator[1] if separator and separator[1] in _DELIMITERS else _delimiter(body)
    return _table(_records(body, delimiter, lines_before))


def _table(records: Iterator[_Record]) -> Table:
    header = next((record for record in records if record.fault or any(record.cells)), None)
    if header is None:
        raise Refused("The file is empty.")
    if header.fault:
        raise Refused(f"The first line cannot be read: {header.fault}.")
    columns = tuple(column_name(cell) for cell in header.cells)
    repeated = sorted({column for column in columns if column and columns.count(column) > 1})
    if repeated:
        raise Refused(f"The first line names a column twice: {', '.join(repeated)}.")
    rows = tuple(_row(record, columns) for record in records if record.fault or any(record.cells))
    return Table(tuple(filter(None, columns)), rows)


def column_name(cell: str) -> str:
    """A header as columns are named: lower case, words joined by one underscore ("Contact person", "E-Mail")."""
    return re.sub(r"[\s_\-\u2010-\u2015]+", "_", cell.strip().lower()).strip("_")


@dataclass(frozen=True, slots=True)
class _Record:
    line: int
    cells: tuple[str, ...]
    fault: str | None = None


def _is_pasted(text: str) -> bool:
    """Whether it has no heading: its first line holds an address, which is no name of a column."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    return "@" in first


def _pasted(text: str) -> Table:
    """Lines as they are pasted from an address book: "Name <address>, Name <address>", or a name with an address."""
    rows = []
    for number, line in enumerate(text.split("\n"), 1):
        found = [(name, address) for name, address in _ENTRY.findall(line)] or [_loose(line)]
        rows += [
            Row(number, {"name": name.strip(" \t\"'"), "email": address.strip()})
            for name, address in found
            if name.strip() or address.strip()
        ]
    return Table(("name", "email"), tuple(rows))


def _loose(line: str) -> tuple[str, str]:
    """A name and an address without brackets around it, in whatever order."""
    address = next(find_addresses(line), None)
    if address is None:
        return line, ""
    return re.sub(r"[\s,;:|\t]+", " ", line[: address.start()] + " " + line[address.end() :]).strip(), address[0]


def _decode(data: bytes) -> str:
    encoding = next((name for bom, name in _BOMS.items() if data.startswith(bom)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as problem:
        saved = _by_excel(data)
        if saved is None:
            line = data.count(b"\n", 0, problem.start) + 1
            raise Refused(f"The file is not in UTF-8 (line {line} is not). {_SAVE_AGAIN}") from None
        text = saved
    if "\0" in text:
        raise Refused(f"The file is not in UTF-8: it holds NUL characters, as UTF-16 does. {_SAVE_AGAIN}")
    return text


def _by_excel(data: bytes) -> str | None:
    """What an Excel without UTF-8 has written: windows-1256 where people write Persian, else windows-1252; or None."""
    if b"\0" in data:
        return None
    try:
        persian = data.decode("cp1256")
    except UnicodeDecodeError:
        return None
    foreign = [char for char in persian if not char.isascii() and char.isalpha()]
    if foreign and sum(bool(_ARABIC.match(char)) for char in foreign) * 10 >= len(foreign) * 8:
        return persian
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return None


def _delimiter(text: str) -> str:
    """The candidate that stands most often in the first line with a word, outside quotation marks."""
    lines = text[:20_000].split("\n")
    header = re.sub(r'"[^"]*"', "", next((line for line in lines if re.search(r"\w", line)), text))
    return max(_DELIMITERS, key=header.count)


def _records(text: str, delimiter: str, lines_before: int) -> Iterator[_Record]:
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=delimiter != "\t", strict=True)
    while True:
        line = lines_before + reader.line_num + 1
        try:
            cells = tuple(cell.strip() for cell in next(reader))
        except StopIteration:
            return
        except csv.Error as problem:
            last = lines_before + reader.line_num
            until = f" (up to line {last})" if last > line else ""
            said = "a cell is too long" if "limit" in str(problem) else "its quotation marks do not match"
            yield _Record(line, (), f"{said}{until}")
        else:
            yield _Record(line, cells)


def _row(record: _Record, columns: tuple[str, ...]) -> Row:
    if record.fault:
        return Row(record.line, {}, record.fault)
    if any(record.cells[len(columns) :]):
        return Row(record.line, {}, "it has more cells than the first line has columns")
    return Row(record.line, {column: cell for column, cell in zip(columns, record.cells, strict=False) if column})
