import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jalon.library.yamlfile import MAX_BYTES, Document, Unreadable, read_yaml


def refusal(text: str | bytes) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read_yaml(text.encode() if isinstance(text, str) else text)
    return caught.value


class TestPlainData:
    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("yes", "yes"),
            ("no", "no"),
            ("on", "on"),
            ("off", "off"),
            ("y", "y"),
            ("'yes'", "yes"),
            ("2027-01-11", "2027-01-11"),
            ("'2027-01-11'", "2027-01-11"),
            ("2.1.0", "2.1.0"),
            ("12:30:00", "12:30:00"),
            ("1_000", "1_000"),
            ("PT5M", "PT5M"),
            ("true", True),
            ("False", False),
            ("'true'", "true"),
            ("null", None),
            ("~", None),
            ("", None),
            ("12", 12),
            ("-3", -3),
            ("0o17", 15),
            ("0x1F", 31),
            ("2.5", 2.5),
            (".5", 0.5),
            ("-.5", -0.5),
            ("1e3", 1000.0),
            ("-.inf", float("-inf")),
            ("é", "é"),
        ],
    )
    def test_follows_the_core_schema_of_yaml_1_2(self, written: str, read: object) -> None:
        found = read_yaml(f"a: {written}\n".encode()).data["a"]
        assert (found, type(found)) == (read, type(read))

    def test_keeps_lists_mappings_and_blocks_of_text(self) -> None:
        text = "a:\n- b\n- {c: d}\ne: |\n  one\n  two\nf: >-\n  one\n  two\n"
        assert read_yaml(text.encode()).data == {"a": ["b", {"c": "d"}], "e": "one\ntwo\n", "f": "one two"}

    def test_accepts_a_byte_order_mark_and_an_explicit_start_and_end(self) -> None:
        assert read_yaml("\ufeff---\na: b\n...\n".encode()).data == {"a": "b"}

    def test_accepts_a_file_of_exactly_the_largest_size(self) -> None:
        data = b"a: b\n#" + b"x" * (MAX_BYTES - 6)
        assert len(data) == MAX_BYTES
        assert read_yaml(data).data == {"a": "b"}

    def test_accepts_twenty_levels(self) -> None:
        data = read_yaml(b"[" * 20 + b"]" * 20).data
        for _ in range(19):
            (data,) = data
        assert data == []

    def test_keeps_a_quoted_double_arrow_as_a_word(self) -> None:
        assert read_yaml(b"'<<': {a: b}").data == {"<<": {"a": "b"}}


class TestRefusals:
    @pytest.mark.parametrize(
        ("text", "line", "column", "said"),
        [
            ("a:\n  b:\tc\n", 2, 5, "tab"),
            ("a: b # \t\n", 1, 8, "tab"),
            ("a: |\n  one\ttwo\n", 2, 6, "tab"),
            ("a: &x b\n", 1, 4, "&x"),
            ("a: b\nc: *x\n", 2, 4, "*x"),
            ("a: !!str 1\n", 1, 4, "tag"),
            ("a: !thing 1\n", 1, 4, "!thing"),
            ("a: ! b\n", 1, 4, "tag"),
            ("a: !!python/object:os.system x\n", 1, 4, "tag"),
            ("%YAML 1.1\n---\na: b\n", 1, 1, "directive"),
            ("# c\n%TAG ! x:\n---\na: b\n", 2, 1, "directive"),
            ("%OTHER x\n---\na: b\n", 1, 1, "directive"),
            ("a: {b: c}\nd:\n  <<: {e: f}\n", 3, 3, "<<"),
            ("a: 1\nb: 2\na: 3\n", 3, 1, "key a"),
            ("a: 1\n'a': 3\n", 2, 1, "key a"),
            ("a: {b: 1, b: 2}\n", 1, 11, "key b"),
            ("a: b\n---\nc: d\n", 2, 1, "second document"),
            ("[" * 21 + "]" * 21, 1, 21, "20 deep"),
            ("{? [a] : b}\n", 1, 4, "key"),
            ("a: b: c\n", 1, 5, "mapping values"),
            ("a: [b\n", 2, 1, "flow sequence"),
            ("a: 'x\x01'\n", 1, 6, "not allowed"),
            ('a: "\\uD800"\n', 1, 4, "surrogate"),
            ("a: " + "9" * 5000, 1, 4, "digits"),
        ],
    )
    def test_name_the_line_and_the_column(self, text: str, line: int, column: int, said: str) -> None:
        error = refusal(text)
        assert (error.where, error.line, error.column) == (f"line {line}", line, column)
        assert error.message.startswith(f"line {line}, column {column}: ")
        assert said in error.message

    def test_name_the_place_of_a_byte_that_is_not_utf_8(self) -> None:
        error = refusal("a: b\nc: é".encode("latin-1"))
        assert (error.where, error.column) == ("line 2", 4)
        assert "UTF-8" in error.message

    @pytest.mark.parametrize("data", [b"\xff\xfea\x00", "a: b".encode("utf-16")])
    def test_stop_another_encoding(self, data: bytes) -> None:
        assert "UTF-8" in refusal(data).message

    def test_stop_a_file_that_is_one_byte_too_large(self) -> None:
        error = refusal(b"#" * (MAX_BYTES + 1))
        assert error.where == "file"
        assert str(MAX_BYTES) in error.message

    @pytest.mark.parametrize("text", ["", "\n", "# only a comment\n"])
    def test_stop_a_file_without_a_document(self, text: str) -> None:
        assert refusal(text).where == "file"

    def test_stop_a_bomb_of_aliases_at_its_first_anchor(self) -> None:
        assert "&a" in refusal("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n").message

    def test_stop_a_deep_nest_without_reading_it_all(self) -> None:
        assert "20 deep" in refusal("- " * 400_000).message

    @settings(max_examples=300)
    @given(st.text(alphabet="ab1:-[]{},#&*!|>'\"%@`?~<\\ \n\t\ré\x00\u2028", max_size=40))
    def test_are_the_only_way_to_fail(self, text: str) -> None:
        assert outcome(text) in {Document, Unreadable}


def outcome(text: str) -> type:
    """Return what reading this text ends in."""
    try:
        return type(read_yaml(text.encode()))
    except Unreadable as error:
        return type(error) if error.where in {"file", f"line {error.line}"} else type(None)


class TestLineOf:
    document = read_yaml(
        b"id: x\nroute:\n  rows:\n    - {id: r1, then: a}\n    - id: r2\n      then: b\n"
        b"texts:\n  fact/x.y:\n    fr: oui\nlist:\n- [a,\n   b]\n"
    )

    @pytest.mark.parametrize(
        ("path", "line"),
        [
            ("id", 1),
            ("route", 2),
            ("route.rows", 3),
            ("route.rows.r1", 4),
            ("route.rows.r2", 5),
            ("route.rows.1", 5),
            ("route.rows.r2.then", 6),
            ("texts.fact/x.y.fr", 9),
            ("list.0.1", 12),
        ],
    )
    def test_finds_a_part_by_its_ids_or_its_position(self, path: str, line: int) -> None:
        assert self.document.line_of(path) == line

    @pytest.mark.parametrize(
        ("path", "line"), [("", 1), ("nothing", 1), ("route.inputs", 2), ("route.rows.r9", 3), ("texts.fact/x.y.en", 8)]
    )
    def test_falls_back_on_the_nearest_part_that_is_written(self, path: str, line: int) -> None:
        assert self.document.line_of(path) == line
