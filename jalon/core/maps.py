"""Outlines on a map: from longitudes and latitudes to lines of an SVG, simplified and to scale."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]
Ring = Sequence[Sequence[float]]


def rings_of(geometry: object, *, most_points: int = 400) -> list[list[list[float]]]:
    """Return the outer lines of a GeoJSON Polygon or MultiPolygon, thinned; nothing for any other shape.

    Args:
        most_points: of one line; more are thinned evenly, and the line stays closed.
    """
    if not isinstance(geometry, dict):
        return []
    coordinates = geometry.get("coordinates")
    polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(str(geometry.get("type")))
    found = [_ring(polygon[0], most_points) for polygon in polygons or [] if isinstance(polygon, list) and polygon]
    return [ring for ring in found if len(ring) >= 4]


def _ring(line: object, most_points: int) -> list[list[float]]:
    points = [_point(point) for point in line] if isinstance(line, list) else []
    kept = [point for point in points if point]
    step = max(1, math.ceil(len(kept) / most_points))
    thinned = kept[:-1:step]
    return [*thinned, thinned[0]] if thinned else []


def _point(point: object) -> list[float]:
    if isinstance(point, list) and len(point) >= 2 and all(isinstance(one, int | float) for one in point[:2]):
        longitude, latitude = float(point[0]), float(point[1])
        if abs(longitude) <= 180 and abs(latitude) <= 85:
            return [round(longitude, 5), round(latitude, 5)]
    return []


@dataclass(frozen=True)
class Drawing:
    """Lines ready for an SVG: its width and height, and for each shape the text of its path and its middle."""

    width: int
    height: int
    paths: tuple[tuple[str, Point], ...]

    @property
    def view(self) -> str:
        """The view box, with room for the outlines."""
        return f"-4 -4 {self.width + 8} {self.height + 8}"


def drawn(shapes: Sequence[Iterable[Ring]], *, width: int = 480) -> Drawing:
    """Return the shapes to one scale, north up; an empty shape has an empty path.

    Each degree of longitude is as wide as it is at the middle latitude, so that shapes keep their proportions.
    """
    listed = [[list(ring) for ring in rings] for rings in shapes]
    points = [point for rings in listed for ring in rings for point in ring]
    if not points:
        return Drawing(width, 0, tuple(("", (0.0, 0.0)) for _ in listed))
    west, east = min(point[0] for point in points), max(point[0] for point in points)
    south, north = min(point[1] for point in points), max(point[1] for point in points)
    narrowing = math.cos(math.radians((south + north) / 2))
    scale = width / max((east - west) * narrowing, 1e-9)

    def placed(point: Sequence[float]) -> Point:
        return round((point[0] - west) * narrowing * scale, 1), round((north - point[1]) * scale, 1)

    outlines = [[[placed(point) for point in ring] for ring in rings] for rings in listed]
    return Drawing(width, max(1, round((north - south) * scale)), tuple(map(_path, outlines)))


def _path(rings: list[list[Point]]) -> tuple[str, Point]:
    text = "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in ring[:-1]) + "Z" for ring in rings)
    largest = max(rings, key=_area, default=[(0.0, 0.0)])
    across, down = [x for x, _ in largest], [y for _, y in largest]
    return text, ((min(across) + max(across)) / 2, (min(down) + max(down)) / 2)


def _area(ring: list[Point]) -> float:
    pairs = pairwise(ring)
    return abs(sum(x * below - right * y for (x, y), (right, below) in pairs)) / 2
