"""Recordings from outside, known by their first bytes: a name proves nothing."""

from __future__ import annotations

_SOUNDS = (
    (b"ID3", 0, "audio/mpeg", "mp3"),
    (b"OggS", 0, "audio/ogg", "ogg"),
    (b"ftyp", 4, "audio/mp4", "m4a"),
    (b"WAVE", 8, "audio/wav", "wav"),
    (b"#!AMR", 0, "audio/amr", "amr"),
    (b"\x1a\x45\xdf\xa3", 0, "audio/webm", "webm"),
)


def sound_of(head: bytes) -> tuple[str, str] | None:
    """Return the type and suffix of a recording, or None for anything else."""
    for mark, place, kind, suffix in _SOUNDS:
        if head[place : place + len(mark)] == mark:
            return kind, suffix
    mpeg = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06 != 0
    return ("audio/mpeg", "mp3") if mpeg else None
