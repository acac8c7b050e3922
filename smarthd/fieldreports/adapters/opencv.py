"""Faces and number plates by the Haar cascades that come with OpenCV 4, and two-line plates by their shape.

Cascades are old, small and run on any machine; they miss faces turned away, small or in shadow, and plates seen at an angle. Vietnamese
motorbike plates have two lines, for which no cascade ships: light, nearly upright rectangles full of dark strokes are taken for them.
Blurring something that was no plate harms nobody, so thresholds lean that way. What was measured is in docs/adr/0031.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from smarthd.fieldreports.ports import Found, Region

_WORK_EDGE = 1024
_FACES = ("haarcascade_frontalface_alt2.xml", "haarcascade_profileface.xml")
_PLATES = ("haarcascade_russian_plate_number.xml",)
_MARGIN = 0.15
_LEVELS = (90, 120, 150, 180, 210)

cv2.setNumThreads(2)  # a photo is looked at by two cores for a quarter of a second: who waits for it waits half as long


@cache
def _cascade(name: str) -> Any:
    return cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / name))


_SMALLEST = 14
"""In a picture with fewer pixels a side neither a face nor a plate can be known; OpenCV itself fails on one of a single pixel."""


class OpenCVDetector:
    """The real detector."""

    def find(self, picture: Image.Image) -> list[Region]:
        """Return faces and plates, in pixels of the picture given, with a margin around each."""
        width, height = picture.size
        scale = min(1.0, _WORK_EDGE / max(width, height))
        small = picture.convert("L").resize((max(1, round(width * scale)), max(1, round(height * scale))))
        if min(small.size) < _SMALLEST:
            return []
        grey = np.asarray(small)
        even = np.asarray(cv2.equalizeHist(grey), dtype=np.uint8)
        boxes = [(Found.FACE, box) for box in _faces(even)]
        boxes += [(Found.PLATE, box) for box in _plates(even)]
        boxes += [(Found.PLATE, box) for box in _two_line_plates(grey)]
        return [_region(what, box, scale, width, height) for what, box in boxes]


Box = tuple[int, int, int, int]


def _faces(grey: npt.NDArray[np.uint8]) -> list[Box]:
    """Return faces seen from the front, and, at half the size for the time it takes, from either side."""
    front, profile = (_cascade(name) for name in _FACES)
    found = _boxes(front.detectMultiScale(grey, 1.2, 3, minSize=(26, 26)))
    half = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    width = half.shape[1]
    sides = _boxes(profile.detectMultiScale(half, 1.2, 3, minSize=(20, 20)))
    mirrored = np.ascontiguousarray(half[:, ::-1])
    sides += [
        (width - x - w, y, w, h) for x, y, w, h in _boxes(profile.detectMultiScale(mirrored, 1.2, 3, minSize=(20, 20)))
    ]
    return found + [(2 * x, 2 * y, 2 * w, 2 * h) for x, y, w, h in sides]


def _plates(grey: npt.NDArray[np.uint8]) -> list[Box]:
    return _boxes(_cascade(_PLATES[0]).detectMultiScale(grey, 1.1, 3, minSize=(45, 14)))


def _two_line_plates(grey: npt.NDArray[np.uint8]) -> list[Box]:
    """Return light rectangles of a motorbike plate's proportions (190 x 140 mm, and cars' short plates) full of dark strokes.

    A plate is one light patch at some level of light, whatever the light of the day: several levels are tried.
    """
    area = grey.shape[0] * grey.shape[1]
    calm = cv2.medianBlur(grey, 3)  # grain makes thousands of specks, none of which is a plate
    found: list[Box] = []
    for level in _LEVELS:
        _used, bright = cv2.threshold(calm, level, 255, cv2.THRESH_BINARY)
        contours, _hierarchy = cv2.findContours(bright, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        for contour in contours:
            x, y, w, h = (int(edge) for edge in cv2.boundingRect(contour))
            if not (w >= 22 and h >= 18 and w * h < area * 0.08 and 1.05 <= w / h <= 1.75):
                continue
            if cv2.contourArea(contour) >= 0.72 * w * h and _looks_written(grey[y : y + h, x : x + w]):
                found.append((x, y, w, h))
    return _apart(found)


def _apart(boxes: list[Box]) -> list[Box]:
    """Return the boxes without those that lie within another."""
    kept: list[Box] = []
    for x, y, w, h in sorted(boxes, key=lambda box: -box[2] * box[3]):
        if not any(a <= x and b <= y and x + w <= a + c and y + h <= b + d for a, b, c, d in kept):
            kept.append((x, y, w, h))
    return kept


def _looks_written(cut: npt.NDArray[np.uint8]) -> bool:
    """Say whether a cut holds two rows of dark strokes on light ground."""
    _level, ink = cv2.threshold(cut, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    inner = ink[2:-2, 2:-2]
    share = float(inner.mean()) if inner.size else 0.0
    if not 0.09 <= share <= 0.55:
        return False
    rows = [inner[: inner.shape[0] // 2], inner[inner.shape[0] // 2 :]]
    strokes = [int((np.abs(np.diff(row[row.shape[0] // 2].astype(np.int8))) > 0).sum()) for row in rows if row.size]
    return len(strokes) == 2 and min(strokes) >= 4


def _boxes(found: Any) -> list[Box]:
    return [(int(x), int(y), int(w), int(h)) for x, y, w, h in found]


def _region(what: Found, box: Box, scale: float, width: int, height: int) -> Region:
    x, y, w, h = (edge / scale for edge in box)
    margin_x, margin_y = w * _MARGIN, h * _MARGIN
    return Region(
        what,
        max(0, int(x - margin_x)),
        max(0, int(y - margin_y)),
        min(width, int(x + w + margin_x) + 1),
        min(height, int(y + h + margin_y) + 1),
    )
