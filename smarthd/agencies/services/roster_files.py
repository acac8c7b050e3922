"""Uploaded rosters, kept sealed: they hold telephone numbers in the clear."""

from __future__ import annotations

import base64
import hashlib
import io

from smarthd.kernel import files, sealing
from smarthd.kernel.errors import NotFound

PURPOSE = "agencies.roster_file"


class RosterFileCleared(NotFound):
    """The uploaded file was cleared at the end of its retention."""


def keep_sealed(raw: bytes) -> tuple[str, str]:
    """Keep a file; return the sha256 of its bytes, and the one its sealed copy is kept under."""
    sealed = sealing.seal(base64.b85encode(raw).decode(), purpose=PURPOSE)
    kept = files.keep(io.BytesIO(sealed), limit_mb=64)
    return hashlib.sha256(raw).hexdigest(), kept.sha256


def read_sealed(kept_sha256: str) -> bytes:
    """Return the bytes as uploaded, or raise RosterFileCleared."""
    path = files.kept_path(kept_sha256)
    if not kept_sha256 or not path.exists():
        raise RosterFileCleared(sha256=kept_sha256)
    return base64.b85decode(sealing.unseal(path.read_bytes(), purpose=PURPOSE))


def clear(kept_sha256: str) -> None:
    """Destroy the sealed copy; nothing happens when it is gone already."""
    if kept_sha256:
        files.kept_path(kept_sha256).unlink(missing_ok=True)
