"""Zalo Official Account: an article made (``article/create``), found again by its token (``article/verify``).

Zalo answers 200 whatever happens; ``error`` in the body tells (developers.zalo.me, Official Account API, articles). Access tokens live
about a day and are renewed outside this program: an expired one is a matter of settings, so a try later may succeed.
"""

from __future__ import annotations

from typing import Any

from smarthd.channels.adapters import answers
from smarthd.channels.ports import OutletRefused, OutletUnavailable, Taken
from smarthd.channels.rules.saying import Post

BASE = "https://openapi.zalo.me/v2.0"
_PASSES = frozenset({-32, -216, -124, -500, -503, -1})
"""Rate limit, invalid or expired token, and faults of Zalo's own: another try may succeed."""


class ZaloPage:
    """Publishes articles of one account."""

    def __init__(self, token: str, base: str = BASE) -> None:
        self._token, self._base = token, base

    def publish(self, post: Post, *, key: str) -> Taken:
        """Publish one article; the id is its reference where Zalo has made it already, else its token."""
        made = self._ask(
            "article/create",
            {
                "type": "normal",
                "title": post.title,
                "author": "Smart-HaiDuong",
                "cover": {"status": "hide"},
                "description": post.summary,
                "status": "show",
                "comment": "hide",
                "body": [{"type": "text", "content": part} for part in post.text.split("\n\n")]
                + ([{"type": "text", "content": f"Xem thêm: {post.link}"}] if post.link else []),
                "tracking_link": key,
            },
        )
        token = str(made.get("token", ""))[:190]
        if not token:
            raise OutletRefused("không có mã bài trong câu trả lời")
        try:
            article = str(self._ask("article/verify", {"token": token}).get("id", ""))
        except (OutletUnavailable, OutletRefused):
            article = ""  # it was taken; its id is only nice to have
        return Taken(article[:190] or token)

    def _ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = answers.check(
            answers.asked("POST", f"{self._base}/{path}", json=body, headers={"access_token": self._token})
        )
        code = answer.get("error")
        if code == 0:
            data = answer.get("data")
            return data if isinstance(data, dict) else {}
        said = f"Zalo {code} {str(answer.get('message', ''))[:120]}".strip()
        raise OutletUnavailable(said) if code in _PASSES or code is None else OutletRefused(said)
