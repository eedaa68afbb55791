"""The typed face of openpyxl: the rows of a workbook's first sheet that holds any. Nothing in it is evaluated."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

import openpyxl

from outreach.errors import Refused

#: Octets of all that is packed in it; a few kilobytes can be packed so that they fill any disk.
_MOST_UNPACKED: Final = 100_000_000
_MOST_ROWS: Final = 50_000
_MOST_COLUMNS: Final = 100


def workbook_rows(data: bytes) -> Iterator[tuple[int, tuple[str, ...]]]:
    """(row number from 1, its cells as text) of the first sheet with anything in it. Raises Refused."""
    _require_sane(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what the file says of its size may be wrong
            rows = [
                (number, tuple(_text(value) for value in values[:_MOST_COLUMNS]))
                for number, values in enumerate(sheet.iter_rows(values_only=True, max_row=_MOST_ROWS), 1)
            ]
            if any(any(cells) for _, cells in rows):
                yield from rows
                return
    except Refused:
        raise
    except Exception as problem:  # noqa: BLE001 - the library fails on odd files in every way there is
        raise Refused(
            f"The workbook cannot be read ({type(problem).__name__}). Save it as CSV UTF-8 instead."
        ) from None


def _require_sane(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
            size = sum(entry.file_size for entry in packed.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise Refused("The file is a damaged workbook. Save it as CSV UTF-8 and import that.") from None
    if size > _MOST_UNPACKED:
        raise Refused("The workbook is too large when it is unpacked. Save its list as CSV UTF-8 and import that.")
    if "xl/workbook.xml" not in names:
        raise Refused("The file is no Excel workbook (an .ods is none). Save it as CSV UTF-8 and import that.")


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer():  # Excel keeps every number as a float, phone numbers included
            return str(int(value))
        case datetime() | date():
            return value.isoformat()
    return str(value).strip()
