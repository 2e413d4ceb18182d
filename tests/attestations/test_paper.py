import dataclasses
import io
import threading
from datetime import datetime
from xml.etree import ElementTree

import pikepdf
import pytest
import zxingcpp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from jalon.attestations import paper, press, reading
from jalon.attestations.paper import Answer, Sheet
from tests.attestations.pdftext import bare, lines_of, text_of
from tests.attestations.sheets import ADDRESS, BADGE, CODE, CREDENTIAL, ENGLISH, FRENCH, MONDAY

LANGUAGES = pytest.mark.parametrize("sheet", [FRENCH, ENGLISH], ids=["french", "english"])
HOSTILE = '#read("/etc/passwd") $x^2$ *b* _i_ @ref <b> {{7*7}} \\u{41} `raw` // /* #import "@preview/x:1.0.0"'


def typeset(sheet: Sheet, credential: bytes = CREDENTIAL) -> bytes:
    return paper.typeset(sheet, badge_svg=BADGE, credential=credential, made_at=MONDAY)


def pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def by_page(pdf: bytes) -> list[str]:
    return ["".join(pieces) for pieces in lines_of(pdf)]


def answered(text: str) -> Sheet:
    return dataclasses.replace(FRENCH, answers=(Answer("Question?", text, "fr"),))


@LANGUAGES
class TestAnAttestation:
    def test_says_every_field_in_the_order_of_reading(self, sheet):
        text = text_of(typeset(sheet))
        fields = [
            sheet.issuer, sheet.demonstration, sheet.heading, sheet.program, sheet.level, sheet.description,
            sheet.recipient, sheet.school, sheet.organisation, sheet.awarded_on, sheet.hours, sheet.reviewer,
            sheet.decided_on, sheet.release, sheet.digest, sheet.time_zone, sheet.eligibility, sheet.issuer,
            *sheet.issuer_address.split("\n"), *sheet.partners, *sheet.cases, paper.grouped(CODE), ADDRESS,
            *(words for answer in sheet.answers for words in (answer.question, answer.answer)),
        ]  # fmt: skip
        place = 0
        for field in fields:
            place = text.find(bare(field), place)
            assert place >= 0, field

    def test_has_one_page_without_answers_and_says_that_the_holder_keeps_them(self, sheet):
        kept = typeset(dataclasses.replace(sheet, answers=None))
        assert pages(kept) == 1
        sentence = {"fr": "a choisi de ne pas joindre ses réponses", "en": "has chosen not to include the answers"}
        assert bare(sentence[sheet.language]) in text_of(kept)
        assert bare(sheet.answers[0].answer) not in text_of(kept)
        assert bare(sentence[sheet.language]) not in text_of(typeset(sheet))

    def test_of_a_level_without_questions_does_not_speak_of_answers(self, sheet):
        text = text_of(typeset(dataclasses.replace(sheet, answers=())))
        assert bare({"fr": "réponses", "en": "answers"}[sheet.language]) not in text

    def test_numbers_its_pages(self, sheet):
        assert bare({"fr": "Page 2 de 2", "en": "Page 2 of 2"}[sheet.language]) in text_of(typeset(sheet))

    def test_is_the_same_bytes_for_the_same_input(self, sheet):
        assert typeset(sheet) == typeset(sheet)

    def test_carries_the_credential_unchanged(self, sheet):
        assert reading.attachments(typeset(sheet)) == [CREDENTIAL]

    def test_opens_its_verification_page_by_a_qr_of_25_mm_or_more(self, sheet):
        one_page = dataclasses.replace(sheet, answers=None)
        dots = 200
        drawn = press.png(paper.inputs(one_page, badge_svg=BADGE, credential=CREDENTIAL), pixels_per_inch=dots)
        with Image.open(io.BytesIO(drawn)) as picture:
            (found,) = zxingcpp.read_barcodes(picture.convert("L"))
        assert found.text == ADDRESS
        assert (found.position.top_right.x - found.position.top_left.x) / dots * 25.4 >= 25


