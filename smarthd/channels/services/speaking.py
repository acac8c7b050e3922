"""Words spoken once and kept: found by the hash of voice and words, made by a process of its own."""

from __future__ import annotations

import hashlib
import io
import logging
from datetime import datetime
from pathlib import Path

from smarthd.channels.adapters.espeak import EspeakSpeaker
from smarthd.channels.errors import SpeechUnavailable
from smarthd.channels.models import Speech
from smarthd.channels.ports import Speaker, VoiceUnavailable
from smarthd.channels.rules import saying, spoken
from smarthd.channels.rules.bulletins import Words
from smarthd.kernel import files

log = logging.getLogger(__name__)
LONGEST_MB = 30


def voice() -> Speaker:
    """Return this installation's voice."""
    return EspeakSpeaker()


def key_of(words: Words, speaker: Speaker) -> str:
    """Return by what a recording of these words is found."""
    said = spoken.read(saying.loudspeaker(words))
    return hashlib.sha256(f"{speaker.name}\n{said}".encode()).hexdigest()


def known_recording(words: Words) -> str:
    """Return the hash of the file of these words, or nothing where they have not been spoken."""
    found = Speech.objects.filter(words_sha256=key_of(words, voice())).values_list("sha256", flat=True).first()
    return found or ""


def make_recording(words: Words, *, now: datetime, speaker: Speaker | None = None) -> Path:
    """Return the recording of these words, spoken now if it is not in our keeping. Raises SpeechUnavailable."""
    speaker = speaker or voice()
    key = key_of(words, speaker)
    found = Speech.objects.filter(words_sha256=key).values_list("sha256", flat=True).first()
    if found and files.kept_path(found).exists():
        return files.kept_path(found)
    try:
        made = speaker.speak(spoken.read(saying.loudspeaker(words)))
    except VoiceUnavailable as fault:
        log.warning("no recording: %s", fault)
        raise SpeechUnavailable from None
    kept = files.keep(io.BytesIO(made.mp3), limit_mb=LONGEST_MB)
    Speech.objects.update_or_create(
        words_sha256=key,
        defaults={"sha256": kept.sha256, "size": kept.size, "milliseconds": made.milliseconds, "made_at": now},
    )
    return kept.path
