import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.typography import folded, quebec, spacing_faults

H = "\u00a0"
FRENCH = st.text(alphabet=st.sampled_from(list("aéB1 23h'’?!;:%$«»\u00a0\u202f.,*\n(/-")), max_size=40)


class TestQuebecSpacing:
    @pytest.mark.parametrize(
        ("written", "shown"),
        [
            ("Pourquoi ?", "Pourquoi?"),
            ("Attention\u202f! Lisez", "Attention! Lisez"),
            ("Un point ; un autre", "Un point; un autre"),
            ("Vraiment ?!", "Vraiment?!"),
            ("Trois rôles : école", f"Trois rôles{H}: école"),
            ("Trois rôles: école", f"Trois rôles{H}: école"),
            ("**Rappel :** lisez", f"**Rappel{H}:** lisez"),
            ("« Bonjour »", f"«{H}Bonjour{H}»"),
            ("«Bonjour»", f"«{H}Bonjour{H}»"),
            ("80 % des jeunes", f"80{H}% des jeunes"),
            ("80% des jeunes", f"80{H}% des jeunes"),
            ("30 $ par personne", f"30{H}$ par personne"),
            ("à 15 h 19", f"à 15{H}h{H}19"),
            ("dès 9 h", f"dès 9{H}h"),
            ("12 345,5", f"12{H}345,5"),
            ("1 234 567 élèves", f"1{H}234{H}567 élèves"),
            ("l'élève", "l’élève"),
        ],
    )
    def test_is_set(self, written, shown):
        assert quebec(written) == shown

    @pytest.mark.parametrize(
        "text",
        [
            "https://exemple.test/a?b=1;c=2",
            "Pas d’espace avant? ni après!",
            "15:19",
            "Le 15 mars 2026",
            "2026 130",
            "un titre {#p1}",
            "une note [@loi-p9]",
            "SHA-256 %(sha256)s",
        ],
    )
    def test_leaves_alone_what_is_right(self, text):
        assert quebec(text) == text

    @given(FRENCH)
    def test_done_twice_changes_nothing(self, text):
        assert quebec(quebec(text)) == quebec(text)

    @given(FRENCH)
    def test_changes_nothing_but_spaces_and_apostrophes(self, text):
        def letters(value):
            return "".join(value.replace("'", "’").split())

        assert letters(quebec(text)) == letters(text)


class TestASpacingFault:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("Pourquoi ?", "space-before-mark"),
            ("Fin\u00a0; suite", "space-before-mark"),
            ("Rôles: école", "no-space-before-colon"),
            ("«Bonjour »", "no-space-inside-guillemets"),
            ("« Bonjour»", "no-space-inside-guillemets"),
            ("80% des jeunes", "no-space-before-sign"),
            ("l'élève", "straight-apostrophe"),
            ("12\u202f345", "thin-space"),
        ],
    )
    def test_is_named(self, text, code):
        assert [fault.code for fault in spacing_faults(text)] == [code]

    def test_says_where_and_shows_the_words_around(self):
        (fault,) = spacing_faults("Première ligne.\nQue faire ?")
        assert (fault.offset, fault.shown) == (25, "e.\nQue faire ?".replace("\n", " "))

    @pytest.mark.parametrize("text", ["Rôles : école", "« Bonjour »", "80 %", "l’élève?", "https://a.test/?b=1"])
    def test_is_not_an_ordinary_space_where_a_no_break_one_is_due(self, text):
        assert list(spacing_faults(text)) == []

    @given(FRENCH.filter(lambda text: not set("\u202f") & set(text)))
    def test_is_never_left_after_quebec(self, text):
        assert list(spacing_faults(quebec(text))) == []


class TestSearchingWithoutAccents:
    @pytest.mark.parametrize(
        ("text", "key"),
        [
            ("Élève à l’École", "eleve a l ecole"),
            ("CŒUR  et\tÆ", "coeur et ae"),
            ("Îles-de-la-Madeleine", "iles-de-la-madeleine"),
        ],
    )
    def test_finds_the_same_word(self, text, key):
        assert folded(text) == key

    @given(st.text(max_size=30))
    def test_is_stable(self, text):
        assert folded(folded(text)) == folded(text)