class TestLongNamesAndPlaces:
    """The first page holds everything to its QR code: it is set smaller where there is much to say."""

    NAMES = {
        30: "Émilie-Rose Bélanger-Désaulnes",
        60: "Marie-Antoinette-Joséphine Vandenbroucke-Papadopoulos-Dubois",
        150: "Marie-Antoinette-Joséphine Vandenbroucke-Papadopoulos-Dubois, " * 2 + "Tremblay de la Fontaine",
    }
    TERRITORY = "Municipalité régionale de comté des Collines-et-des-Rivières-Inventées"
    POLICE = "Service de police fictif de la Ville-Inventée-sur-le-Fleuve"

    def sheet_of(self, base: Sheet, length: int, level: int, **facts: object) -> Sheet:
        said = {
            "recipient": self.NAMES[length],
            "school": "École secondaire polyvalente des Jalons-de-la-Rivière-Inventée",
            "organisation": "Centre de services scolaire des Collines-et-des-Rivières-Inventées",
            "eligibility": f"{base.eligibility}. {self.TERRITORY}, {self.POLICE}, ENT-FICTIVE-01. " * 2,
            "description": base.description + " Ses réponses ont été lues et acceptées." * (4 * level),
            "partners": ("Service de police de Ville-Fictive – accompagnement", "Académie des Jalons") * 3,
        }
        return dataclasses.replace(base, **{**said, **facts})

    @pytest.mark.parametrize("length", NAMES)
    @pytest.mark.parametrize("level", [1, 2])
    @pytest.mark.parametrize("base", [FRENCH, ENGLISH], ids=["french", "english"])
    def test_leave_one_page_without_the_answers_with_its_qr_code(self, base, level, length):
        pdf = typeset(self.sheet_of(base, length, level, answers=None))
        (text,) = by_page(pdf)
        assert bare(self.NAMES[length]) in text
        assert bare(ADDRESS) in text

    @pytest.mark.parametrize("base", [FRENCH, ENGLISH], ids=["french", "english"])
    def test_leave_the_qr_code_on_the_first_page_before_the_answers(self, base):
        first, second = by_page(typeset(self.sheet_of(base, 60, 2)))
        assert bare(ADDRESS) in first
        assert bare(base.answers[0].question) in second

    def test_send_the_partners_to_the_next_page_where_nothing_else_makes_room(self):
        first, second = by_page(
            typeset(self.sheet_of(FRENCH, 60, 2, partners=("Académie des Jalons",) * 150, answers=None))
        )
        assert bare(ADDRESS) in first
        assert bare("Académie des Jalons") in second

    @pytest.mark.parametrize("base", [FRENCH, ENGLISH], ids=["french", "english"])
    def test_keep_a_name_of_thirty_letters_on_one_line(self, base):
        (pieces,) = lines_of(typeset(self.sheet_of(base, 30, 2, answers=None)))
        assert bare(self.NAMES[30]) in pieces

    def test_never_break_a_reference_at_its_hyphens(self):
        for extra in range(0, 60, 3):
            said = f"{'Personnel ' * 8}{'x ' * (extra // 2)}selon l’entente ENT-FICTIVE-01 avec le DPCP."
            pieces = lines_of(typeset(dataclasses.replace(FRENCH, eligibility=said)))[0]
            assert any("ENT-FICTIVE-01" in piece for piece in pieces)

    def test_break_a_name_after_its_hyphens_and_not_inside_a_word(self):
        assert press.printable(self.POLICE) == self.POLICE
        assert press.printable("W" * 25) == "W" * 24 + press.BREAK + "W"
        assert press.BREAK in press.printable("1-" * 25)


