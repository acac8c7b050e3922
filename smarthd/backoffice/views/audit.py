"""The trail, for those who watch: who did what to what, when."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from smarthd.backoffice.gate import official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import WATCH
from smarthd.backoffice.words import ACTS, CONTEXTS
from smarthd.kernel import audit, clock, text
from smarthd.kernel.paging import BadCursor, Page, decode_cursor, encode_cursor

PAGE = 50


@require_GET
@official(*WATCH)
def index(request: HttpRequest) -> HttpResponse:
    """Show the trail, newest first, filtered by the kind of act or the subject; each look is itself recorded."""
    actor = cast("DeskRequest", request).actor
    act, subject = text.nfc(request.GET.get("viec", ""))[:100], text.nfc(request.GET.get("doi-tuong", ""))[:64]
    before = _after(request.GET["cursor"]) if request.GET.get("cursor") else None
    entries = audit.trail(act=act, subject=subject, limit=PAGE + 1, before=before)
    audit.looked(actor, "backoffice.audit_read", at=clock.now(), filtered_by=act, of=subject)
    more = len(entries) > PAGE
    shown = entries[:PAGE]
    page = Page(items=shown, next_cursor=encode_cursor(shown[-1].pk) if more else "")
    lines = [{"entry": entry, "words": ACTS.get(entry.act, entry.act)} for entry in shown]
    context = {
        "page": page,
        "lines": lines,
        "act": act,
        "subject": subject,
        "contexts": CONTEXTS,
        "me": actor.account_id,
    }
    return render(request, "backoffice/audit/index.html", context)


def _after(cursor: str) -> int:
    (last,) = decode_cursor(cursor, length=1)
    if not isinstance(last, int):
        raise BadCursor
    return last
