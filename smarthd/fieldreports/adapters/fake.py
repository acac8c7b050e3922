"""A detector for tests: finds what it was told is there."""

from __future__ import annotations

from PIL import Image

from smarthd.fieldreports.ports import FetchRefused, Region


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


class FakeFetcher:
    """Answers what it was told for each address; an exception among the answers is raised, an address it does not know is refused."""

    def __init__(self, answers: dict[str, bytes | Exception]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def fetch(self, url: str, *, most: int) -> bytes:
        """Return the answer of an address, cut at nothing: too long is refused as the real one refuses it."""
        self.asked.append(url)
        found = self.answers.get(url, FetchRefused("không có tệp này"))
        if isinstance(found, Exception):
            raise found
        if len(found) > most:
            msg = "tệp lớn quá mức nhận"
            raise FetchRefused(msg)
        return found