class TestTheLanguageOfAPassage:
    def languages(self, sheet: Sheet) -> list[str]:
        with pikepdf.open(io.BytesIO(typeset(sheet))) as document:
            found = [
                str(each.Lang) for each in document.objects if isinstance(each, pikepdf.Dictionary) and "/Lang" in each
            ]
        return [language.lower() for language in found]

    def test_is_said_where_it_is_not_that_of_the_paper(self):
        kept = dataclasses.replace(ENGLISH, answers=None, french_partners=frozenset())
        names = self.languages(kept).count("fr-ca")
        assert names >= 4  # the issuer twice, the school and its organisation
        partner = dataclasses.replace(kept, french_partners=frozenset(ENGLISH.partners))
        assert self.languages(partner).count("fr-ca") > names
        answered_in_french = (Answer("Which step?", "Rassurer.", "fr"), Answer("Why?", "Parce que.", "fr"))
        assert self.languages(dataclasses.replace(kept, answers=answered_in_french)).count("fr-ca") >= names + 2

    def test_of_an_english_answer_is_said_on_a_french_paper(self):
        assert "en-ca" not in self.languages(FRENCH)
        assert "en-ca" in self.languages(dataclasses.replace(FRENCH, answers=(Answer("Quoi?", "To reassure.", "en"),)))

    @pytest.mark.parametrize(
        ("sheet", "written", "sentence"),
        [(FRENCH, "en", "Réponses rédigées en anglais."), (ENGLISH, "fr", "Answers written in French.")],
    )
    def test_of_answers_is_told_where_it_is_another_one(self, sheet, written, sentence):
        abroad = dataclasses.replace(sheet, answers=(Answer("Quoi?", "Rassurer.", written),))
        assert bare(sentence) in text_of(typeset(abroad))
        at_home = dataclasses.replace(sheet, answers=(Answer("Quoi?", "Rassurer.", sheet.language),))
        assert bare(sentence) not in text_of(typeset(at_home))


class TestAnAutomaticEvaluation:
    def test_is_said_in_its_own_words_without_a_reviewer(self):
        text = text_of(typeset(dataclasses.replace(FRENCH, reviewer="Évaluation automatique", decided_on="")))
        assert bare("Évaluation automatique") in text
        assert bare("Révision par") not in text


class TestTheStandards:
    """What PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1) ask, read in the file itself."""

    @pytest.fixture(params=[FRENCH, ENGLISH], ids=["french", "english"])
    def sheet(self, request):
        return request.param

    @pytest.fixture
    def document(self, sheet):
        with pikepdf.open(io.BytesIO(typeset(sheet))) as opened:
            yield opened

    def test_are_claimed_in_its_metadata(self, document):
        names = {
            "{http://www.aiim.org/pdfa/ns/id/}part": "3",
            "{http://www.aiim.org/pdfa/ns/id/}conformance": "A",
            "{http://www.aiim.org/pdfua/ns/id/}part": "1",
        }
        metadata = ElementTree.fromstring(document.Root.Metadata.read_bytes())
        said = {tag.tag: tag.text for tag in metadata.iter()} | {
            name: value for tag in metadata.iter() for name, value in tag.attrib.items()
        }
        assert {name: said.get(name) for name in names} == names

    def test_want_it_tagged_in_its_language_with_its_title_shown(self, document, sheet):
        assert document.Root.MarkInfo.Marked
        assert document.Root.StructTreeRoot.K
        assert str(document.Root.Lang).lower() == f"{sheet.language}-ca"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert str(document.docinfo["/Title"]) == f"{sheet.heading} – {sheet.level}"
        assert str(document.docinfo["/Author"]) == sheet.issuer

    def test_want_colours_defined_and_every_font_inside(self, document):
        assert document.Root.OutputIntents[0].DestOutputProfile
        fonts = [each for each in document.objects if _is(each, "/FontDescriptor")]
        assert len(fonts) >= 4
        assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(font.keys()) for font in fonts)

    def test_want_words_for_every_figure(self, document, sheet):
        figures = [each for each in document.objects if _is(each, "/StructElem") and each.S == "/Figure"]
        words = {str(figure.Alt) for figure in figures}
        assert sheet.badge_alt in words
        assert len(words) == len(figures) == 2

    def test_want_headings_without_a_gap(self, document):
        levels = [int(str(each.S)[2:]) for each in document.objects
                  if _is(each, "/StructElem") and str(each.S) in {"/H1", "/H2", "/H3"}]  # fmt: skip
        assert set(levels) == {1, 2, 3}
        assert levels.count(1) == 1

    def test_want_the_attachment_declared_as_data(self, document):
        (declared,) = document.Root.AF
        assert declared.AFRelationship == "/Data"
        assert str(declared.UF) == "credential.json"
        assert declared.EF.F.Subtype == "/application/json"

    def test_are_on_us_letter_paper(self, document):
        assert {tuple(map(float, page.mediabox)) for page in document.pages} == {(0, 0, 612, 792)}

    def test_need_nothing_active(self, document):
        names = {"/JavaScript", "/JS", "/Launch", "/OpenAction", "/AA", "/RichMedia"}
        assert not [
            each for each in document.objects if isinstance(each, pikepdf.Dictionary) and names & set(each.keys())
        ]


