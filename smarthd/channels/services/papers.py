"""The files of a bulletin: script, recording, poster; made when asked for, the recording kept."""

from __future__ import annotations

from datetime import datetime

from smarthd.channels.errors import BulletinUnknown
from smarthd.channels.papers import poster_pdf, script_docx
from smarthd.channels.rules.bulletins import Words
from smarthd.channels.services import speaking
from smarthd.kernel import clock


def made(words: Words, suffix: str, *, code: str, now: datetime) -> bytes:
    """Return a file: ``docx`` the radio script, ``mp3`` the recording, ``pdf`` the poster. Raises SpeechUnavailable."""
    if suffix == "docx":
        return script_docx.script_docx(words, code=code, made_at=now.astimezone(clock.ZONE))
    if suffix == "pdf":
        return poster_pdf.poster_pdf(words)
    if suffix == "mp3":
        return speaking.make_recording(words, now=now).read_bytes()
    raise BulletinUnknown
