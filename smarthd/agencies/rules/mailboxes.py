"""What an official e-mail address looks like."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"[a-z0-9][a-z0-9._+-]{0,62}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")
LONGEST = 254


def clean_address(text: str) -> str:
    """Return an address in lower case without spaces round it, or nothing when it is none."""
    address = text.strip().lower()
    whole = _ADDRESS.fullmatch(address) is not None and ".." not in address and len(address) <= LONGEST
    return address if whole else ""