def _is(each: pikepdf.Object, kind: str) -> bool:
    return isinstance(each, pikepdf.Dictionary) and each.get("/Type") == kind


class TestTextOfOtherPeople:
    def test_is_printed_as_it_is_written_and_never_run(self):
        sheet = dataclasses.replace(answered(HOSTILE), recipient=HOSTILE, school=HOSTILE, description=HOSTILE)
        assert text_of(typeset(sheet)).count(bare(HOSTILE)) >= 4

    @pytest.mark.parametrize(
        ("written", "printed"),
        [
            ("É", "É"),
            ("E\u0301", "É"),
            ("C’est « prêt » : 15\u00a0h\u00a019 – œuvre, Ÿ", "C’est « prêt » : 15\u00a0h\u00a019 – œuvre, Ÿ"),
            ("Đặng Thị Ỹ, Łukasz, Ağaoğlu", "Đặng Thị Ỹ, Łukasz, Ağaoğlu"),
            ("bravo 😀 漢", "bravo \ufffd \ufffd"),
            ("a\x00b\x07c\x1bd\ufeffe\u200df\x7f", "abcdef"),
            ("pdf\u202efdp\u2066x", "pdffdpx"),
            ("a\tb\u2003c\u2028d", "a b c d"),
            ("ligne 1\r\nligne 2\rligne 3", "ligne 1\nligne 2\nligne 3"),
            ("✓ → ≠ €", "✓ → ≠ €"),
            ("שלום", "שלום"),
            ("\ue000\ud800", ""),
        ],
    )
    def test_becomes_what_the_fonts_can_draw(self, written, printed):
        assert press.printable(written) == printed

    def test_breaks_a_word_without_end_instead_of_leaving_the_page(self):
        assert pages(typeset(answered("W" * 3_000))) > pages(typeset(answered("W")))
        assert text_of(typeset(answered("Ŵ" * 3_000))).count("Ŵ") == 3_000

    def test_of_ten_thousand_words_is_printed_whole(self):
        pdf = typeset(answered("Rassurer, puis transmettre. " * 3_400 + "Fin."))
        assert text_of(pdf).count("transmettre.") == 3_400
        assert pages(pdf) > 15

    def test_of_a_very_long_name_keeps_the_rest_of_the_page(self):
        name = "Marie-Antoinette-Joséphine Vandenbroucke-Papadopoulos " * 5
        assert bare(name) in text_of(typeset(dataclasses.replace(FRENCH, recipient=name, answers=None)))

    @settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    @given(st.text(max_size=200), st.text(max_size=60))
    def test_of_any_kind_never_fails_the_document(self, answer, name):
        sheet = dataclasses.replace(answered(answer), recipient=name, issuer=f"Organisme {name}")
        assert typeset(sheet).startswith(b"%PDF-")

    @settings(deadline=None, max_examples=40)
    @given(st.text(alphabet="ae \n\u0301\u0327\u0345\u05b0אあ→\u1e9b\u0300\ufe0f\u200d\u20e3ⓐ", max_size=40))
    def test_with_marks_upon_any_letter_never_fails_the_document(self, answer):
        assert typeset(answered(answer)).startswith(b"%PDF-")

    def test_may_use_every_character_that_is_said_to_be_drawable(self):
        own, added = press.drawable()
        assert len(own) > 800
        every = " ".join(sorted(own | added))
        assert typeset(dataclasses.replace(answered(every), demonstration=every)).startswith(b"%PDF-")


class TestSeveralThreads:
    def test_typeset_at_once_the_same_bytes(self):
        expected = typeset(FRENCH)
        drawn: list[bytes] = []
        threads = [threading.Thread(target=lambda: drawn.extend(typeset(FRENCH) for _ in range(5))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert drawn == [expected] * 20


class TestAMomentWithoutTimeZone:
    def test_is_refused(self):
        with pytest.raises(ValueError, match="time zone"):
            paper.typeset(FRENCH, badge_svg=BADGE, credential=CREDENTIAL, made_at=datetime(2026, 3, 2))  # noqa: DTZ001
