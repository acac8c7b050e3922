"""How a telephone number is written for reading."""

from __future__ import annotations


def grouped(text: str) -> str:
    """Group the digits of a Vietnamese number: ``0220 3852 143``, ``0912 345 678``; what has neither ten nor eleven digits stays as it is."""
    digits = "".join(char for char in text if char.isdigit())
    if text.startswith("+84"):
        digits = "0" + digits[2:]
    if len(digits) == 10:
        return f"{digits[:4]} {digits[4:7]} {digits[7:]}"
    if len(digits) == 11:
        return f"{digits[:4]} {digits[4:8]} {digits[8:]}"
    return text
