"""Zalo by a province's official account: a registered template to a telephone number (Zalo Notification Service).

``POST https://business.openapi.zalo.me/message/template`` with the header ``access_token`` and ``{"phone", "template_id", "template_data",
"tracking_id"}``; the answer is HTTP 200 with ``error`` 0 and ``data.msg_id``, or another ``error``. Source: developers.zalo.me, "ZNS API",
and its table of error codes; the template must be registered with the parameters ``tieu_de``, ``noi_dung``, ``lien_ket``.
"""

from __future__ import annotations

from typing import Any

import httpx

from smarthd.messaging.ports import GatewayRefused, GatewayUnavailable, Receipt, ZaloNotice

ADDRESS = "https://business.openapi.zalo.me/message/template"
TIMEOUT = httpx.Timeout(8.0, connect=3.0)

LATER = frozenset({-100, -115, -124, -126, -133, -137, -144, -147})
"""Unknown fault; no money, or the charge failed; token out of date; not at night; quota of the day used up: mended or later, it goes."""


class ZaloAccount:
    """Sends one template message. ``tracking_id`` carries our reference; Zalo does not promise to send a repeated one only once."""

    def __init__(self, token: str, template_id: str, *, url: str = ADDRESS) -> None:
        self._token, self._template_id, self._url = token, template_id, url

    def send(self, notice: ZaloNotice) -> Receipt:
        """Send the notice once."""
        try:
            answer = httpx.post(
                self._url,
                headers={"access_token": self._token},
                json={
                    "phone": notice.phone.removeprefix("+"),
                    "template_id": self._template_id,
                    "template_data": {"tieu_de": notice.title, "noi_dung": notice.body, "lien_ket": notice.url},
                    "tracking_id": notice.reference,
                },
                timeout=TIMEOUT,
            )
        except httpx.HTTPError as failure:
            raise GatewayUnavailable(type(failure).__name__) from None
        if not answer.is_success:
            raise GatewayUnavailable(f"HTTP {answer.status_code}")
        return _receipt(_said(answer))


def _said(answer: httpx.Response) -> dict[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        raise GatewayUnavailable("not JSON") from None
    if not isinstance(said, dict) or not isinstance(said.get("error"), int):
        raise GatewayUnavailable("no error code")
    return said


def _receipt(said: dict[str, Any]) -> Receipt:
    code = said["error"]
    if code in LATER:
        raise GatewayUnavailable(f"Zalo {code}")
    if code:
        raise GatewayRefused(f"Zalo {code}")
    told = said.get("data")
    return Receipt(reference=str(told.get("msg_id", ""))[:100] if isinstance(told, dict) else "")
