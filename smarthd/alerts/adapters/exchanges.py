"""The exchange over NATS JetStream: one stream, a subject a cell, a durable consumer a cell, one message at a time and so in order.

The database, not the consumer, knows how far a cell has read: a consumer that went ahead of it (a database brought back from a backup) is
made anew. https://docs.nats.io/nats-concepts/jetstream
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Awaitable, Coroutine
from datetime import timedelta
from typing import Any, TypeVar

import nats
import nats.errors
import nats.js.errors
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, StreamConfig

from smarthd.alerts.ports import ExchangeLost, Received

STREAM, SUBJECTS = "CAP", "cap"
KEPT = timedelta(days=30)
TWICE_WITHIN = timedelta(hours=1)
MOST_BYTES = 2 * 1024**3
LARGEST = 950_000
PATIENCE_S = 5.0
_T = TypeVar("_T")
_LOST = (nats.errors.Error, OSError, TimeoutError)


class NatsExchange:
    """Blocking calls; the connection lives in a thread of its own, so that it answers the server while we think."""

    def __init__(self, url: str, *, ca: str = "", patience_s: float = PATIENCE_S) -> None:
        self._url, self._ca, self._patience_s = url, ca, patience_s
        self._cell = ""
        self._client: Any = None
        self._stream: Any = None
        self._reading: Any = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def open(self, cell: str) -> str:
        """Connect and make sure of the stream."""
        self._cell = cell
        return self._do(self._open())

    async def _open(self) -> str:
        trust = ssl.create_default_context(cafile=self._ca) if self._ca else None
        if self._client is not None:
            await self._client.close()
        self._client = await nats.connect(
            self._url,
            name=f"smarthd {self._cell}",
            tls=trust,
            allow_reconnect=False,
            connect_timeout=self._patience_s,
            ping_interval=20,
            error_cb=_quiet,
        )
        self._stream = self._client.jetstream(timeout=self._patience_s)
        try:
            found = await self._stream.stream_info(STREAM)
        except nats.js.errors.NotFoundError:
            found = await self._stream.add_stream(
                StreamConfig(
                    name=STREAM,
                    subjects=[f"{SUBJECTS}.*"],
                    max_age=KEPT.total_seconds(),
                    max_bytes=MOST_BYTES,
                    max_msg_size=LARGEST,
                    duplicate_window=TWICE_WITHIN.total_seconds(),
                )
            )
        return f"{STREAM} {found.created}"

    def follow(self, after: int) -> None:
        """Take the durable consumer up where it stands, or make it anew where that is ahead of ``after``."""
        self._do(self._follow(after))

    async def _follow(self, after: int) -> None:
        name = f"cell-{self._cell}"
        with contextlib.suppress(nats.js.errors.NotFoundError):
            known = await self._stream.consumer_info(STREAM, name)
            if known.ack_floor is None or known.ack_floor.stream_seq > after:
                await self._stream.delete_consumer(STREAM, name)
        wanted = ConsumerConfig(
            durable_name=name,
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=after + 1,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=30,
            max_ack_pending=1,
        )
        try:
            await self._stream.consumer_info(STREAM, name)
        except nats.js.errors.NotFoundError:
            await self._stream.add_consumer(STREAM, wanted)
        self._reading = await self._stream.pull_subscribe_bind(durable=name, stream=STREAM)

    def post(self, message_id: str, body: bytes) -> int:
        """Publish and wait until the stream holds it."""
        headers = {"Nats-Msg-Id": message_id}
        subject = f"{SUBJECTS}.{self._cell}"
        return int(
            self._do(self._stream.publish(subject, body, timeout=self._patience_s, stream=STREAM, headers=headers)).seq
        )

    def next(self, patience_s: float) -> Received | None:
        """Fetch one."""
        try:
            [message] = self._do(self._reading.fetch(1, timeout=patience_s), apart=(TimeoutError,))
        except TimeoutError:
            return None
        place = int(message.metadata.sequence.stream)
        return Received(place, message.subject.partition(".")[2], bytes(message.data), message)

    def done(self, received: Received) -> None:
        """Acknowledge, and wait for the server's word."""
        message: Any = received.receipt
        self._do(message.ack_sync(timeout=self._patience_s))

    def close(self) -> None:
        """Close the connection and end the thread; closing again does nothing."""
        if self._loop.is_closed():
            return
        if self._client is not None:
            with contextlib.suppress(ExchangeLost):
                self._do(self._client.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        if not self._thread.is_alive():
            self._loop.close()

    def _do(self, act: Coroutine[Any, Any, _T] | Awaitable[_T], *, apart: tuple[type[Exception], ...] = ()) -> _T:
        async def bounded() -> _T:
            return await asyncio.wait_for(act, self._patience_s * 2 + 5)

        try:
            return asyncio.run_coroutine_threadsafe(bounded(), self._loop).result()
        except _LOST as problem:
            if isinstance(problem, apart) and not self._client.is_closed:
                raise
            raise ExchangeLost(str(problem) or type(problem).__name__) from problem


async def _quiet(_problem: Exception) -> None:
    """Say nothing: every call raises what concerns it."""
