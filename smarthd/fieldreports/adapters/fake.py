"""A detector for tests: finds what it was told is there."""

from __future__ import annotations

from PIL import Image

from smarthd.fieldreports.ports import Region


class FakeDetector:
    """Returns the regions it was given, cut to the picture; remembers the sizes it was shown."""

    def __init__(self, regions: list[Region] | None = None) -> None:
        self.regions = regions or []
        self.seen: list[tuple[int, int]] = []

    def find(self, picture: Image.Image) -> list[Region]:
        """Return the given regions."""
        self.seen.append(picture.size)
        width, height = picture.size
        return [
            Region(one.what, max(0, one.left), max(0, one.top), min(width, one.right), min(height, one.bottom))
            for one in self.regions
            if one.left < width and one.top < height
        ]
