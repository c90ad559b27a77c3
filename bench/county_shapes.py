"""Draws the counties of the province for the map of the cockpit: `python -m bench.county_shapes BOUNDARIES.geojson`.

Longitude and latitude are laid on a grid of 1000 units from west to east and rounded to whole units: neighbours share
their corners, so rounding keeps borders together, and one drawing of 50 kB serves screen, wall and paper.
"""

import json
import sys
from itertools import pairwise
from math import cos, radians
from pathlib import Path

WIDTH = 1000
MOST_BYTES = 150_000
SMALLEST_ISLAND = 4.0  # square units; smaller ones are less than a speck on the wall
TARGET = Path(__file__).parents[1] / "src" / "yici" / "channels" / "cockpit" / "counties.json"

Point = tuple[int, int]


def main(source: Path) -> int:
    """Write the shapes; 1 when they are too large."""
    features = json.loads(source.read_text(encoding="utf-8"))["features"]
    rings = {one["properties"]["adcode"]: _rings(one["geometry"]) for one in features}
    points = [point for shapes in rings.values() for ring in shapes for point in ring]
    west, north = min(x for x, _ in points), max(y for _, y in points)
    south = min(y for _, y in points)
    across = cos(radians((north + south) / 2))
    scale = WIDTH / ((max(x for x, _ in points) - west) * across)

    def placed(x: float, y: float) -> Point:
        return round((x - west) * across * scale), round((north - y) * scale)

    made = {code: _shape([[placed(*point) for point in ring] for ring in shapes]) for code, shapes in rings.items()}
    document = {"width": WIDTH, "height": placed(west, south)[1], "counties": dict(sorted(made.items()))}
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"
    TARGET.write_text(text, encoding="utf-8")
    sys.stderr.write(f"{len(made)} counties, {len(text)} bytes\n")
    return int(len(text) > MOST_BYTES)


def _rings(geometry: dict[str, object]) -> list[list[tuple[float, float]]]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[(point[0], point[1]) for point in ring] for polygon in polygons for ring in polygon]  # type: ignore[attr-defined] # GeoJSON nests as its type says


def _shape(rings: list[list[Point]]) -> dict[str, object]:
    """Return the path of a county and where its mark stands: in the middle of its largest part."""
    kept = sorted((_plain(ring) for ring in rings), key=_area, reverse=True)
    kept = [ring for place, ring in enumerate(kept) if place == 0 or _area(ring) >= SMALLEST_ISLAND]
    return {"d": "".join(_path(ring) for ring in kept), "at": _middle(kept[0])}


def _plain(ring: list[Point]) -> list[Point]:
    """Return a ring without points that repeat, closed by itself."""
    made = [ring[0]]
    for point in ring[1:]:
        if point != made[-1]:
            made.append(point)
    return made[:-1] if len(made) > 1 and made[0] == made[-1] else made


def _area(ring: list[Point]) -> float:
    return abs(_twice(ring)) / 2


def _twice(ring: list[Point]) -> int:
    return sum(x * b - a * y for (x, y), (a, b) in zip(ring, [*ring[1:], ring[0]], strict=True))


def _middle(ring: list[Point]) -> list[int]:
    whole = _twice(ring) or 1
    pairs = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    across = sum((x + a) * (x * b - a * y) for (x, y), (a, b) in pairs) / (3 * whole)
    down = sum((y + b) * (x * b - a * y) for (x, y), (a, b) in pairs) / (3 * whole)
    return [round(across), round(down)]


def _path(ring: list[Point]) -> str:
    first = f"M{ring[0][0]} {ring[0][1]}"
    steps = [f"{a - x} {b - y}" for (x, y), (a, b) in pairwise(ring)]
    return f"{first}l{' '.join(steps)}z".replace(" -", "-")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
