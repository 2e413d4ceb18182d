import io
import platform
from hashlib import sha256

import pytest
import typst
from PIL import Image

from jalon.attestations.raster import badge_png
from tests.attestations.sheets import BADGE

DRAWN = "edcb7d839b546a9aa7598f7fb6f60022e68ea0c5e2d462823010608aa186d25f"


class TestABadge:
    def test_is_a_square_picture_on_a_transparent_ground(self):
        with Image.open(io.BytesIO(badge_png(BADGE))) as picture:
            assert (picture.format, picture.size, picture.mode) == ("PNG", (512, 512), "RGBA")
            assert picture.getpixel((0, 0))[3] == 0
            assert picture.getpixel((100, 256)) == (0x3D, 0x3F, 0x8F, 255)

    def test_is_the_same_bytes_for_the_same_drawing(self):
        assert badge_png(BADGE) == badge_png(BADGE)

    @pytest.mark.skipif(platform.machine() != "x86_64", reason="the last bits of a drawing depend on the processor")
    def test_is_the_same_bytes_from_one_release_to_the_next(self):
        """A drawing that comes out otherwise would make every PNG handed out before `altered`."""
        assert sha256(badge_png(BADGE)).hexdigest() == DRAWN

    def test_may_be_asked_in_another_size(self):
        with Image.open(io.BytesIO(badge_png(BADGE, pixels=96))) as picture:
            assert picture.size == (96, 96)

    def test_reads_no_file_that_its_drawing_names(self):
        stranger = BADGE.replace(b"</svg>", b'<image href="/etc/hostname" width="240" height="240"/></svg>')
        with pytest.raises(typst.TypstError):
            badge_png(stranger)

    def test_is_refused_when_the_drawing_is_none(self):
        with pytest.raises(typst.TypstError):
            badge_png(b"<p>not a drawing</p>")
