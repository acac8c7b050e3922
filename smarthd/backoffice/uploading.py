"""Bodies announced larger than anything that is taken: let run by without a byte of their files being written anywhere."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile

MOST_UPLOAD_MB = 300
_BESIDE = 1 << 20
"""What a form's other fields may add."""


def is_too_heavy(announced: int) -> bool:
    """Say whether a body of so many bytes holds a file larger than any that is taken."""
    return announced > (MOST_UPLOAD_MB << 20) + _BESIDE


class Announced(FileUploadHandler):
    """Stands before Django's own handlers."""

    _skips = False

    def handle_raw_input(self, *told: Any, **_more: Any) -> None:
        """Look at how many bytes were announced; the page itself says why (``is_too_heavy``)."""
        self._skips = is_too_heavy(int(told[2]))

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file, or skip it."""
        super().new_file(*args, **kwargs)
        if self._skips:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, *_told: Any, **_more: Any) -> bytes:
        """Hand the bytes on to the next handler."""
        return raw_data

    def file_complete(self, *_told: Any, **_more: Any) -> None:
        """Leave the file to the next handler."""
        return
