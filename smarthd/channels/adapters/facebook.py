"""A Facebook page by the Graph API: ``POST /{page}/feed`` (developers.facebook.com, Pages API). Errors carry a code and whether they pass."""

from __future__ import annotations

from smarthd.channels.adapters import answers
from smarthd.channels.ports import OutletRefused, OutletUnavailable, Taken
from smarthd.channels.rules.saying import Post

BASE = "https://graph.facebook.com/v23.0"
_PASSES = frozenset({1, 2, 4, 17, 32, 341, 368, 613, 190})
"""Faults of Facebook's own, rate limits, and a token that ran out: mended, another try succeeds."""


class FacebookPage:
    """Publishes posts of one page."""

    def __init__(self, page_id: str, token: str, base: str = BASE) -> None:
        self._page, self._token, self._base = page_id, token, base

    def publish(self, post: Post, *, key: str) -> Taken:
        """Publish one post. Facebook knows no key of ours: a try whose answer is lost may publish twice, and the text says the same."""
        form = {"message": post.text, **({"link": post.link} if post.link else {})}
        answer = answers.asked(
            "POST", f"{self._base}/{self._page}/feed", data=form, headers={"Authorization": f"Bearer {self._token}"}
        )
        body = answers.body_of(answer)
        if isinstance(error := body.get("error"), dict):
            said = f"Facebook {error.get('code')} {str(error.get('message', ''))[:120]}"
            passes = bool(error.get("is_transient")) or error.get("code") in _PASSES
            raise OutletUnavailable(said) if passes else OutletRefused(said)
        answers.check(answer)
        if not body.get("id"):
            raise OutletRefused("không có mã bài trong câu trả lời")
        return Taken(str(body["id"])[:190])
