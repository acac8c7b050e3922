"""Text in another encoding than UTF-8, recoded onto disk a line at a time, so that it is read as UTF-8 is: by lines, however large."""

from __future__ import annotations

import codecs
import io
import tempfile
import unicodedata
from typing import BinaryIO, cast

from smarthd.agencies.rules import encodings
from smarthd.agencies.rules.encodings import Encoding

_IN_MEMORY = 4 << 20
_HEAD = 20_000
_MARKS = {codecs.BOM_UTF16_LE: Encoding.UTF_16_LE, codecs.BOM_UTF16_BE: Encoding.UTF_16_BE}
_FONTS = {Encoding.TCVN3, Encoding.VNI}


def recoded(stream: BinaryIO, *, declared: Encoding | None, is_utf8: bool) -> tuple[BinaryIO, Encoding]:
    """Return a stream of a file's text in UTF-8, NFC, and the encoding it was in: by its mark, else the one declared, never guessed.

    ``is_utf8``: its bytes are sound UTF-8, so a declared font's letters lie in it as Unicode's. Raises EncodingUnclear, NotInEncoding.
    """
    stream.seek(0)
    head = stream.read(_HEAD)
    marked = _MARKS.get(head[:2])
    encoding = marked or declared
    if encoding is None:
        raise encodings.EncodingUnclear(samples=encodings.samples(head))
    stream.seek(2 if marked else 0)
    found = cast("BinaryIO", tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115 - goes with its lines
    text = io.TextIOWrapper(stream, encoding=_codec(encoding, is_utf8=is_utf8), errors="strict")
    try:
        for line in text:
            plain = encodings.from_legacy(line, encoding) if encoding in _FONTS else unicodedata.normalize("NFC", line)
            found.write(plain.encode())
    except UnicodeDecodeError as error:
        found.close()
        raise encodings.NotInEncoding(encoding=encoding.value, position=error.start) from None
    finally:
        text.detach()
    return found, encoding


def _codec(encoding: Encoding, *, is_utf8: bool) -> str:
    if is_utf8:
        return "utf-8-sig"
    return {Encoding.WINDOWS_1258: "cp1258", Encoding.TCVN3: "latin-1", Encoding.VNI: "latin-1"}.get(
        encoding, encoding.value
    )
