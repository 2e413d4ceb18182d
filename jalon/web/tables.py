"""The one door for tables: CSV, XLSX and the properties of GeoJSON are read row by row; CSV and XLSX are written.

    with open_table(path) as table:
        table.kind, table.encoding, table.headers
        for row in table:
            row.line, row.cells["code"], row.problems()

`neutralised` cells, a semicolon and a byte order mark: what leaves opens well in a French spreadsheet.
"""

import codecs
import csv
import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path
from typing import IO, Any

from django.http import HttpResponse
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils.exceptions import InvalidFileException

from jalon.core.refusals import Refusal, Refused, insist
from jalon.core.tables import Row, cell, is_formula, neutral

MEGABYTE = 1024 * 1024
LARGEST = 200 * MEGABYTE
LARGEST_UNZIPPED = 1000 * MEGABYTE
MOST_UNZIPPED = 50  # times the size of the file; an honest workbook has some twenty
LARGEST_PART = 32 * MEGABYTE  # of a workbook, beside its sheets: a sheet is read row by row, another part whole
LARGEST_JSON = 100 * MEGABYTE
SEPARATORS = ";,\t|"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# What openpyxl meets in a damaged workbook, by no name of its own; an error of XML is a SyntaxError.
DAMAGED = (
    SyntaxError, ValueError, LookupError, TypeError, AttributeError, OSError, EOFError, zlib.error, zipfile.BadZipFile,
    InvalidFileException,
)  # fmt: skip


@dataclass
class Table:
    """A table that is being read; it can be walked once, and holds one row at a time.

    Args:
        kind: "csv", "xlsx" or "geojson".
        encoding: of a CSV: "UTF-8", "UTF-8 (BOM)", "UTF-16" or "Windows-1252"; else empty.
        geometries: of a GeoJSON, the geometry of each row by its line; else empty.
    """

    kind: str
    headers: tuple[str, ...]
    rows: Iterator[Row]
    encoding: str = ""
    geometries: dict[int, Any] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Row]:
        return self.rows


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """Open a table by what it holds, whatever its name says.

    Raises:
        Refused: the file is absent, empty, too large, or is no table that we read.
    """
    insist(Refusal("table-missing", {"file": path.name}) if not path.is_file() else None)
    size = path.stat().st_size
    insist(Refusal("table-empty", {"file": path.name}) if size == 0 else None)
    insist(_too_large(path, LARGEST) if size > LARGEST else None)
    with path.open("rb") as file:
        start = file.read(4096)
        file.seek(0)
        reader = _reader(start)
        try:
            yield from reader(path, file)
        except (csv.Error, UnicodeDecodeError, zipfile.BadZipFile, json.JSONDecodeError) as error:
            raise Refused(Refusal("table-unreadable", {"file": path.name})) from error


