"""The words of a push as a phone reads them: Declarative Web Push, which older browsers' service workers read as well.

Source: W3C Push API, Editor's Draft, "Declarative push message".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

MOST_BYTES = 3000
"""Of the JSON: push services promise 4,096 bytes of the sealed body (RFC 8030 section 7.2), some phones less."""


def payload_json(*, title: str, body: str, url: str, tag: str, language: str, message_id: str, stays: bool) -> bytes:
    """Return the plaintext of a push. ``url`` is absolute; ``message_id`` lets a phone know a message it has shown; a long body is cut.

    ``stays``: the notification does not go away by itself.
    """
    notification: dict[str, Any] = {
        "title": title,
        "body": body,
        "navigate": url,
        "lang": language,
        "tag": tag,
        "data": {"id": message_id, "href": url},
    }
    if stays:
        notification["requireInteraction"] = True
    while len(said := _written(notification)) > MOST_BYTES:
        over = len(said) - MOST_BYTES
        kept = notification["body"].rstrip("…")
        if not kept:
            notification["title"] = notification["title"][: -max(1, over // 4)]
            continue
        notification["body"] = kept[: -max(1, over // 4)].rstrip() + "…"
    return said


_MANY = {"vi": ("Có {many} thông báo mới", "…"), "en": ("{many} new messages", "…")}
SHOWN = 4
INBOX = "/toi/hop-thu/"


def digest(items: Sequence[tuple[str, str, str, str]]) -> dict[str, dict[str, str]]:
    """Return the payloads, by language, of inbox items (title, body, href, uid): one speaks for itself, more are one list.

    Items are in Vietnamese whatever the phone's language; only the head of a list is translated.
    """
    title, body, _href, uid = items[-1]
    if len(items) == 1:
        one = {"title": title, "body": body, "href": INBOX, "tag": uid, "urgency": "normal"}
        return {"vi": one}
    lines = "\n".join(f"• {said}" for said, *_ in items[-1 : -1 - SHOWN : -1])
    return {
        language: {
            "title": head.format(many=len(items)),
            "body": lines + (f"\n{more}" if len(items) > SHOWN else ""),
            "href": INBOX,
            "tag": uid,
            "urgency": "normal",
        }
        for language, (head, more) in _MANY.items()
    }


def _written(notification: dict[str, Any]) -> bytes:
    return json.dumps(
        {"web_push": 8030, "notification": notification}, ensure_ascii=False, separators=(",", ":")
    ).encode()
