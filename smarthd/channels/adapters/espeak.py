"""The voice of espeak-ng, spoken by a process of its own (``espeak_process.py`` says why)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from smarthd.channels.ports import Recording, VoiceUnavailable

TIMEOUT_S = 60
_PROCESS = Path(__file__).with_name("espeak_process.py")
_FAULTS = {3: "the extra “speech” is not installed", 4: "the voice could not read the words"}


class EspeakSpeaker:
    """Speaks Vietnamese plainly and at once; a better voice takes its place behind the same port."""

    name = "espeak-ng-vi-1"

    def speak(self, text: str) -> Recording:
        """Return the recording of words already spelled out."""
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(_PROCESS)],
                input=text.encode(),
                capture_output=True,
                timeout=TIMEOUT_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as fault:
            raise VoiceUnavailable(type(fault).__name__) from None
        if done.returncode != 0 or len(done.stdout) < 100:
            raise VoiceUnavailable(_FAULTS.get(done.returncode, f"ended with {done.returncode}"))
        return Recording(mp3=done.stdout[4:], milliseconds=int.from_bytes(done.stdout[:4], "big"))
