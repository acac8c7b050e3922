"""What waits of the data an agency gives to citizens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from smarthd.backoffice.waiting.item import Waiting
from smarthd.connectors.selectors import owed
from smarthd.kernel.actor import Actor


def of_datasets(actor: Actor, now: datetime) -> Iterator[Waiting]:
    """Return versions to publish or to mend, sources that stopped, data older than promised, at one's own agencies."""
    found, address = owed.owed_by(actor, now=now), reverse("backoffice:sources")
    if found.stale:
        yield Waiting(
            title=_("Cập nhật dữ liệu đã quá hẹn"),
            note=_("Người dân đang thấy lời nhắc “có thể đã cũ”"),
            href=reverse("backoffice:source_freshness"),
            icon="clock",
            count=found.stale,
            due=found.stale_on,
        )
    if found.stopped:
        note = _("Cột đã đổi, hoặc nơi lấy không trả lời; người dân vẫn thấy bản cũ")
        yield Waiting(_("Sửa nguồn dữ liệu không đọc được"), note, address, "table", found.stopped)
    if found.held:
        note = _("Sửa tệp rồi nộp lại, hoặc thủ trưởng công bố kèm lý do")
        yield Waiting(_("Xem dữ liệu bị giữ lại"), note, address, "table", found.held)
    if found.checked:
        note = _("Đã kiểm tra xong, người dân chưa thấy")
        yield Waiting(_("Công bố dữ liệu đã kiểm tra"), note, address, "table", found.checked)
