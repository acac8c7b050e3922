"""The signed code of a team's member: 24 letters and digits that carry team, member, issue and last day, and a signature over them.

120 bits in base 32, of which 64 say what it is and 56 prove it: read aloud in six groups of four, without letters that are mistaken
for one another. The key stays at the server; whoever forges a code has one chance in 2^56 a try, at an address with limits.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from smarthd.kernel.ids import SPOKEN_ALPHABET
from smarthd.rollout.rules.teams import Certainty

Sign = Callable[[bytes], bytes]

EPOCH = date(2024, 1, 1)
TEAM_BITS, NUMBER_BITS, SERIAL_BITS, DAY_BITS = 20, 6, 22, 16
SIGNATURE_BYTES = 7
LENGTH = 24
SHORT_LENGTH = 6
LONGEST_LIFE = timedelta(days=366)
CREDITED_WITHIN = timedelta(days=7)
"""A phone that scanned a code on its last day may be activated a week later and still bring credit."""


@dataclass(frozen=True, slots=True)
class Token:
    """What a code says. ``number`` is the member's in the team; 0 is the team's own poster."""

    team_id: int
    number: int
    serial: int
    valid_until: date


class Standing(StrEnum):
    """What a scanned code is worth now."""

    GOOD = "good"  # còn hiệu lực
    EXPIRED = "expired"  # hết hạn
    REVOKED = "revoked"  # đã thu hồi
    TYPED = "typed"  # mã tổ gõ tay
    UNKNOWN = "unknown"  # không phải mã của tổ nào


def write(token: Token, sign: Sign) -> str:
    """Return the code of a token."""
    body = _pack(token)
    return _spell(int.from_bytes(body + sign(body)[:SIGNATURE_BYTES], "big"))


def read(text: str, sign: Sign) -> Token | None:
    """Return what a code says, or None where the signature is not ours. Spaces, hyphens and case do not matter."""
    code = clean(text)
    if len(code) != LENGTH or set(code) - set(SPOKEN_ALPHABET):
        return None
    number = 0
    for letter in code:
        number = number << 5 | SPOKEN_ALPHABET.index(letter)
    raw = number.to_bytes(15, "big")
    body, signature = raw[:8], raw[8:]
    if not hmac.compare_digest(sign(body)[:SIGNATURE_BYTES], signature):
        return None
    return _unpack(int.from_bytes(body, "big"))


def clean(text: str) -> str:
    """Return a code as it is compared: capitals, without what people put between."""
    return "".join(text.upper().split()).replace("-", "")


def printed(code: str) -> str:
    """Return a code as it is printed: groups of four."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def certainty_of(standing: Standing, *, ended_on: date | None, day: date) -> Certainty:
    """Return how sure it is that the code's team helped: ``ended_on`` is the last day of a code that expired or was revoked."""
    if standing is Standing.GOOD:
        return Certainty.EXACT
    if standing is Standing.TYPED:
        return Certainty.PROBABLE
    if standing is Standing.EXPIRED and ended_on is not None and day <= ended_on + CREDITED_WITHIN:
        return Certainty.EXACT
    return Certainty.NONE


def _pack(token: Token) -> bytes:
    days = (token.valid_until - EPOCH).days
    whole = 0
    parts = ((token.team_id, TEAM_BITS), (token.number, NUMBER_BITS), (token.serial, SERIAL_BITS), (days, DAY_BITS))
    for value, bits in parts:
        if not 0 <= value < 1 << bits:
            msg = f"{value} does not fit {bits} bits"
            raise OverflowError(msg)
        whole = whole << bits | value
    return whole.to_bytes(8, "big")


def _unpack(whole: int) -> Token:
    days = whole & ((1 << DAY_BITS) - 1)
    serial = whole >> DAY_BITS & ((1 << SERIAL_BITS) - 1)
    number = whole >> (DAY_BITS + SERIAL_BITS) & ((1 << NUMBER_BITS) - 1)
    return Token(whole >> (DAY_BITS + SERIAL_BITS + NUMBER_BITS), number, serial, EPOCH + timedelta(days=days))


def _spell(number: int) -> str:
    return "".join(SPOKEN_ALPHABET[number >> shift & 31] for shift in range((LENGTH - 1) * 5, -1, -5))
