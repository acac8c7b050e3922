"""Zip packages (docx, xlsx) that come out byte-identical: no clock, no chance, no order of a dictionary."""

from __future__ import annotations

import io
import zipfile

STAMP = (1980, 1, 1, 0, 0, 0)
_FIRST = ("[Content_Types].xml", "_rels/.rels")


def repack(package: bytes) -> bytes:
    """Return the same package with fixed timestamps, attributes, compression and order of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(out, "w") as target:
        names = sorted(source.namelist(), key=lambda name: (_FIRST.index(name) if name in _FIRST else 9, name))
        for name in names:
            entry = zipfile.ZipInfo(name, STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            target.writestr(entry, source.read(name), compresslevel=6)
    return out.getvalue()
