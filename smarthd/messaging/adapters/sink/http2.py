"""As much of HTTP/2 (RFC 9113, 7541) as a push service needs, quick enough to measure a sender with.

The server asks its clients for no dynamic header table (SETTINGS_HEADER_TABLE_SIZE 0); from the first block that obeys on, blocks are read
field by field without state. Before that ``hpack`` reads them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from hpack import Decoder
from hpack.huffman_table import decode_huffman
from hpack.table import HeaderTable

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0, 1, 3, 4, 6, 7, 8, 9
END_STREAM, ACK, END_HEADERS, PADDED, PRIORITY = 1, 1, 4, 8, 0x20
_WINDOW = 1 << 20
_REFILL = 1 << 19
_MOST_FRAME = 1 << 16

_STATIC = [(name.decode(), value.decode()) for name, value in HeaderTable.STATIC_TABLE]
_STATUS = {200: 8, 204: 9, 206: 10, 304: 11, 400: 12, 404: 13, 500: 14}

Answer = tuple[int, int]
"""Status, and seconds for Retry-After (0: none)."""
OnRequest = Callable[["Connection", int, dict[str, str], bytes], None]


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    """Return one frame."""
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


@lru_cache(maxsize=256)
def _block(status: int, retry_after_s: int) -> bytes:
    """Return a header block: indexed where the static table has the status, else a literal without indexing."""
    known = _STATUS.get(status)
    text = str(status).encode()
    block = bytes([0x80 | known]) if known else bytes([0x08, len(text)]) + text
    if retry_after_s:
        value = str(retry_after_s).encode()
        block += bytes([0x0F, 53 - 15, len(value)]) + value  # retry-after is 53 of the static table
    return block


@lru_cache(maxsize=200_000)
def _text(raw: bytes, coded: bool) -> str:  # noqa: FBT001 - the H bit of the string
    return (decode_huffman(raw) if coded else raw).decode("latin-1")


def _number(block: bytes, at: int, bits: int) -> tuple[int, int]:
    """Read an integer with a prefix of some bits (RFC 7541 section 5.1); return it and where it ends."""
    most = (1 << bits) - 1
    value = block[at] & most
    at += 1
    if value < most:
        return value, at
    shift = 0
    while True:
        byte = block[at]
        at += 1
        value += (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def _string(block: bytes, at: int) -> tuple[str, int]:
    coded = bool(block[at] & 0x80)
    length, at = _number(block, at, 7)
    return _text(block[at : at + length], coded), at + length


def read_fields(block: bytes) -> dict[str, str]:
    """Read a header block that uses no dynamic table."""
    fields: dict[str, str] = {}
    at, end = 0, len(block)
    while at < end:
        first = block[at]
        if first & 0x80:
            index, at = _number(block, at, 7)
            name, value = _STATIC[index - 1]
        elif first & 0xE0 == 0x20:
            _size, at = _number(block, at, 5)
            continue
        else:
            index, at = _number(block, at, 6 if first & 0x40 else 4)
            if index:
                name = _STATIC[index - 1][0]
            else:
                name, at = _string(block, at)
            value, at = _string(block, at)
        fields[name] = value
    return fields


if TYPE_CHECKING:
    _Stream = tuple[dict[str, str], bytearray]


class Connection(asyncio.Protocol):
    """One client. ``on_request`` is called with (connection, stream, fields, body) when a request is whole."""

    def __init__(self, on_request: OnRequest) -> None:
        self._on_request = on_request
        self._buffer = bytearray()
        self._streams: dict[int, _Stream] = {}
        self._greeted = self._stateless = False
        self._decoder = Decoder()
        self._block: tuple[int, int, bytearray] | None = None
        self._received = 0
        self._last = 0
        self._out: list[bytes] = []
        self._inside = False
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what create_server gives
        self.transport = transport
        settings = b"".join(
            key.to_bytes(2, "big") + value.to_bytes(4, "big") for key, value in ((1, 0), (3, 250), (4, _WINDOW))
        )
        grow = (0x7FFFFFFF - 65_535).to_bytes(4, "big")
        transport.write(frame(SETTINGS, 0, 0, settings) + frame(WINDOW_UPDATE, 0, 0, grow))

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        self._streams.clear()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._inside = True
        if not self._greeted:
            if len(self._buffer) < len(PREFACE):
                return
            if not self._buffer.startswith(PREFACE):
                self.drop()
                return
            del self._buffer[: len(PREFACE)]
            self._greeted = True
        self._read_frames()
        self._inside = False
        if self._out and self.transport is not None:
            self.transport.write(b"".join(self._out))
        self._out.clear()

    def _read_frames(self) -> None:
        held, at = bytes(self._buffer), 0
        while len(held) - at >= 9:
            length = int.from_bytes(held[at : at + 3], "big")
            if length > _MOST_FRAME:
                self.drop()
                return
            if len(held) - at < 9 + length:
                break
            kind, flags = held[at + 3], held[at + 4]
            stream = int.from_bytes(held[at + 5 : at + 9], "big") & 0x7FFFFFFF
            self._read(kind, flags, stream, held[at + 9 : at + 9 + length])
            at += 9 + length
        del self._buffer[:at]

    def _read(self, kind: int, flags: int, stream: int, payload: bytes) -> None:
        if kind == HEADERS:
            if flags & PADDED:
                payload = payload[1 : len(payload) - payload[0]]
            if flags & PRIORITY:
                payload = payload[5:]
            if flags & END_HEADERS:
                self._headers(stream, flags, payload)
            else:
                self._block = (stream, flags, bytearray(payload))
        elif kind == DATA:
            self._data(stream, flags, payload)
        elif kind == CONTINUATION and self._block is not None:
            self._block[2].extend(payload)
            if flags & END_HEADERS:
                begun, first, block = self._block
                self._block = None
                self._headers(begun, first, bytes(block))
        elif kind == SETTINGS and not flags & ACK:
            self._send(frame(SETTINGS, ACK, 0))
        elif kind == PING and not flags & ACK:
            self._send(frame(PING, ACK, 0, payload))
        elif kind == RST_STREAM:
            self._streams.pop(stream, None)

    def _headers(self, stream: int, flags: int, block: bytes) -> None:
        self._stateless = self._stateless or block[:1] == b"\x20"
        if self._stateless:
            fields = read_fields(block)
        else:
            fields = {str(name): str(value) for name, value in self._decoder.decode(block)}
        self._last = max(self._last, stream)
        if flags & END_STREAM:
            self._on_request(self, stream, fields, b"")
        else:
            self._streams[stream] = (fields, bytearray())

    def _data(self, stream: int, flags: int, payload: bytes) -> None:
        self._received += len(payload)
        if self._received >= _REFILL:
            self._send(frame(WINDOW_UPDATE, 0, 0, self._received.to_bytes(4, "big")))
            self._received = 0
        if flags & PADDED:
            payload = payload[1 : len(payload) - payload[0]]
        held = self._streams.get(stream)
        if held is None:
            return
        held[1].extend(payload)
        if flags & END_STREAM:
            del self._streams[stream]
            self._on_request(self, stream, held[0], bytes(held[1]))

    def answer(self, stream: int, status: int, *, retry_after_s: int = 0, body: bytes = b"") -> None:
        """Answer a request."""
        self._send(frame(HEADERS, END_HEADERS | (0 if body else END_STREAM), stream, _block(status, retry_after_s)))
        if body:
            self._send(frame(DATA, END_STREAM, stream, body))

    def go_away(self) -> None:
        """Say that requests after the last begun are not done, and hang up (RFC 9113 section 6.8)."""
        self._send(frame(GOAWAY, 0, 0, max(self._last - 2, 0).to_bytes(4, "big") + bytes(4)))
        if self.transport is not None:
            asyncio.get_running_loop().call_later(0.05, self.drop)

    def drop(self) -> None:
        """Hang up."""
        if self.transport is not None:
            self.transport.close()

    def abort(self) -> None:
        """Hang up without a farewell."""
        if self.transport is not None:
            self.transport.abort()

    def _send(self, raw: bytes) -> None:
        if self._inside:
            self._out.append(raw)
        elif self.transport is not None:
            self.transport.write(raw)
