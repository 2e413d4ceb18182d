"""A credential inside a PNG or an SVG: put in once, taken out in one way only."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openbadgeslib import baking as foreign

from jalon.core.openbadges import baking
from jalon.core.openbadges.problems import Unreadable
from tests.core.openbadges import cast
from tests.core.openbadges.cast import SVG

NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
KEYWORD = b"openbadgecredential"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


HEAD = b"\x89PNG\r\n\x1a\n"
IHDR = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
IDAT = chunk(b"IDAT", zlib.compress(b"\0\0"))
IEND = chunk(b"IEND", b"")
PNG = HEAD + IHDR + IDAT + IEND
OURS = chunk(b"iTXt", KEYWORD + b"\0\0\0\0\0" + b"{}")
OLDER = '<o:assertion xmlns:o="http://openbadges.org" verify="https://a.example/1.json"/>'
JSON = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1)


def png(*chunks: bytes) -> bytes:
    return HEAD + IHDR + b"".join(chunks) + IDAT + IEND


def svg(inside: str, *, root: str = "") -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:ob="{NAMESPACE}"{root}>{inside}</svg>'.encode()


class TestAPng:
    @given(JSON)
    def test_gives_back_what_was_put_in_and_the_picture_as_it_was(self, text):
        baked = baking.bake_png(PNG, text)
        assert baking.unbake_png(baked) == text
        assert baking.picture_of_png(baked) == PNG

    def test_is_read_by_an_independent_library(self):
        baked = baking.bake_png(PNG, cast.credential().decode())
        assert foreign.extract_png(baked, keyword=KEYWORD) == cast.credential().decode()

    def test_holds_one_uncompressed_chunk(self):
        baked = baking.bake_png(PNG, "{}")
        assert baked == png(OURS)

    def test_cannot_hold_two(self):
        with pytest.raises(Unreadable, match="already-baked"):
            baking.bake_png(baking.bake_png(PNG, "{}"), "{}")

    @pytest.mark.parametrize(
        ("data", "why"),
        [
            (PNG, "no-credential"),
            (png(OURS, OURS), "several-credentials"),
            (png(OURS, chunk(b"tEXt", KEYWORD + b"\0https://a.example")), "several-credentials"),
            (png(OURS, chunk(b"zTXt", KEYWORD + b"\0\0" + zlib.compress(b"{}"))), "several-credentials"),
            (png(OURS, chunk(b"iTXt", KEYWORD.upper() + b"\0\0\0\0\0{}")), "several-credentials"),
            (png(OURS, chunk(b"iTXt", b"openbadges\0\0\0\0\0{}")), "several-credentials"),
            (png(OURS, chunk(b"tEXt", b"OpenBadges\0https://a.example")), "several-credentials"),
            (png(chunk(b"iTXt", b"openbadges\0\0\0\0\0{}")), "no-credential"),
            (png(OURS, *[chunk(b"aaAa", b"")] * 20_000), "too-large"),
            (png(chunk(b"tEXt", KEYWORD + b"\0https://a.example")), "compressed-credential"),
            (png(chunk(b"zTXt", KEYWORD + b"\0\0" + zlib.compress(b"{}"))), "compressed-credential"),
            (png(chunk(b"iTXt", KEYWORD + b"\0\1\0\0\0" + zlib.compress(bytes(200_000)))), "compressed-credential"),
            (png(chunk(b"iTXt", KEYWORD + b"\0\0\0fr\0\0{}")), "compressed-credential"),
            (png(chunk(b"iTXt", KEYWORD)), "compressed-credential"),
            (png(chunk(b"iTXt", KEYWORD + b"\0\0\0\0\0\xff")), "not-utf-8"),
            (png(chunk(b"iTXt", KEYWORD + b"\0\0\0\0\0" + b"a" * (baking.MAX_CREDENTIAL + 1))), "too-large"),
            (png(OURS) + b"\0", "damaged-png"),
            (png(OURS) + IEND, "damaged-png"),
            (png(OURS)[:-12], "damaged-png"),
            (png(OURS)[:-1], "damaged-png"),
            (HEAD + OURS + IHDR + IDAT + IEND, "damaged-png"),
            (HEAD, "damaged-png"),
            (HEAD + struct.pack(">I", 2**32 - 1) + b"IHDR", "damaged-png"),
            (png(OURS[:-1] + b"\0"), "damaged-png"),
            (b"GIF89a", "not-a-png"),
            (b"", "not-a-png"),
            (HEAD + bytes(baking.MAX_BYTES), "not-a-png"),
        ],
    )
    def test_that_can_be_read_in_two_ways_or_is_damaged_is_refused(self, data, why):
        with pytest.raises(Unreadable) as refused:
            baking.unbake_png(data)
        assert refused.value.reason == why


class TestAnSvg:
    @given(JSON.filter(lambda text: text == text.strip()))
    def test_gives_back_what_was_put_in_and_the_picture_as_it_was(self, text):
        baked = baking.bake_svg(SVG, text)
        assert baking.unbake_svg(baked) == text
        assert baking.picture_of_svg(baked) == SVG

    @pytest.mark.parametrize("text", ["]]>", "a]]>b]]>c", "]]", "]]]]>>", cast.token(), "<!-- & -->"])
    def test_gives_back_what_would_break_its_form(self, text):
        baked = baking.bake_svg(SVG, text)
        assert baking.unbake_svg(baked) == text
        assert baking.picture_of_svg(baked) == SVG

    @pytest.mark.parametrize("text", [cast.credential().decode(), cast.token()])
    def test_is_read_by_an_independent_library(self, text):
        baked = baking.bake_svg(SVG, text)
        assert foreign.extract_svg(baked, element=foreign.SVG_ELEMENT_OB3, text_fallback=True) == text

    def test_baked_by_an_independent_library_is_read(self):
        baked = foreign.bake_svg(SVG, "{}", element=foreign.SVG_ELEMENT_OB3, namespace=foreign.SVG_NS_OB3, as_text=True)
        assert baking.unbake_svg(baked) == "{}"
        with pytest.raises(Unreadable, match="baked-otherwise"):
            baking.picture_of_svg(baked)

    def test_has_the_credential_as_its_first_child(self):
        head = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 240" role="img" xmlns:openbadges='
        first = b'"https://purl.imsglobal.org/ob/v3p0"><openbadges:credential><![CDATA[{}]]></openbadges:credential>\n'
        assert head + first in baking.bake_svg(SVG, "{}")

    def test_with_marks_in_the_attributes_of_its_root_is_baked_behind_them(self):
        drawn = b"<svg xmlns='http://www.w3.org/2000/svg' aria-label='a > b \"'><g/></svg>"
        baked = baking.bake_svg(drawn, "{}")
        assert baking.unbake_svg(baked) == "{}"
        assert baking.picture_of_svg(baked) == drawn

    def test_cannot_hold_two(self):
        with pytest.raises(Unreadable, match="already-baked"):
            baking.bake_svg(baking.bake_svg(SVG, "{}"), "{}")

    @pytest.mark.parametrize("text", ["\x00", "\x0b", " {}", "{}\n", "", "\ufffe"])
    def test_refuses_a_text_that_would_not_come_back(self, text):
        with pytest.raises(ValueError, match=r"cannot|not-an-svg|credential"):
            baking.bake_svg(SVG, text)

    @pytest.mark.parametrize(
        ("data", "why"),
        [
            (SVG, "no-credential"),
            (svg("<ob:credential>{}</ob:credential>" * 2), "several-credentials"),
            (svg('<ob:credential verify="a.b.c">{}</ob:credential>'), "several-credentials"),
            (svg("<ob:credential/>"), "several-credentials"),
            (svg("<ob:credential> </ob:credential>"), "several-credentials"),
            (svg("<g><ob:credential>{}</ob:credential></g>"), "several-credentials"),
            (svg("<ob:credential>{<g/>}</ob:credential>"), "several-credentials"),
            (svg("<ob:credential>{<ob:credential>{}</ob:credential>}</ob:credential>"), "several-credentials"),
            (svg('<credential xmlns="http://openbadges.org">{}</credential>'), "no-credential"),
            (svg(f"<ob:credential>{{}}</ob:credential>{OLDER}"), "several-credentials"),
            (svg(f"{OLDER}<ob:credential verify='a.b.c'/>"), "several-credentials"),
            (svg(OLDER), "no-credential"),
            (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg("&a;"), "document-type"),
            (b"<!doctype svg>" + svg(""), "document-type"),
            (b'<!DOCTYPE svg SYSTEM "file:///etc/passwd">' + svg(""), "document-type"),
            (svg("<ob:credential>&lol;</ob:credential>"), "not-an-svg"),
            (svg("<ob:credential>{}"), "not-an-svg"),
            (svg("").replace(b"svg", b"html"), "not-an-svg"),
            (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "not-an-svg"),
            (svg("").decode().encode("utf-16"), "not-an-svg"),
            (svg("\xff").replace("\xff".encode(), b"\xff"), "not-an-svg"),
            (svg("<g>" * 300 + "</g>" * 300), "too-large"),
            (svg("<g/>" * 30_000), "too-large"),
            (svg("<ob:credential>" + "a" * (baking.MAX_CREDENTIAL + 1) + "</ob:credential>"), "too-large"),
            (svg(f"<ob:credential>{'a' * 100_000}</ob:credential>" * 2), "too-large"),
            (b"<svg>" + bytes(baking.MAX_BYTES), "too-large"),
            (b"", "not-an-svg"),
        ],
    )
    def test_that_can_be_read_in_two_ways_or_is_hostile_is_refused(self, data, why):
        with pytest.raises(Unreadable) as refused:
            baking.unbake_svg(data)
        assert refused.value.reason == why

    def test_of_many_lines_is_gathered_in_few_pieces(self):
        read = baking._read_svg(svg(f"<ob:credential>{chr(10).join('a' * 60_000)}</ob:credential>"))
        assert len(read.credentials[0].texts) < 100

    @given(st.binary(max_size=200))
    def test_of_any_bytes_is_refused_calmly(self, data):
        with pytest.raises(Unreadable):
            baking.unbake_svg(b"<svg>" + data)
