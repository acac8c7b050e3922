"""A cluster of loudspeakers behind MQTT 3.1.1: ``mqtts://host:8883/<cluster>``.

We publish a job at QoS 1 to ``loa/<cluster>/viec``; the cluster answers to ``loa/<cluster>/bao/<key>``, retained, with ``{"key", "round",
"state", "said"}``: "taken" at once, later "played" or "failed". Being retained, a word is heard however late we ask, by whichever process;
once heard we clear it. The broker's access list must let a cluster write below its own name alone.
"""

from __future__ import annotations

import json
import queue
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from smarthd.channels.ports import Job, Loudspeaker, OutletUnavailable, Taken, Word

CONNECT_S, TAKEN_S, QUIET_S = 5.0, 6.0, 0.6
LARGEST = 64 * 1024


class MqttLoudspeaker(Loudspeaker):
    """Visits the broker for one act; the secret is ``user:password`` where the broker asks for one."""

    def __init__(self, address: str, secret: str = "", *, taken_s: float = TAKEN_S, quiet_s: float = QUIET_S) -> None:
        parts = urlsplit(address)
        self._tls = parts.scheme == "mqtts"
        self._host, self._port = parts.hostname or "", parts.port or (8883 if self._tls else 1883)
        self._cluster = parts.path.strip("/")
        self._user, _mark, self._password = secret.partition(":")
        self._taken_s, self._quiet_s = taken_s, quiet_s

    def play(self, job: Job) -> Taken:
        """Publish the job and wait until the cluster says that it has it. Heard by the broker alone is not taken: it is tried again."""
        with self._visit(f"bao/{job.key}") as (client, heard):
            client.publish(f"loa/{self._cluster}/viec", json.dumps(job.as_json(), ensure_ascii=False), qos=1)
            for word in _within(heard, self._taken_s):
                if word.get("key") == job.key and word.get("round") == job.round:
                    return Taken(str(word.get("reference", ""))[:190], received=word.get("state") == "played")
        raise OutletUnavailable("cụm loa không trả lời")

    def words(self, keys: Sequence[str]) -> list[Word]:
        """Return what the cluster has said of these jobs, and clear it at the broker."""
        said: dict[str, Word] = {}
        with self._visit("bao/+") as (client, heard):
            for word in _within(heard, self._quiet_s, again=True):
                if word.get("key") in keys and word.get("state") in {"played", "failed"}:
                    key = str(word["key"])
                    said[key] = Word(key, played=word["state"] == "played", said=str(word.get("said", ""))[:200])
                if len(said) == len(keys):
                    break
            for key in said:
                client.publish(f"loa/{self._cluster}/bao/{key}", b"", qos=1, retain=True).wait_for_publish(CONNECT_S)
        return list(said.values())

    @contextmanager
    def _visit(self, topic: str) -> Iterator[tuple[mqtt.Client, queue.Queue[dict[str, Any]]]]:
        heard: queue.Queue[dict[str, Any]] = queue.Queue()
        ready: queue.Queue[str] = queue.Queue()
        client = mqtt.Client(CallbackAPIVersion.VERSION2)
        if self._user:
            client.username_pw_set(self._user, self._password)
        if self._tls:
            client.tls_set_context(ssl.create_default_context())
        client.connect_timeout = CONNECT_S

        def connected(_client: mqtt.Client, _data: object, _flags: object, reason: Any, _properties: object) -> None:
            if reason.is_failure:
                ready.put(str(reason))
            else:
                client.subscribe(f"loa/{self._cluster}/{topic}", qos=1)

        def subscribed(*_told: object) -> None:
            ready.put("")

        def told(_client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
            if (word := _read(bytes(message.payload))) is not None:
                heard.put(word)

        client.on_connect, client.on_subscribe, client.on_message = connected, subscribed, told
        try:
            client.connect(self._host, self._port, keepalive=30)
            client.loop_start()
            fault = ready.get(timeout=CONNECT_S)
        except (OSError, queue.Empty, ValueError) as failure:
            client.loop_stop()
            raise OutletUnavailable(type(failure).__name__) from None
        try:
            if fault:
                raise OutletUnavailable(fault)
            yield client, heard
        finally:
            client.disconnect()
            client.loop_stop()


def _read(payload: bytes) -> dict[str, Any] | None:
    """Return what a cluster said, or None for what is no word of a cluster."""
    if len(payload) > LARGEST:
        return None
    try:
        word = json.loads(payload)
    except ValueError:
        return None
    return word if isinstance(word, dict) else None


def _within(heard: queue.Queue[dict[str, Any]], seconds: float, *, again: bool = False) -> Iterator[dict[str, Any]]:
    """Yield what is heard until so many seconds have passed, or with ``again`` have passed since the last word."""
    ends = time.monotonic() + seconds
    while (left := ends - time.monotonic()) > 0:
        try:
            word = heard.get(timeout=left)
        except queue.Empty:
            return
        if again:
            ends = time.monotonic() + seconds
        yield word