def _reader(start: bytes) -> Any:
    if start.startswith(b"PK\x03\x04"):
        return _xlsx
    return _geojson if start.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{") else _csv


def _too_large(path: Path, most: int) -> Refusal:
    return Refusal("table-too-large", {"file": path.name, "megabytes": most // MEGABYTE})


# CSV


def _csv(path: Path, file: IO[bytes]) -> Iterator[Table]:
    name, codec = encoding_of(file)
    with io.TextIOWrapper(file, encoding=codec, newline="") as text:
        first = text.readline()
        text.seek(0)
        lines = csv.reader(text, delimiter=max(SEPARATORS, key=first.count), strict=True)
        headers = _headers(path, next(lines, []))
        rows = (_row(line, headers, cells) for line, cells in enumerate(lines, start=2) if any(cells))
        yield Table("csv", headers, rows, encoding=name)


def encoding_of(file: IO[bytes]) -> tuple[str, str]:
    """Return how the bytes are written: its name for people, and the codec; the file is at its start again."""
    start = file.read(4)
    file.seek(0)
    if start.startswith(codecs.BOM_UTF8):
        return "UTF-8 (BOM)", "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "UTF-16", "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := file.read(MEGABYTE):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "Windows-1252", "cp1252"
    finally:
        file.seek(0)
    return "UTF-8", "utf-8"


def _headers(path: Path, cells: Sequence[object]) -> tuple[str, ...]:
    headers = tuple(cell(one) for one in cells)
    while headers and not headers[-1]:
        headers = headers[:-1]
    insist(None if headers else Refusal("table-empty", {"file": path.name}))
    doubled = next((name for name in headers if name and headers.count(name) > 1), None)
    insist(Refusal("table-heading-doubled", {"column": doubled}) if doubled else None)
    return headers


def _row(line: int, headers: Sequence[str], values: Sequence[object], formulas: Sequence[bool] = ()) -> Row:
    texts = [cell(value) for value in values]
    cells = {name: texts[at] if at < len(texts) else "" for at, name in enumerate(headers)}
    computed = [
        name for at, name in enumerate(headers) if is_formula(cells[name]) or (at < len(formulas) and formulas[at])
    ]
    refusals = [(name, Refusal("cell-formula")) for name in computed]
    if any(texts[len(headers) :]):
        refusals.append((headers[-1], Refusal("row-too-long", {"columns": len(headers)})))
    return Row(line, cells, tuple(refusals))


# XLSX


def _xlsx(path: Path, file: IO[bytes]) -> Iterator[Table]:
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
    unzipped = sum(one.file_size for one in parts)
    most = min(LARGEST_UNZIPPED, max(LARGEST_PART, MOST_UNZIPPED * path.stat().st_size))
    insist(_too_large(path, most) if unzipped > most else None)
    held = max((one.file_size for one in parts if not one.filename.startswith("xl/worksheets/")), default=0)
    insist(_too_large(path, LARGEST_PART) if held > LARGEST_PART else None)
    file.seek(0)
    lines = _undamaged(path, _lines_of(file))
    headers = _headers(path, [one.value for one in next(lines, ())])
    yield Table("xlsx", headers, _sheet_rows(headers, lines))


def _lines_of(file: IO[bytes]) -> Iterator[Any]:
    book = load_workbook(file, read_only=True, data_only=False)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        yield from sheet.iter_rows()
    finally:
        book.close()


def _undamaged(path: Path, lines: Iterator[Any]) -> Iterator[Any]:
    """Yield what the library reads; whatever it meets in a damaged file is one refusal, and never somebody else's."""
    try:
        yield from lines
    except DAMAGED as error:
        raise Refused(Refusal("table-unreadable", {"file": path.name})) from error


def _sheet_rows(headers: Sequence[str], lines: Iterator[Any]) -> Iterator[Row]:
    for line, cells in enumerate(lines, start=2):
        if any(one.value is not None for one in cells):
            yield _row(line, headers, [one.value for one in cells], [one.data_type == "f" for one in cells])


# GeoJSON: the properties of each feature are a row; its number stands for the line


def _geojson(path: Path, file: IO[bytes]) -> Iterator[Table]:
    insist(_too_large(path, LARGEST_JSON) if path.stat().st_size > LARGEST_JSON else None)
    document = json.loads(file.read().decode("utf-8-sig"))
    features = document.get("features") if isinstance(document, dict) else None
    shaped = isinstance(features, list) and all(_is_feature(one) for one in features)
    insist(None if shaped else Refusal("table-unreadable", {"file": path.name}))
    headers = tuple(dict.fromkeys(name for one in features or () for name in one.get("properties") or {}))
    insist(None if headers else Refusal("table-empty", {"file": path.name}))
    numbered = list(enumerate(features or (), start=1))
    rows = (
        _row(line, headers, [(one.get("properties") or {}).get(name) for name in headers]) for line, one in numbered
    )
    geometries = {line: one.get("geometry") for line, one in numbered}
    yield Table("geojson", headers, rows, geometries=geometries)


def _is_feature(one: object) -> bool:
    return isinstance(one, dict) and isinstance(one.get("properties") or {}, dict)


# Out


def csv_bytes(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Yield a CSV that opens well in a French spreadsheet: byte order mark, semicolon, decimal comma, no formula."""
    yield codecs.BOM_UTF8
    for cells in chain([headers], rows):
        line = io.StringIO()
        csv.writer(line, delimiter=";", lineterminator="\r\n").writerow([_written(one) for one in cells])
        yield line.getvalue().encode()


def _written(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value).replace(".", ",")
    return neutral(cell(value))


def xlsx_bytes(title: str, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a workbook of one sheet: numbers are numbers, days are days, and no text is a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    bold = []
    for name in headers:
        one = WriteOnlyCell(sheet, neutral(name))
        one.font = Font(bold=True)
        bold.append(one)
    sheet.append(bold)
    for cells in rows:
        sheet.append([value if isinstance(value, int | float | date) else neutral(cell(value)) for value in cells])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def download(name: str, *, kind: str, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Return a file to keep: `name` without its ending; `kind` is "xlsx" or "csv"."""
    if kind == "xlsx":
        answer = HttpResponse(xlsx_bytes(name, headers, rows), content_type=XLSX_TYPE)
    else:
        answer = HttpResponse(b"".join(csv_bytes(headers, rows)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer
