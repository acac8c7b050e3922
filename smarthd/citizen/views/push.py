"""«Nhận thông báo»: whether this phone is told, of what, and when it wants quiet. The phone itself holds the answer (push-wishes.js)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from smarthd.citizen import commune
from smarthd.kernel import clock
from smarthd.messaging import rules
from smarthd.people import rules as people_rules

TOPICS = {
    rules.Topic.ALERTS: (
        gettext_noop("Cảnh báo thiên tai, an toàn"),
        gettext_noop("Cảnh báo cứu người thì luôn được báo"),
    ),
    rules.Topic.REPORTS: (gettext_noop("Phản ánh, hiến kế của tôi"), gettext_noop("Đã tiếp nhận, đã trả lời")),
    rules.Topic.DUTIES: (gettext_noop("Việc cần làm, nhắc việc"), ""),
    rules.Topic.NEWS: (gettext_noop("Tin của xã, phường và của tỉnh"), ""),
    rules.Topic.DATA: (
        gettext_noop("Lịch cắt điện, nước và dữ liệu đang theo dõi"),
        gettext_noop("Của xã, phường mình và những mục đã bấm “Báo khi có thay đổi”"),
    ),
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the switch and the wishes."""
    today = clock.today()
    hours = [(str(minute), f"{minute // 60:02d}:{minute % 60:02d}") for minute in range(0, rules.DAY_MINUTES, 60)]
    context = {
        "here": "toi",
        "commune": commune.of(request),
        "words": people_rules.wording_in_force(people_rules.Purpose.PUSH, today),
        "topics": [(topic.value, _(title), _(hint) if hint else "") for topic, (title, hint) in TOPICS.items()],
        "hours": hours,
        "quiet_from": str(rules.QUIET_FROM),
        "quiet_to": str(rules.QUIET_TO),
        "districts": commune.by_remembered_district(today),
        "most": rules.MOST_FOLLOWED,
    }
    return render(request, "citizen/push.html", context)
