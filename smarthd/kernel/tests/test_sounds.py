"""Recordings are known by their first bytes, and nothing else is one."""

from __future__ import annotations

import pytest

from smarthd.kernel import sounds


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"ID3\x04\x00", "audio/mpeg"),
        (b"\xff\xfb\x90\x00", "audio/mpeg"),
        (b"OggS\x00\x02", "audio/ogg"),
        (b"\x00\x00\x00\x20ftypM4A ", "audio/mp4"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"#!AMR\n", "audio/amr"),
        (b"\x1a\x45\xdf\xa3", "audio/webm"),
    ],
)
def test_a_recording_is_known_by_its_first_bytes(head, kind):
    assert (sounds.sound_of(head) or ("", ""))[0] == kind


@pytest.mark.parametrize(
    "head", [b"", b"\xff\xd8\xff\xe0", b"%PDF-1.7", b"MZ\x90\x00", b"<html>", b"RIFF\x24\x00\x00\x00WEBP"]
)
def test_nothing_else_is_a_recording(head):
    assert sounds.sound_of(head) is None
