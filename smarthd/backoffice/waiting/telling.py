"""What waits of what citizens are told or told us: warnings, bulletins, pages, ideas, reports from the street."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from smarthd.agencies.rules import Role
from smarthd.alerts.selectors import desk as alerts
from smarthd.backoffice.waiting.item import OWN, Waiting
from smarthd.channels.selectors import desk as channels
from smarthd.content import selectors as content
from smarthd.content.selectors import freshness, staff_surveys
from smarthd.content.selectors import idea_desk as ideas
from smarthd.fieldreports.selectors import waiting as field_reports
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.rollout.selectors import airings


def of_alerts(actor: Actor) -> Iterator[Waiting]:
    """Return what must not wait: warnings to approve, warnings that came back."""
    address = reverse("backoffice:alerts")
    to_approve, returned, to_review = alerts.waiting_counts(actor)
    if to_approve:
        yield Waiting(
            _("Duyệt cảnh báo"), _("Người khác soạn, đang chờ duyệt để phát"), address, "megaphone", to_approve
        )
    if returned:
        yield Waiting(_("Sửa cảnh báo bị trả lại"), _("Người duyệt đã ghi lý do"), address, "undo", returned)
    if to_review:
        yield Waiting(
            _("Soát lại cảnh báo phát khẩn cấp"), _("Phát khi không có người duyệt tại chỗ"), address, "eye", to_review
        )


def of_dispatches(actor: Actor, now: datetime) -> Iterator[Waiting]:
    """Return bulletins in force that did not arrive somewhere: sent again, or told by telephone, by who answers for them."""
    failed = channels.failed_count(actor, now=now)
    if failed:
        yield Waiting(
            _("Bản tin không tới nơi nhận"),
            _("Gửi lại, hoặc gọi điện báo nơi ấy"),
            f"{reverse('backoffice:channels')}?xem=co-loi",
            "speaker",
            failed,
        )


def of_airings(actor: Actor, now: datetime) -> Iterator[Waiting]:
    if not actor.has_role(*OWN, Role.EDITOR):
        return
    unmarked, unproven = airings.unproven(actor, now=now)
    if unmarked:
        yield Waiting(
            title=_("Ghi lượt phát đã qua giờ"),
            note=_("Đã phát hay không phát, kèm minh chứng."),
            href=f"{reverse('backoffice:airings')}?tuan=tat-ca&loc=chua-ghi&loc=cua-toi",
            icon="megaphone",
            count=unmarked,
        )
    if unproven:
        yield Waiting(
            title=_("Bổ sung minh chứng lượt phát"),
            note=_("Chưa có minh chứng thì lượt phát chưa được tính."),
            href=f"{reverse('backoffice:airings')}?tuan=tat-ca&xem=thieu-minh-chung&loc=cua-toi",
            icon="camera",
            count=unproven,
        )


def of_contents(actor: Actor, now: datetime) -> Iterator[Waiting]:
    """Return what waits of the words for citizens: submissions to approve, sections of one's own past their promise."""
    if not actor.has_role(Role.EDITOR, Role.HEAD, Role.DELEGATE):
        return
    submitted = content.waiting_count(actor)
    if submitted:
        note = _("Người khác viết, đang chờ duyệt để đăng")
        yield Waiting(_("Duyệt bài, thông báo"), note, "/noi-dung-quan-tri/", "edit", submitted)
    for row in freshness.overdue(actor, now=now):
        if row.owner_id in {None, actor.account_id}:
            yield Waiting(
                title=_("Cập nhật mục đã quá hẹn: %(section)s") % {"section": row.kind_word},
                note=row.agency_name,
                href=reverse("backoffice:content_section", kwargs={"uid": row.agency_uid, "kind": row.kind}),
                icon="news",
                count=row.late or 1,
                due=row.due_on,
            )


def of_ideas(actor: Actor) -> Iterator[Waiting]:
    """Return citizens' ideas that wait to be read, and those that are owed an answer, at one's own agencies."""
    to_read, to_answer = ideas.owed_by(actor)
    address = reverse("backoffice:ideas")
    if to_read.count:
        note = _("Đăng, hoặc trả lại kèm lý do")
        yield Waiting(
            _("Duyệt ý tưởng của người dân"), note, f"{address}?xem=cho-duyet", "heart", to_read.count, to_read.due_on
        )
    if to_answer.count:
        note = _("Đang xem xét, sẽ làm, đã làm hay không làm, vì sao")
        yield Waiting(
            _("Trả lời ý tưởng của người dân"),
            note,
            f"{address}?xem=cho-tra-loi",
            "heart",
            to_answer.count,
            to_answer.due_on,
        )


def of_staff_surveys(actor: Actor, now: datetime) -> Iterator[Waiting]:
    """Return what one's own agencies, or those above, ask their officials and one has not answered."""
    asked = staff_surveys.waiting(actor.account_id, now=now) if actor.account_id is not None else []
    if asked:
        due = clock.day_of(asked[0].closes_at)
        href = asked[0].path if len(asked) == 1 else reverse("citizen:staff_surveys")
        note = asked[0].title if len(asked) == 1 else _("Cơ quan hỏi cán bộ, mỗi người trả lời một lần")
        yield Waiting(_("Trả lời cơ quan hỏi"), note, href, "edit", len(asked), due)


def of_field_reports(actor: Actor) -> Iterator[Waiting]:
    """Return what waits of citizens' reports: new ones, those at work, one's own, refusals to judge, parts asked as support."""
    found = field_reports.waiting_for(actor)
    if found is None:
        return
    kinds = (
        (found.new, _("Xem phản ánh mới"), _("Tiếp nhận, từ chối có lý do, hoặc chuyển nơi có thẩm quyền"), "inbox", "moi"),
        (found.contested, _("Xem lại việc từ chối phản ánh"), _("Người gửi đề nghị cấp trên xem lại"), "shield", "xem-lai"),
        (found.mine, _("Xử lý phản ánh tôi phụ trách"), _("Trả lời kèm minh chứng trước hạn"), "person", "cua-toi"),
        (found.working, _("Xử lý phản ánh cơ quan đang giữ"), _("Trả lời kèm minh chứng trước hạn"), "report", "dang-xu-ly"),
    )  # fmt: skip
    for held, title, note, icon, tab in kinds:
        if held.count:
            yield Waiting(
                title=title,
                note=note,
                href=f"{reverse('backoffice:fieldreports')}?xem={tab}",
                icon=icon,
                count=held.count,
                due=clock.day_of(held.due_at) if held.due_at is not None else None,
            )
    if found.support:
        yield Waiting(
            title=_("Báo xong phần phối hợp"),
            note=_("Cơ quan khác chủ trì, cơ quan mình được mời phối hợp"),
            href=f"{reverse('backoffice:fieldreports')}?xem=can-lam",
            icon="people",
            count=found.support,
        )
