"""Tables in and out: encodings, workbooks, formulas, and files that are none."""

import io
import json
import re
import tracemalloc
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook

from jalon.core.refusals import Refused
from jalon.web.tables import csv_bytes, download, open_table, xlsx_bytes


def kept(tmp_path, content, name="file.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def rows(path):
    with open_table(path) as table:
        return table.kind, table.encoding, table.headers, [(row.line, dict(row.cells)) for row in table]


def workbook(*lines):
    book = Workbook()
    for line in lines:
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def why_not(path):
    with pytest.raises(Refused) as refused:
        rows(path)
    return refused.value.refusal.code


class TestACsv:
    @pytest.mark.parametrize(
        ("codec", "told"),
        [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 (BOM)"), ("cp1252", "Windows-1252"), ("utf-16", "UTF-16")],
    )
    def test_is_read_in_its_encoding_and_says_which(self, tmp_path, codec, told):
        path = kept(tmp_path, "code;nom\r\n01023;Îles-de-l’Été\r\n".encode(codec))
        assert rows(path) == ("csv", told, ("code", "nom"), [(2, {"code": "01023", "nom": "Îles-de-l’Été"})])

    @pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
    def test_has_any_separator(self, tmp_path, separator):
        path = kept(tmp_path, f"a{separator}b\n1{separator}2\n".encode())
        assert rows(path)[3] == [(2, {"a": "1", "b": "2"})]

    def test_numbers_its_lines_as_a_spreadsheet_does(self, tmp_path):
        path = kept(tmp_path, b'a;b\n\n"x\ny";2\n3\n')
        assert rows(path)[3] == [(3, {"a": "x\ny", "b": "2"}), (4, {"a": "3", "b": ""})]

    def test_tells_a_formula_and_a_cell_too_many(self, tmp_path):
        path = kept(tmp_path, b"a;b\n=1+1;2\n1;2;3\n")
        with open_table(path) as table:
            problems = [problem for row in table for problem in row.problems()]
        assert [(one.line, one.column, one.value, one.refusal.code) for one in problems] == [
            (2, "a", "=1+1", "cell-formula"),
            (3, "b", "2", "row-too-long"),
        ]

    def test_of_a_hundred_thousand_lines_holds_one_at_a_time(self, tmp_path):
        path = kept(tmp_path, b"code;name\n" + b"991001;Une ecole au nom assez long\n" * 100_000)
        tracemalloc.start()
        with open_table(path) as table:
            count = sum(1 for _ in table)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert (count, peak < 4 * 1024 * 1024) == (100_000, True)


class TestAWorkbook:
    def test_keeps_codes_and_days(self, tmp_path):
        content = workbook(
            ["code", "depuis", "n"],
            ["01023", datetime.fromisoformat("2025-03-21"), 3],
            [None, None, None],
            [1023, None, 4.5],
        )
        assert rows(kept(tmp_path, content, "file.xlsx")) == (
            "xlsx",
            "",
            ("code", "depuis", "n"),
            [(2, {"code": "01023", "depuis": "2025-03-21", "n": "3"}), (4, {"code": "1023", "depuis": "", "n": "4.5"})],
        )

    def test_tells_a_formula(self, tmp_path):
        with open_table(kept(tmp_path, workbook(["a"], ["=1+1"]), "file.xlsx")) as table:
            assert [one.refusal.code for row in table for one in row.problems()] == ["cell-formula"]


class TestAGeoJson:
    def test_gives_the_properties_as_rows_and_the_shapes_by_line(self, tmp_path):
        square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
        features = [{"type": "Feature", "properties": {"CD_ORGNS": "991001", "SEC": 1}, "geometry": square}]
        path = kept(tmp_path, json.dumps({"type": "FeatureCollection", "features": features}).encode(), "x.geojson")
        with open_table(path) as table:
            found = [dict(row.cells) for row in table]
        assert (found, table.geometries) == ([{"CD_ORGNS": "991001", "SEC": "1"}], {1: square})


class TestAFileThatIsNoTable:
    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "table-empty"),
            (b"\n\n", "table-empty"),
            (b";;;\n1;2;3", "table-empty"),
            (b"a;a\n1;2", "table-heading-doubled"),
            (b'a;b\n"1;2', "table-unreadable"),
            (b"a;b\n\x81;\x8d\n", "table-unreadable"),
            (b"PK\x03\x04broken", "table-unreadable"),
            (b'{"features": [1]}', "table-unreadable"),
            (b'{"features": ', "table-unreadable"),
            (b'{"features": []}', "table-empty"),
        ],
        ids=range(10),
    )
    def test_is_refused(self, tmp_path, content, code):
        assert why_not(kept(tmp_path, content)) == code

    def test_is_refused_when_absent(self, tmp_path):
        assert why_not(tmp_path / "no.csv") == "table-missing"

    @pytest.mark.parametrize("name", ["hello.txt", "xl/worksheets/sheet1.xml"])
    def test_is_refused_when_it_is_another_zip(self, tmp_path, name):
        path = tmp_path / "x.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name, "hello")
        assert why_not(path) == "table-unreadable"

    SHEET = "xl/worksheets/sheet1.xml"

    @pytest.mark.parametrize(
        ("part", "change"),
        [
            (SHEET, lambda content: content[: len(content) // 2]),
            (SHEET, lambda content: content.replace(b'r="A2"', b'r="ZZZZZ2"')),
            (SHEET, lambda content: content.replace(b">5<", b">cinq<")),
            (SHEET, lambda content: None),
            ("xl/workbook.xml", lambda content: re.sub(b"<sheet [^>]*>", b"", content)),
            ("xl/workbook.xml", lambda content: content[:40]),
            ("xl/styles.xml", lambda content: content[:40]),
        ],
        ids=["cut", "a column too far", "a number in words", "no sheet", "none named", "no book", "no styles"],
    )
    def test_is_refused_when_it_is_a_damaged_workbook(self, tmp_path, part, change):
        whole = workbook(["a", "b"], ["x", 5])
        damaged = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(whole)) as parts, zipfile.ZipFile(damaged, "w") as archive:
            for name in parts.namelist():
                content = change(parts.read(name)) if name == part else parts.read(name)
                if content is not None:
                    archive.writestr(name, content)
        assert why_not(kept(tmp_path, damaged.getvalue(), "x.xlsx")) == "table-unreadable"

    @pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/media/1.png", "xl/worksheets/sheet2.xml"])
    def test_is_refused_before_a_bomb_is_unpacked(self, tmp_path, part):
        path = tmp_path / "x.xlsx"
        path.write_bytes(workbook(["a"], ["x"]))
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open(part, "w") as bomb:
            for _ in range(40):
                bomb.write(bytes(1024 * 1024))
        assert why_not(path) == "table-too-large"


LINES = [["École; « x »", 4.5, date(2025, 3, 21), "=1+1"], ["-12", -12, None, "@x"]]


class TestWhatLeaves:
    def test_opens_in_a_french_spreadsheet(self):
        text = b"".join(csv_bytes(["nom", "h", "jour", "note"], LINES)).decode()
        assert text == ("\ufeffnom;h;jour;note\r\n\"École; « x »\";4,5;2025-03-21;'=1+1\r\n'-12;-12;;'@x\r\n")

    def test_keeps_numbers_and_days_in_a_workbook_and_no_formula(self):
        sheet = load_workbook(io.BytesIO(xlsx_bytes("Écoles", ["nom", "h", "jour", "note"], LINES))).active
        assert [[one.value for one in line] for line in sheet.iter_rows(min_row=2)] == [
            ["École; « x »", 4.5, datetime.fromisoformat("2025-03-21"), "'=1+1"],
            ["'-12", -12, None, "'@x"],
        ]
        assert {one.data_type for line in sheet.iter_rows() for one in line} <= {"s", "inlineStr", "n", "d"}

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_comes_back_as_it_left(self, tmp_path, kind):
        answer = download("x", kind=kind, headers=["code", "nom"], rows=[["01023", "Île"]])
        assert rows(kept(tmp_path, answer.content))[3] == [(2, {"code": "01023", "nom": "Île"})]
