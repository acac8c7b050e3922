"""From a public message and a phone to a request: words in the phone's language, sealed for it, signed for its push service."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from smarthd.kernel import clock
from smarthd.messaging import rules
from smarthd.messaging.adapters.webpush import sealing
from smarthd.messaging.adapters.webpush.tokens import Tokens
from smarthd.messaging.services import vapid
from smarthd.messaging.services.ledger import Phone

SALT = 16


class Signers:
    """The tokens of every key phones were subscribed with."""

    def __init__(self) -> None:
        self._tokens: dict[str, Tokens] = {}

    def header(self, origin: str, key_id: str, *, now: datetime) -> str:
        """Return Authorization for an origin, by the key a phone names, or the one in force when that is not known."""
        if key_id not in self._tokens:
            key = vapid.by_id(key_id) or vapid.current(now=now)
            contact = settings.PUSH_CONTACT or settings.ORIGIN
            self._tokens[key_id] = Tokens(key.private, key.public, contact=contact)
        return self._tokens[key_id].header(origin, now=clock.world_now())


class Writer:
    """Writes one message to many phones of one push service."""

    def __init__(
        self,
        payloads: Mapping[str, Mapping[str, Any]],
        *,
        message_id: str,
        origin: str,
        lane: rules.Lane,
        expires_at: datetime,
        signers: Signers,
    ) -> None:
        self._payloads, self._id = payloads, message_id
        self._origin, self._lane, self._expires_at, self._signers = origin, lane, expires_at, signers
        self._salts, self._salted = b"", 0
        self._plain: dict[str, bytes] = {}
        self._headers: dict[tuple[str, str], list[str]] = {}

    @classmethod
    def of(
        cls, payloads: str, *, key: str, origin: str, lane: rules.Lane, expires_at: datetime, signers: Signers
    ) -> Writer:
        """Return the writer of a fan-out's chunk; ``payloads`` is JSON."""
        message_id = hashlib.sha256(key.encode()).hexdigest()[:16]
        said = json.loads(payloads)
        return cls(said, message_id=message_id, origin=origin, lane=lane, expires_at=expires_at, signers=signers)

    def body(self, phone: Phone, prepared: bytes | None) -> bytes:
        """Return the sealed words; without a prepared key one is made now."""
        return sealing.seal(
            self._words(phone.language),
            prepared=prepared or sealing.prepare(phone.p256dh, phone.auth),
            salt=self._salt(),
        )

    def headers(self, phone: Phone, *, now: datetime) -> list[str]:
        """Return the headers; the same list for all phones of one language and key."""
        known = (self._language(phone.language), phone.vapid_key)
        if known not in self._headers:
            payload = self._payloads[known[0]]
            urgency = rules.Urgency.HIGH if self._lane is rules.Lane.LIFE else payload["urgency"]
            self._headers[known] = [
                f"TTL: {rules.ttl_s(expires_at=self._expires_at, now=now)}",
                f"Urgency: {urgency}",
                f"Topic: {rules.topic_header(payload['tag'])}",
                f"Authorization: {self._signers.header(self._origin, phone.vapid_key, now=now)}",
                "Content-Encoding: aes128gcm",
                "Content-Type: application/octet-stream",
                "Expect:",
            ]
        return self._headers[known]

    def _salt(self) -> bytes:
        """Return sixteen random bytes; the system is asked for many at a time."""
        if len(self._salts) - self._salted < SALT:
            self._salts, self._salted = os.urandom(SALT * 256), 0
        self._salted += SALT
        return self._salts[self._salted - SALT : self._salted]

    def _language(self, language: str) -> str:
        return language if language in self._payloads else "vi"

    def _words(self, language: str) -> bytes:
        spoken = self._language(language)
        if spoken not in self._plain:
            payload = self._payloads[spoken]
            self._plain[spoken] = rules.payload_json(
                title=payload["title"],
                body=payload["body"],
                url=f"{settings.ORIGIN}{payload['href']}",
                tag=payload["tag"],
                language=spoken,
                message_id=self._id,
                stays=self._lane is rules.Lane.LIFE,
            )
        return self._plain[spoken]
