"""What an approval binds: text, audience, channels and everything else people will be told. An edit makes another hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping


def content_hash(content: Mapping[str, object]) -> str:
    """Return the sha256 (hex) of a warning's content: JSON values, keys sorted, no spaces, so that order and process do not matter."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
