"""One byte changed, wherever it lies, is never valid."""

import random
import zlib
from datetime import timedelta

import pytest

from jalon.attestations import actions as attestations
from jalon.attestations import checking, ours
from jalon.attestations.raster import badge_png
from jalon.core.openbadges import baking
from jalon.credentials import actions as credentials
from jalon.credentials import queries
from tests.issuing import MONDAY, credential_of, make_keys, signed

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def award():
    make_keys()
    return signed()


def flipped(content: bytes, at: int, bit: int = 0) -> bytes:
    return content[:at] + bytes([content[at] ^ (1 << bit)]) + content[at + 1 :]


def valid_when_flipped(content: bytes, places, *, bits=(0,)) -> list[tuple[int, int]]:
    """Return the places at which a change is not found."""
    return [
        (at, bit)
        for at in places
        for bit in bits
        if any(found.verdict == "valid" for found in checking.check_file("it", flipped(content, at, bit), now=LATER))
    ]


def baked(award, form: str) -> tuple[bytes, bytes]:
    """Return a baked badge, and the credential in it."""
    svg = queries.badge_of(award.release, award.facts["level"]).svg.encode()
    text = credential_of(award).content
    if form == "svg":
        return baking.bake_svg(svg, text.decode()), text
    return baking.bake_png(badge_png(svg, pixels=64), text.decode()), text


def test_of_the_credential(award):
    content = credential_of(award).content
    assert checking.check_file("it", content, now=LATER)[0].verdict == "valid"
    assert valid_when_flipped(content, range(len(content))) == []


def test_of_the_credential_in_another_bit(award):
    content = credential_of(award).content
    assert valid_when_flipped(content, range(0, len(content), 7), bits=(1, 5)) == []


def test_of_the_token(award):
    content = credentials.state_as_jwt(credential=credential_of(award)).encode()
    assert checking.check_file("it", content, now=LATER)[0].verdict == "valid"
    assert valid_when_flipped(content, range(len(content))) == []


@pytest.mark.parametrize("form", ["svg", "png"])
def test_of_a_badge_and_of_the_credential_in_it(award, form):
    content, text = baked(award, form)
    assert checking.check_file("it", content, now=LATER)[0].verdict == "valid"
    inside = content.index(text[:40])
    places = {
        *range(inside - 60, inside + len(text) + 12, 3),
        *range(0, inside),
        *range(inside + len(text), len(content)),
    }
    assert valid_when_flipped(content, sorted(places)) == []


def rewritten(png: bytes, at: int) -> bytes:
    """Return a PNG with a byte of its picture changed and the check sums made right again."""
    start = png.index(b"IDAT")
    end = start + 4 + int.from_bytes(png[start - 4 : start], "big")
    changed = flipped(png, start + 4 + at)
    return changed[:end] + zlib.crc32(changed[start:end]).to_bytes(4, "big") + changed[end + 4 :]


class TestABadgeInAPng:
    @pytest.mark.parametrize("at", [0, 2, 40, 100])
    def test_whose_picture_was_changed_with_care_is_altered(self, award, at):
        content, _ = baked(award, "png")
        (found,) = checking.check_file("it", rewritten(content, at), now=LATER)
        assert (found.verdict, found.reason, found.holder) == ("altered", "picture-does-not-match", "")

    def test_whose_credential_was_put_in_another_picture_is_altered(self, award):
        other = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9"/></svg>'
        content = baking.bake_png(badge_png(other, pixels=64), credential_of(award).content.decode())
        (found,) = checking.check_file("it", content, now=LATER)
        assert (found.verdict, found.reason) == ("altered", "picture-does-not-match")

    def test_to_which_a_note_was_added_is_altered(self, award):
        content, _ = baked(award, "png")
        note = b"tEXtComment\0Mention"
        chunk = (len(note) - 4).to_bytes(4, "big") + note + zlib.crc32(note).to_bytes(4, "big")
        (found,) = checking.check_file("it", content[:33] + chunk + content[33:], now=LATER)
        assert found.verdict == "altered"

    @pytest.mark.parametrize("pixels", [16, 64, 512])
    def test_is_valid_in_the_sizes_that_we_draw(self, award, pixels):
        svg = queries.badge_of(award.release, award.facts["level"]).svg.encode()
        content = baking.bake_png(badge_png(svg, pixels=pixels), credential_of(award).content.decode())
        (found,) = checking.check_file("it", content, now=LATER)
        assert found.verdict == "valid"

    def test_is_not_drawn_larger_than_any_badge(self, award, monkeypatch):
        content, _ = baked(award, "png")
        wide = content[:16] + (60_000).to_bytes(4, "big") + content[20:29]
        wide += zlib.crc32(wide[12:29]).to_bytes(4, "big") + content[33:]
        monkeypatch.setattr(ours, "badge_png", lambda *_, **__: pytest.fail("it was drawn"))
        assert checking.check_file("it", wide, now=LATER)[0].verdict == "altered"


def test_of_the_paper_and_of_the_credential_attached_to_it(award):
    content = bytes(attestations.draw_up(award=award, language="fr-ca", with_answers=False, at=MONDAY).pdf)
    assert checking.check_file("it", content, now=LATER)[0].verdict == "valid"
    places = {0, 5, len(content) - 1, len(content) // 2, *random.Random(21).sample(range(len(content)), 12)}
    assert valid_when_flipped(content, sorted(places)) == []


def test_of_the_status_list(award):
    content = credentials.publish_status(number=1, at=MONDAY)
    assert valid_when_flipped(content, range(len(content))) == []


@pytest.mark.parametrize("form", ["json", "svg", "png", "pdf"])
def test_added_or_taken_away_at_the_end(award, form):
    if form == "pdf":
        content = bytes(attestations.draw_up(award=award, language="fr-ca", with_answers=False, at=MONDAY).pdf)
    else:
        content = credential_of(award).content if form == "json" else baked(award, form)[0]
    for changed in (content + b"x", content[:-1], content[1:]):
        assert checking.check_file("it", changed, now=LATER)[0].verdict != "valid"
