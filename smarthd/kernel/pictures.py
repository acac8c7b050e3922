"""Pictures from outside: looked at, refused by name, and encoded anew.

What is kept is our own encoding of the pixels: no EXIF (where and when, which telephone), no colour profile, no trailing
archive, no second frame.
"""

from __future__ import annotations

import io
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

from smarthd.kernel.errors import Invalid

MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = 50_000_000  # a 50-megapixel camera; a bomb of 1 GB when unpacked is far above
MAX_EDGE = 2560  # pixels kept: twice the widest place a notice shows a picture
FORMATS = ("JPEG", "PNG", "WEBP")


class PictureTooLarge(Invalid):
    """The file has too many bytes or too many pixels."""


class NotAPicture(Invalid):
    """The file is no JPEG, PNG or WebP picture, or it is broken."""


def reencode(source: IO[bytes]) -> tuple[bytes, str]:
    """Return our own encoding of a picture and its suffix (``.jpg``, or ``.png`` where parts are transparent).

    Raises PictureTooLarge before anything is unpacked, NotAPicture for every other kind of file.
    """
    raw = source.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise PictureTooLarge(bytes=MAX_BYTES)
    try:
        picture = Image.open(io.BytesIO(raw), formats=FORMATS)
        if picture.width * picture.height > MAX_PIXELS:
            raise PictureTooLarge(pixels=MAX_PIXELS)
        picture.load()
        upright = ImageOps.exif_transpose(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureTooLarge(pixels=MAX_PIXELS) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise NotAPicture from None
    transparent = upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info
    pixels = upright.convert("RGBA" if transparent else "RGB")
    pixels.thumbnail((MAX_EDGE, MAX_EDGE), Image.Resampling.LANCZOS)
    bare = Image.frombytes(pixels.mode, pixels.size, pixels.tobytes())  # pixels and nothing else
    out = io.BytesIO()
    if transparent:
        bare.save(out, "PNG", optimize=True)
        return out.getvalue(), ".png"
    bare.save(out, "JPEG", quality=88, optimize=True, progressive=True)
    return out.getvalue(), ".jpg"
