import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.drawings import faults

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 240">'


def drawing(inside, head=HEAD, title="<title>Level 1</title>"):
    return f"{head}{title}{inside}</svg>"


class TestADrawing:
    @pytest.mark.parametrize(
        "inside",
        [
            '<circle cx="120" cy="120" r="100" fill="#0A595F"/>',
            '<defs><linearGradient id="a"><stop offset="0" stop-color="#fff"/></linearGradient></defs>'
            '<path d="M0 0h240v240z" fill="url(#a)" stroke="#17212B" stroke-width="4"/>',
            "<!-- a remark --><g transform='rotate(45)'><rect x='1' y='1' width='8' height='8' rx='2'/></g>",
        ],
    )
    def test_of_plain_shapes_is_accepted(self, inside):
        assert faults(drawing(inside)) == []

    @pytest.mark.parametrize(
        ("inside", "code", "word"),
        [
            ("<script>alert(1)</script>", "element", "script"),
            ("<style>*{fill:red}</style>", "element", "style"),
            ("<foreignObject><p/></foreignObject>", "element", "foreignObject"),
            ("<image x='0'/>", "element", "image"),
            ("<use x='0'/>", "element", "use"),
            ("<a><circle r='1'/></a>", "element", "a"),
            ("<text>Niveau 1</text>", "element", "text"),
            ("<animate/>", "element", "animate"),
            ("<circle r='1' onclick='x()'/>", "attribute", "onclick"),
            ("<circle r='1' style='fill:red'/>", "attribute", "style"),
            ("<circle r='1' href='#a'/>", "attribute", "href"),
            (
                "<circle r='1' xmlns:xlink='http://www.w3.org/1999/xlink' xlink:href='#a'/>",
                "attribute",
                "href",
            ),
            ("<circle r='1' fill='url(https://exemple.test/a)'/>", "outside", "url(https://exemple.test/a)"),
            ("<circle r='1' fill='u\\72l(a)'/>", "outside", "u\\72l(a)"),
            ("<h:script xmlns:h='http://www.w3.org/1999/xhtml'/>", "element", "script"),
            ("<?xml-stylesheet href='a.css'?>", "instruction", "xml-stylesheet"),
        ],
    )
    def test_that_could_act_or_fetch_is_refused(self, inside, code, word):
        assert (code, word) in [(found, quoted) for _, found, quoted in faults(drawing("\n" + inside))]

    def test_names_the_line(self):
        assert faults(drawing("\n<g/>\n<script/>")) == [(3, "element", "script")]

    def test_with_a_doctype_is_refused_before_any_entity_is_read(self):
        bomb = '<!DOCTYPE svg [<!ENTITY a "b">]>' + drawing("<desc>&a;</desc>")
        assert faults("<!-- -->\n" + bomb) == [(2, "doctype", "DOCTYPE")]

    def test_needs_a_title_and_the_size_of_a_badge(self):
        small = drawing("", head=HEAD.replace("240 240", "100 100"), title="")
        assert [code for _, code, _ in faults(small)] == ["view-box", "title"]

    def test_that_is_no_xml_is_refused(self):
        assert [code for _, code, _ in faults("<svg")] == ["not-xml"]

    def test_that_is_too_large_is_refused(self):
        assert faults(drawing(" " * 70_000)) == [(1, "too-large", "65536")]

    @given(st.text(max_size=60))
    def test_never_fails(self, inside):
        assert isinstance(faults(drawing(inside)), list)
