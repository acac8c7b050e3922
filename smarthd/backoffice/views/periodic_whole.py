"""All reports of a form as one workbook, streamed: a year of every commune's reports passes through without being held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from smarthd.backoffice import navigation, streamed
from smarthd.backoffice.gate import official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.views.periodic_board import EXCEL
from smarthd.kernel import audit, clock, text
from smarthd.rollout import selectors
from smarthd.rollout.rules import forms, reports
from smarthd.ui import words as spoken


@require_GET
@official(*navigation.WATCHERS)
def export(request: HttpRequest, key: str, form_key: str) -> HttpResponseBase:
    """Hand out every report of a form the actor may read; each export is recorded."""
    actor, now = cast("DeskRequest", request).actor, clock.now()
    whole = selectors.reports_of(actor, key, form_key, now=now)
    about = [
        _("Mọi báo cáo: %(form)s") % {"form": whole.title},
        *([_("Bản dùng thử: dữ liệu mẫu, không phải kết quả thật")] if settings.DEMO else []),
        _("Tình trạng lúc %(at)s; %(count)s báo cáo") % {"at": spoken.moment_in_words(now, now), "count": spoken.number(whole.count)},
    ]  # fmt: skip
    heads = [
        _("Kỳ"), _("Đơn vị"), _("Mã"), _("Tình trạng"), _("Hạn"), _("Gửi lúc"), _("Đúng hạn"), _("Số lần bị trả lại"),
        _("Cấp trên chưa xem"), _("Lý do miễn"),
        *(f"{one.label} ({_('hệ thống đo') if one.measured else _('tự báo cáo')})" for one in whole.fields),
    ]  # fmt: skip
    audit.looked(actor, "backoffice.reports_exported", at=now, campaign=key, form=form_key, rows=whole.count)
    return StreamingHttpResponse(
        streamed.workbook(heads, _lines(whole.rows, whole.fields), about),
        content_type=EXCEL,
        headers={"Content-Disposition": f'attachment; filename="bao-cao_{text.slug(key)}_{form_key}.xlsx"'},
    )


def _lines(rows: Iterator[selectors.Reported], fields: Sequence[forms.Field]) -> Iterator[list[object]]:
    words = {standing: str(told) for standing, told in reports.STANDING_WORDS.items()}
    late, early, unseen = _("sau hạn"), _("đúng hạn"), _("có")
    answer = {True: _("có"), False: _("không")}
    for one in rows:
        in_time = "" if one.in_time is None else early if one.in_time else late
        values = [one.values.get(field.key) for field in fields]
        yield [
            one.period, one.name, one.code, words[one.standing], _at(one.due_at), _at(one.submitted_at), in_time,
            one.returns, unseen if one.not_reviewed else "", one.exempt_reason,
            *(answer[value] if isinstance(value, bool) else value for value in values),
        ]  # fmt: skip


@lru_cache(maxsize=4_096)
def _at(instant: datetime | None) -> str:
    return f"{instant.astimezone(clock.ZONE):%H:%M %d/%m/%Y}" if instant is not None else ""
