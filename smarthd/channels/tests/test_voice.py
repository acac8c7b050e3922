"""The voice: a process of its own, MP3 out, the same words one file; a house without it sends text."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from smarthd.channels.adapters import espeak
from smarthd.channels.adapters.espeak import EspeakSpeaker
from smarthd.channels.adapters.fake import FakeSpeaker
from smarthd.channels.errors import SpeechUnavailable
from smarthd.channels.models import Speech
from smarthd.channels.ports import VoiceUnavailable
from smarthd.channels.selectors.wording import words_of
from smarthd.channels.services import speaking
from smarthd.channels.tests import make
from smarthd.kernel.sounds import sound_of


@pytest.mark.parametrize("speaker", [EspeakSpeaker(), FakeSpeaker()], ids=["espeak", "fake"])
def test_words_become_mp3_that_is_longer_for_longer_words(speaker):
    made = speaker.speak("Gió cấp tám đến cấp chín, giật cấp mười một.")
    assert sound_of(made.mp3[:64]) == ("audio/mpeg", "mp3")
    assert made.milliseconds >= 1000
    assert len(speaker.speak("Mưa. " * 20).mp3) > len(speaker.speak("Mưa.").mp3)


def test_the_voice_is_never_loaded_into_our_own_process():
    EspeakSpeaker().speak("Thử giọng đọc.")
    assert not {"espeakng_loader", "lameenc"} & set(sys.modules)


def test_a_house_without_the_extra_says_so(monkeypatch, tmp_path):
    bare = tmp_path / "bare.py"
    bare.write_text("raise SystemExit(3)")
    monkeypatch.setattr(espeak, "_PROCESS", Path(bare))
    with pytest.raises(VoiceUnavailable, match="speech"):
        EspeakSpeaker().speak("Thử.")


@pytest.mark.django_db
def test_the_same_words_are_spoken_once(land, voice):
    said = words_of(make.taken())
    first, again = speaking.make_recording(said, now=make.NOW), speaking.make_recording(said, now=make.NOW)
    assert first == again
    assert len(voice.spoken) == Speech.objects.count() == 1
    first.unlink()  # lost: spoken again
    assert speaking.make_recording(said, now=make.NOW).exists()
    voice.missing = True
    with pytest.raises(SpeechUnavailable):
        speaking.make_recording(words_of(make.taken(title="Khác")), now=make.NOW)
