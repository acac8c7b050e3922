"""Draw the app's icons (PNG) from the same shapes as smarthd/ui/static/ui/mark.svg: a sun over two bends of a river.

Run ``python tools/make_icons.py`` after changing the mark; the pictures are committed.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

PLACE = Path(__file__).resolve().parent.parent / "smarthd" / "ui" / "static" / "ui" / "apps"
GROUND, SUN, WATER, FOAM = "#0c4f5b", "#efae45", "#ffffff", "#8fd0d6"
OVERSAMPLING = 4
GRID = 64


def _bend(y: float, steps: int = 240) -> list[tuple[float, float]]:
    """Return points of the curve ``M10 y c7.3-6 14.7-6 22 0 s14.7 6 22 0`` on the 64-unit grid."""
    points = []
    for start, way in ((10.0, -1.0), (32.0, 1.0)):
        for step in range(steps + 1):
            t = step / steps
            along = 3 * (1 - t) ** 2 * t * 7.3 + 3 * (1 - t) * t**2 * 14.7 + t**3 * 22
            rise = (3 * (1 - t) ** 2 * t + 3 * (1 - t) * t**2) * 6 * way
            points.append((start + along, y + rise))
    return points


def draw(size: int, *, shrink: float, rounded: bool) -> Image.Image:
    """Draw the mark at a size in pixels; ``shrink`` keeps it inside a maskable icon's safe zone."""
    full = size * OVERSAMPLING
    unit = full / GRID
    picture = Image.new("RGBA", (full, full), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((0, 0, full - 1, full - 1), radius=15 * unit if rounded else 0, fill=GROUND)

    def at(x: float, y: float) -> tuple[float, float]:
        return ((x - 32) * shrink + 32) * unit, ((y - 32) * shrink + 32) * unit

    def disc(x: float, y: float, radius: float, colour: str) -> None:
        centre_x, centre_y = at(x, y)
        reach = radius * shrink * unit
        pen.ellipse((centre_x - reach, centre_y - reach, centre_x + reach, centre_y + reach), fill=colour)

    disc(32, 24, 10.5, SUN)
    for height, colour in ((43.0, WATER), (53.0, FOAM)):
        for x, y in _bend(height):
            disc(x, y, 2.5, colour)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    """Write every icon the manifest and iPhones ask for."""
    PLACE.mkdir(parents=True, exist_ok=True)
    for size in (192, 512):
        draw(size, shrink=1.0, rounded=True).save(PLACE / f"icon-{size}.png", optimize=True)
        draw(size, shrink=0.78, rounded=False).save(PLACE / f"maskable-{size}.png", optimize=True)
    draw(180, shrink=0.92, rounded=False).convert("RGB").save(PLACE / "icon-180.png", optimize=True)


if __name__ == "__main__":
    main()
