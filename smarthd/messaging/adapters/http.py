"""An SMS gateway that speaks JSON over HTTPS: ``{"to", "text", "reference"}`` with a bearer token."""

from __future__ import annotations

from uuid import UUID

import httpx

from smarthd.messaging.ports import GatewayRefused, GatewayUnavailable, Receipt

TIMEOUT = httpx.Timeout(6.0, connect=3.0)
_TRY_AGAIN = frozenset({408, 425, 429})


class HttpGateway:
    """Posts one message; the reference travels as Idempotency-Key, so that a repeated try is not a repeated message."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._token = token

    def send(self, *, phone: str, text: str, reference: UUID) -> Receipt:
        """Post the message once."""
        try:
            answer = httpx.post(
                self._url,
                json={"to": phone, "text": text, "reference": str(reference)},
                headers={"Authorization": f"Bearer {self._token}", "Idempotency-Key": str(reference)},
                timeout=TIMEOUT,
            )
        except httpx.HTTPError as error:
            raise GatewayUnavailable(type(error).__name__) from None
        if answer.status_code >= 500 or answer.status_code in _TRY_AGAIN:
            raise GatewayUnavailable(f"HTTP {answer.status_code}")
        if not answer.is_success:
            raise GatewayRefused(f"HTTP {answer.status_code}")
        return Receipt(reference=_reference_in(answer))


def _reference_in(answer: httpx.Response) -> str:
    """Return the gateway's own name for the message; one that names none has still taken it."""
    try:
        body = answer.json()
    except ValueError:
        return ""
    return str(body.get("id", ""))[:100] if isinstance(body, dict) else ""
