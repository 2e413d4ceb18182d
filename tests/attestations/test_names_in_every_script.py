"""A name in any script is drawn by a font of the operator, or the paper says that it is not: never a silent loss."""

import dataclasses
import io

import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection

from jalon.attestations import paper, press
from tests.attestations.pdftext import bare, text_of
from tests.attestations.sheets import BADGE, CREDENTIAL, ENGLISH, FRENCH, MONDAY

INUKTITUT = "ᐃᓄᒃ"
MARKED = "k\N{COMBINING COMMA ABOVE}"
SAID = {"fr": "Certains signes d’un nom", "en": "Some signs of a name"}


def small_font(letters):
    """Return a font that draws these letters, each as a bar."""
    names = {ord(letter): f"u{ord(letter):04X}" for letter in letters}
    pen = TTGlyphPen(None)
    for step in ((100, 0), (100, 600), (400, 600), (400, 0)):
        (pen.lineTo if step != (100, 0) else pen.moveTo)(step)
    pen.closePath()
    bar = pen.glyph()
    built = FontBuilder(1000, isTTF=True)
    order = [".notdef", *names.values()]
    built.setupGlyphOrder(order)
    built.setupCharacterMap(names)
    built.setupGlyf(dict.fromkeys(order, bar))
    built.setupHorizontalMetrics(dict.fromkeys(order, (500, 100)))
    built.setupHorizontalHeader(ascent=800, descent=-200)
    built.setupNameTable({"familyName": "Petite", "styleName": "Regular", "psName": "Petite-Regular"})
    built.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    built.setupPost()
    return built.font


def forget():
    for kept in (press._fonts, press.drawable, press.further):
        kept.cache_clear()
    press._local.__dict__.clear()


@pytest.fixture
def fonts(settings, tmp_path):
    """Return the folder that the operator names; it is read anew."""
    settings.JALON_FONTS = str(tmp_path)
    forget()
    yield tmp_path
    settings.JALON_FONTS = ""
    forget()


def typeset(sheet):
    return paper.typeset(sheet, badge_svg=BADGE, credential=CREDENTIAL, made_at=MONDAY)


class TestANameThatNoFontDraws:
    @pytest.mark.parametrize("sheet", [FRENCH, ENGLISH], ids=["fr", "en"])
    @pytest.mark.parametrize("answers", [True, False], ids=["with answers", "without"])
    def test_is_told_on_the_paper_and_whole_in_its_properties(self, sheet, answers):
        named = dataclasses.replace(sheet, recipient=INUKTITUT, answers=sheet.answers if answers else None)
        pdf = typeset(named)
        assert bare(SAID[sheet.language]) in text_of(pdf)
        with pikepdf.open(io.BytesIO(pdf)) as document, document.open_metadata() as metadata:
            assert INUKTITUT in str(document.docinfo["/Keywords"])
            assert INUKTITUT in metadata["pdf:Keywords"]

    @pytest.mark.parametrize("lost", [INUKTITUT, "محمد", "王小明", MARKED, "\N{GRINNING FACE}"])
    def test_is_known_as_such(self, lost):
        assert not press.is_whole(f"Camille {lost}")

    def test_of_a_reviewer_or_a_school_is_told_too(self):
        assert paper.lost_names(dataclasses.replace(FRENCH, reviewer=INUKTITUT, school="王")) == ["王", INUKTITUT]


class TestANameThatTheFontsDraw:
    @pytest.mark.parametrize(
        "name", ["Émilie Bélanger", "Nguyễn Thị Ánh", "Łukasz Żółć", "Олександра Їжак", "Ελένη Νάξου", "שרה לוי"]
    )
    def test_needs_no_word(self, name):
        pdf = typeset(dataclasses.replace(FRENCH, recipient=name))
        assert press.is_whole(name)
        assert press.UNKNOWN not in text_of(pdf)
        assert bare(SAID["fr"]) not in text_of(pdf)

    def test_stays_out_of_the_properties(self):
        with pikepdf.open(io.BytesIO(typeset(FRENCH))) as document:
            assert FRENCH.recipient not in str(document.docinfo["/Keywords"])


class TestAnswersThatNoFontDraws:
    def test_are_told_on_the_paper(self):
        answers = (paper.Answer("Question?", "Bravo \N{GRINNING FACE}", "fr"),)
        text = text_of(typeset(dataclasses.replace(FRENCH, answers=answers)))
        assert bare("Certains signes des réponses") in text
        assert bare(SAID["fr"]) not in text


class TestAFontOfTheOperator:
    @pytest.mark.parametrize("ending", [".ttf", ".ttc"])
    def test_draws_what_ours_do_not(self, fonts, ending):
        font = small_font(INUKTITUT)
        if ending == ".ttc":
            collection = TTCollection()
            collection.fonts = [font]
            collection.save(fonts / "petite.ttc")
        else:
            font.save(fonts / "petite.ttf")
        pdf = typeset(dataclasses.replace(FRENCH, recipient=f"Émilie {INUKTITUT}"))
        assert press.is_whole(INUKTITUT)
        assert bare(INUKTITUT) in text_of(pdf)
        assert bare(SAID["fr"]) not in text_of(pdf)

    def test_draws_a_mark_only_with_its_letter(self, fonts):
        small_font("k\N{COMBINING COMMA ABOVE}").save(fonts / "petite.ttf")
        assert press.printable(MARKED) == MARKED
        assert not press.is_whole("m\N{COMBINING COMMA ABOVE}")

    def test_changes_nothing_of_a_paper_that_needs_none(self, fonts):
        small_font(INUKTITUT).save(fonts / "petite.ttf")
        with_it = typeset(FRENCH)
        fonts.joinpath("petite.ttf").unlink()
        forget()
        assert typeset(FRENCH) == with_it
