"""A commune's cluster of loudspeakers, played by this program: for the demonstration, for tests, for a commune that tries the link.

It behaves as a real one must: the same job again is answered and not played twice, a job that replaces another stops it, nothing is played
outside its window. It can be told to fail, to refuse, to be silent.
"""

from __future__ import annotations

import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from smarthd.kernel import clock

LARGEST = 256 * 1024
Say = Callable[[str], None]


@dataclass
class Cluster:
    """What the cluster has, has played, and how it misbehaves. ``fails`` is why nothing can be played; empty when it can."""

    name: str
    fails: str = ""
    refuses: bool = False
    silent: bool = False
    say: Say = lambda _words: None
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    played: list[tuple[str, int]] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def take(self, job: dict[str, Any]) -> dict[str, Any]:
        """Take a job and return the word about it; one that is there already is only told again."""
        key, turn = str(job["key"]), int(job["round"])
        with self.lock:
            known = self.states.get(key)
            if known is not None and known["round"] >= turn:
                return known
            if (replaced := str(job.get("replaces") or "")) in self.jobs:
                self.jobs.pop(replaced)
                self.states[replaced] = {**self.states[replaced], "state": "failed", "said": "đã có tin thay"}
            self.jobs[key] = job
            self.states[key] = {
                "key": key,
                "round": turn,
                "state": "taken",
                "said": "",
                "reference": f"{self.name}-{key[:8]}-{turn}",
            }
            return self.states[key]

    def play_due(self, now: datetime) -> list[dict[str, Any]]:
        """Play what may be played now, the urgent first; return the words about it."""
        order = {"urgent": 0, "priority": 1}
        said = []
        with self.lock:
            for key, job in sorted(self.jobs.items(), key=lambda one: order.get(str(one[1].get("priority")), 2)):
                if datetime.fromisoformat(job["not_before"]) > now:
                    continue
                late = datetime.fromisoformat(job["not_after"]) <= now
                fault = "quá giờ phát" if late else self.fails
                if not fault:
                    self.played.append((key, int(job["round"])))
                    self.say(f"[loa {self.name}] {job['title']} (phát {job['repeats']} lần)\n{job['text']}")
                spoken = fault or f"phát {job['repeats']} lần"
                self.states[key] = {**self.states[key], "state": "failed" if fault else "played", "said": spoken}
                said.append(self.states[key])
            for word in said:
                self.jobs.pop(word["key"])
        return said


@contextmanager
def over_http(cluster: Cluster, *, port: int = 0, token: str = "") -> Iterator[str]:
    """Serve a cluster on loopback while the block lasts; yield its address."""

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            if not self._may():
                return
            size = int(self.headers.get("Content-Length") or 0)
            if cluster.refuses or size > LARGEST:
                self._answer(422, {"said": "không nhận"})
                return
            if cluster.silent:
                self._answer(503, {})
                return
            try:
                word = cluster.take(json.loads(self.rfile.read(size)))
            except (ValueError, KeyError, TypeError):
                self._answer(400, {"said": "không đọc được"})
                return
            self._answer(202, word)

        def do_GET(self) -> None:
            if not self._may():
                return
            word = cluster.states.get(self.path.rpartition("/")[2])
            self._answer(200 if word else 404, word or {})

        def _may(self) -> bool:
            given = self.headers.get("Authorization", "")
            if token and not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
                self._answer(401, {})
                return False
            return True

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            raw = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", port), Desk) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/{cluster.name}"
        finally:
            server.shutdown()


@contextmanager
def over_mqtt(cluster: Cluster, address: str, *, secret: str = "") -> Iterator[Callable[[list[dict[str, Any]]], None]]:
    """Join a broker as a cluster while the block lasts; yield what tells the broker of words said."""
    from paho.mqtt import client as mqtt
    from paho.mqtt.enums import CallbackAPIVersion

    parts = urlsplit(address)
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"loa-{cluster.name}", clean_session=False)
    user, _mark, password = secret.partition(":")
    if user:
        client.username_pw_set(user, password)
    if parts.scheme == "mqtts":
        client.tls_set()
    joined = threading.Event()

    def tell(words: list[dict[str, Any]]) -> None:
        for word in words:
            client.publish(f"loa/{cluster.name}/bao/{word['key']}", json.dumps(word), qos=1, retain=True)

    def told(_client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        if cluster.silent or cluster.refuses:
            return
        try:
            tell([cluster.take(json.loads(message.payload))])
        except (ValueError, KeyError, TypeError):
            cluster.say(f"[loa {cluster.name}] một tin không đọc được")

    def connected(*_told: object) -> None:
        client.subscribe(f"loa/{cluster.name}/viec", qos=1)

    client.on_connect = connected
    client.on_subscribe = lambda *_told: joined.set()
    client.on_message = told
    client.connect(parts.hostname or "", parts.port or (8883 if parts.scheme == "mqtts" else 1883), keepalive=30)
    client.loop_start()
    try:
        if not joined.wait(5):
            msg = f"không vào được {parts.hostname}"
            raise OSError(msg)
        yield tell
    finally:
        client.disconnect()
        client.loop_stop()


def play_on(
    cluster: Cluster, tell: Callable[[list[dict[str, Any]]], None], *, stop: threading.Event, every_s: float = 0.2
) -> None:
    """Play what is due again and again until told to stop."""
    while not stop.wait(every_s):
        if words := cluster.play_due(clock.now()):
            tell(words)
