"""Telephone numbers of demonstration persons: 0990 000 000 – 0991 999 999 and nothing else.

The block is ours within the product: whoever sees 0990 or 0991 sees made-up data, and the load world shares it. Role accounts have
the numbers everyone can remember (0990 000 001 …); all others are scattered, because honest people do not sign up in the order
of their numbers (a signal of fraud, ROLLOUT.md).
"""

from __future__ import annotations

import re

FIRST = 990_000_000  # the national number without its leading zero
RESERVED = 1_000  # the first thousand are role accounts'
BLOCK = 2_000_000
_SPREAD = BLOCK - RESERVED
_STEP = 618_031  # coprime with 1 999 000, so that the walk visits every number once
_START = 271_828
_DEMO = re.compile(r"^\+8499[01]\d{6}$")


class TooManyPersons(Exception):
    """The demonstration block has no number left."""


def role_phone(number: int) -> str:
    """Return the memorable number of role account ``number`` (1 …), as +84…"""
    if not 0 < number < RESERVED:
        raise TooManyPersons
    return f"+84{FIRST + number}"


def scattered_phone(number: int) -> str:
    """Return the number of person ``number`` (0 …), as +84…; no two persons share one."""
    if not 0 <= number < _SPREAD:
        raise TooManyPersons
    return f"+84{FIRST + RESERVED + (number * _STEP + _START) % _SPREAD}"


def scattered_phones(first: int, count: int) -> list[str]:
    """Return the numbers of ``count`` persons from person ``first`` on."""
    return [scattered_phone(number) for number in range(first, first + count)]


def is_demo(phone: str) -> bool:
    """Say whether a +84… number belongs to the demonstration block."""
    return _DEMO.match(phone) is not None


def spoken(phone: str) -> str:
    """Return a number as people write it: 0990 000 001."""
    digits = "0" + phone.removeprefix("+84")
    return f"{digits[:4]} {digits[4:7]} {digits[7:]}"
