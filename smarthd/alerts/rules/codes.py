"""The printed code of a warning, as people type it."""

from __future__ import annotations

import re

_CODE = re.compile(r"CB-[A-Z0-9]{6}")


def as_code(raw: str) -> str:
    """Return a code as it is kept, or nothing for what cannot be one."""
    code = raw.strip().upper()
    return code if _CODE.fullmatch(code) else ""
