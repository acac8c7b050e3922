"""Files that were read, kept sealed: a clerk's file may hold more than is published."""

from __future__ import annotations

import hashlib
import io

from smarthd.connectors.errors import FileCleared
from smarthd.kernel import files, sealing

PURPOSE = "connectors.file"
LIMIT_MB = 64


def keep(raw: bytes) -> tuple[str, str]:
    """Keep bytes; return their sha256, and the one their sealed copy is kept under."""
    sealed = sealing.seal_bytes(raw, purpose=PURPOSE)
    return hashlib.sha256(raw).hexdigest(), files.keep(io.BytesIO(sealed), limit_mb=LIMIT_MB + 1).sha256


def read(kept_sha256: str) -> bytes:
    """Return the bytes as they came, or raise FileCleared."""
    path = files.kept_path(kept_sha256)
    if not kept_sha256 or not path.exists():
        raise FileCleared
    return sealing.unseal_bytes(path.read_bytes(), purpose=PURPOSE)
