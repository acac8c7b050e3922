from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from smarthd.content.tests import make
from smarthd.kernel import pictures


def reencoded(raw: bytes) -> tuple[Image.Image, str]:
    encoded, suffix = pictures.reencode(io.BytesIO(raw))
    return Image.open(io.BytesIO(encoded)), suffix


def png_bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


def test_metadata_of_the_telephone_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Máy ảnh"
    exif.get_ifd(0x8825)[1] = "N"
    picture, suffix = reencoded(make.picture_bytes("JPEG", exif=exif.tobytes(), comment=b"bi mat"))
    assert suffix == ".jpg"
    assert dict(picture.getexif()) == {}
    assert not {"exif", "comment", "icc_profile", "xmp"} & set(picture.info)


def test_a_picture_taken_sideways_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture, _ = reencoded(make.picture_bytes("JPEG", size=(640, 480), exif=exif.tobytes()))
    assert picture.size == (480, 640)


def test_a_large_picture_is_made_as_large_as_pages_show_it() -> None:
    picture, _ = reencoded(make.picture_bytes("JPEG", size=(4000, 3000)))
    assert picture.size == (2560, 1920)


def test_transparency_is_kept_as_png() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    picture, suffix = reencoded(out.getvalue())
    assert (suffix, picture.mode) == (".png", "RGBA")


def test_webp_is_taken() -> None:
    assert reencoded(make.picture_bytes("WEBP"))[1] == ".jpg"


def test_what_follows_the_picture_is_dropped() -> None:
    encoded, _ = pictures.reencode(io.BytesIO(make.picture_bytes() + b"PK\x03\x04<script>"))
    assert b"<script>" not in encoded


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"khong phai anh",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        make.picture_bytes("GIF"),
        make.picture_bytes("BMP"),
        make.picture_bytes("TIFF"),
        make.picture_bytes()[:400],
        png_bomb(100, 100)[:-30],
        b"%PDF-1.7",
    ],
)
def test_other_files_are_refused(raw: bytes) -> None:
    with pytest.raises(pictures.NotAPicture):
        pictures.reencode(io.BytesIO(raw))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(pictures.PictureTooLarge):
        pictures.reencode(io.BytesIO(png_bomb(60_000, 60_000)))


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(pictures.PictureTooLarge):
        pictures.reencode(io.BytesIO(b"\xff\xd8" + bytes(pictures.MAX_BYTES)))
