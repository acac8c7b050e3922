"""Sign-in codes: how long they live, how often they may be asked for and tried."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from enum import StrEnum

from smarthd.kernel.errors import Conflict, Invalid
from smarthd.kernel.moves import Move

CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=5)
CODE_TRIES = 5
RESEND_AFTER = timedelta(seconds=60)

# (limit, window). Mobile carriers put thousands of phones behind one address, so the address limits are wide and the
# number's are narrow: 40 tries a day leave a guesser 40 chances in a million.
ASKS_BY_NUMBER = ((4, timedelta(minutes=15)), (10, timedelta(days=1)))
ASKS_BY_ADDRESS = ((120, timedelta(minutes=10)), (1200, timedelta(days=1)))
TRIES_BY_NUMBER = ((40, timedelta(days=1)),)
TRIES_BY_ADDRESS = ((120, timedelta(minutes=10)),)


class CodeState(StrEnum):
    """Where one code stands."""

    PENDING = "pending"  # đang chờ nhập
    USED = "used"  # đã dùng
    REPLACED = "replaced"  # đã có mã mới hơn
    LOCKED = "locked"  # nhập sai quá số lần
    EXPIRED = "expired"  # quá hạn


USE = Move(name="use", sources=frozenset({CodeState.PENDING}), target=CodeState.USED)
REPLACE = Move(name="replace", sources=frozenset({CodeState.PENDING}), target=CodeState.REPLACED)
LOCK = Move(name="lock", sources=frozenset({CodeState.PENDING}), target=CodeState.LOCKED)
EXPIRE = Move(name="expire", sources=frozenset({CodeState.PENDING}), target=CodeState.EXPIRED)
CODE_MOVES = (USE, REPLACE, LOCK, EXPIRE)


class CodeAskedTooSoon(Conflict):
    """The last code is younger than a minute; ``facts["retry_at"]`` says when another may be asked for."""


class WrongCode(Invalid):
    """The code is not right; ``facts["tries_left"]`` says how many tries this code still has."""


class CodeUnusable(Invalid):
    """No code waits for this number: none was asked for, or it expired, was used, replaced or locked."""


def judge(*, expected: bytes, given: bytes, tries: int, expires_at: datetime, now: datetime) -> CodeState:
    """Return the state one try leads to; ``tries`` are the wrong ones before this. Comparison takes constant time."""
    if now >= expires_at:
        return CodeState.EXPIRED
    if tries >= CODE_TRIES:
        return CodeState.LOCKED
    if hmac.compare_digest(expected, given):
        return CodeState.USED
    return CodeState.LOCKED if tries + 1 >= CODE_TRIES else CodeState.PENDING


def clean_code(text: str) -> str:
    """Return the digits of a code as typed (``123 456``), or raise WrongCode for what cannot be one."""
    digits = "".join(char for char in text if char.isascii() and char.isdigit())
    if len(digits) != CODE_DIGITS or any(char.isalpha() for char in text):
        raise WrongCode(tries_left=None)
    return digits
