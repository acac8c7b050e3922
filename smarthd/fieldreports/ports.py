"""What finds faces and number plates in a picture: a Protocol with a real, a console and a fake implementation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from PIL import Image


class Found(StrEnum):
    """What was found."""

    FACE = "face"  # khuôn mặt
    PLATE = "plate"  # biển số xe


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a picture, in pixels: left and top included, right and bottom not."""

    what: Found
    left: int
    top: int
    right: int
    bottom: int


class Detector(Protocol):
    """Finds what must be blurred. It may miss some: people look too, and can blur more."""

    def find(self, picture: Image.Image) -> list[Region]:
        """Return the regions of an RGB picture; never raises for a picture that Pillow could read."""
        ...


class FetchRefused(Exception):
    """It may not be fetched, or is not what was expected: trying again changes nothing. The message is Vietnamese, for officials."""


class FetchUnavailable(Exception):
    """It could not be fetched now: a later try may."""


class Fetcher(Protocol):
    """Fetches what lies at an address of a host that was allowed by name."""

    def fetch(self, url: str, *, most: int) -> bytes:
        """Return the body, at most ``most`` bytes; raises FetchRefused or FetchUnavailable."""
        ...
