"""Outlines on a map."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.maps import drawn, rings_of

SQUARE = [[0.0, 0.0], [2.0, 0.0], [2.0, 1.0], [0.0, 1.0], [0.0, 0.0]]


class TestTheOutlineOfAShape:
    @pytest.mark.parametrize(
        ("geometry", "rings"),
        [
            ({"type": "Polygon", "coordinates": [SQUARE, [[9, 9]]]}, [SQUARE]),
            ({"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}, [SQUARE, SQUARE]),
            ({"type": "Point", "coordinates": [0, 0]}, []),
            ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}, []),
            ({"type": "Polygon", "coordinates": [[["x", 0], [999, 0], None, [1]]]}, []),
            ({"type": "Polygon", "coordinates": None}, []),
            ({"type": "Polygon"}, []),
            (None, []),
            ([], []),
        ],
    )
    def test_is_its_outer_lines_or_nothing(self, geometry, rings):
        assert rings_of(geometry) == rings

    def test_is_thinned_and_stays_closed(self):
        line = [[number / 100, (number % 7) / 10] for number in range(5000)]
        (ring,) = rings_of({"type": "Polygon", "coordinates": [[*line, line[0]]]})
        assert len(ring) <= 402
        assert ring[0] == ring[-1]


class TestADrawing:
    def test_has_north_above_and_one_scale(self):
        drawing = drawn([[SQUARE]], width=200)
        assert (drawing.width, drawing.height, drawing.view) == (200, 100, "-4 -4 208 108")
        assert drawing.paths == (("M0 100L200 100L200 0L0 0Z", (100.0, 50.0)),)

    def test_of_nothing_is_empty(self):
        assert (drawn([[], []]).height, drawn([[], []]).paths) == (0, (("", (0.0, 0.0)), ("", (0.0, 0.0))))

    @given(
        st.lists(st.tuples(st.floats(-80, -57), st.floats(44, 62)), min_size=3, max_size=12, unique_by=lambda p: p[0])
    )
    def test_stays_within_its_frame(self, points):
        ring = [list(point) for point in [*points, points[0]]]
        drawing = drawn([[ring]])
        (_, (x, y)) = drawing.paths[0]
        assert -1 <= x <= drawing.width + 1
        assert -1 <= y <= drawing.height + 1
