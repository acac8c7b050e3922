"""Run on its own (never imported): words from standard input to MP3 on standard output, after four bytes of milliseconds.

espeak-ng is GPL and LAME LGPL: both are loaded here alone, in a process that shares nothing with the application but two pipes.
Ends with 3 where the optional extra ``speech`` is not installed, with 4 where the words could not be read.
"""

from __future__ import annotations

import ctypes
import sys

RATE, SPEED, PITCH, GAP = 22_050, 145, 45, 2
KBIT = 48


def main() -> int:
    """Speak what comes in."""
    try:
        import espeakng_loader
        import lameenc
    except ImportError:
        return 3
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    if library.espeak_Initialize(2, 0, espeakng_loader.get_data_path().encode(), 0) != RATE:
        return 4
    if library.espeak_SetVoiceByName(b"vi") != 0:
        return 4
    wave = _synthesised(library, sys.stdin.buffer.read())
    if not wave:
        return 4
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_bit_rate(KBIT)
    encoder.set_in_sample_rate(RATE)
    encoder.set_channels(1)
    encoder.set_quality(5)
    sound = bytes(encoder.encode(bytes(wave))) + bytes(encoder.flush())
    sys.stdout.buffer.write((len(wave) * 1000 // (2 * RATE)).to_bytes(4, "big") + sound)
    return 0


def _synthesised(library: ctypes.CDLL, text: bytes) -> bytearray:
    wave = bytearray()
    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)

    def take(samples: object, count: int, _events: object) -> int:
        if samples and count:
            wave.extend(ctypes.string_at(samples, count * 2))  # type: ignore[arg-type]
        return 0

    callback = kind(take)
    library.espeak_SetSynthCallback(callback)
    for parameter, value in ((1, SPEED), (3, PITCH), (7, GAP)):
        library.espeak_SetParameter(parameter, value, 0)
    held = text + b"\0"
    library.espeak_Synth(held, len(held), 0, 1, 0, 1, None, None)
    library.espeak_Synchronize()
    return wave


if __name__ == "__main__":
    sys.exit(main())
