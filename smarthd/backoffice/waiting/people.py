"""What waits of who is counted: lists of staff, exemptions, pushes, community teams."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from smarthd.agencies import policies
from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Role
from smarthd.agencies.rules.exemptions import Status
from smarthd.agencies.selectors import AgencyView
from smarthd.backoffice.waiting.item import Waiting, own_agencies
from smarthd.kernel import clock, job_board
from smarthd.kernel.actor import Actor
from smarthd.messaging import selectors as messaging
from smarthd.programs import policies as programs
from smarthd.rollout import policies as rollout_policies
from smarthd.rollout import selectors as rollout
from smarthd.rollout.errors import NothingMeasured
from smarthd.rollout.selectors import team_results, teams


def of_exemptions(actor: Actor, views: dict[int, AgencyView]) -> Iterator[Waiting]:
    own = sorted({grant.agency_id for grant in actor.grants if grant.role in {Role.HEAD, Role.DELEGATE}})
    asked = [
        request
        for request in agencies.exemptions_for(actor, own, Status.REQUESTED)
        if policies.can_decide_exemption(actor, request.agency_id, requested_by_id=request.requested_by_id)
    ]
    for agency_id in sorted({request.agency_id for request in asked} & views.keys()):
        view = views[agency_id]
        yield Waiting(
            title=_("Duyệt trường hợp miễn"),
            note=view.name,
            href=f"{reverse('backoffice:unit', kwargs={'uid': view.uid})}#mien",
            icon="check-circle",
            count=sum(1 for request in asked if request.agency_id == view.id),
        )


def of_pushes(actor: Actor) -> Iterator[Waiting]:
    if not actor.has_role(Role.ADMINISTRATOR):
        return
    alarms = messaging.push_alarms()
    if alarms:
        yield Waiting(
            title=_("Một máy chủ thông báo đang từ chối ta"),
            note=_("Thông báo đẩy tới %(origin)s đang bị giữ lại") % {"origin": alarms[0].origin},
            href=reverse("backoffice:pushes"),
            icon="bell",
            count=len(alarms),
        )


def of_jobs(actor: Actor) -> Iterator[Waiting]:
    """Return what whoever keeps the background work running must look into: nobody does it, or some of it failed."""
    if not programs.can_manage_keys(actor):
        return
    failed, nobody_works = job_board.alarms()
    address = reverse("backoffice:jobs")
    if nobody_works:
        note = _("Tin không gửi đi, dữ liệu không được đọc, cảnh báo hẹn giờ không phát")
        yield Waiting(_("Khởi động lại tiến trình chạy việc nền"), note, address, "warning", 1)
    if failed:
        note = _("Xem vì sao, rồi làm lại hoặc bỏ")
        yield Waiting(_("Xem việc nền thất bại"), note, address, "settings", failed)


def of_rosters(actor: Actor, now: datetime, views: dict[int, AgencyView]) -> Iterator[Waiting]:
    own = [views[agency_id] for agency_id in own_agencies(actor) if agency_id in views]
    sizes = agencies.roster_sizes([view.id for view in own], clock.day_of(now))
    uploads = agencies.imports_to_confirm(actor, [view.id for view in own])
    for view in own:
        if not sizes.get(view.id):
            yield Waiting(
                title=_("Nộp danh sách cán bộ"),
                note=_("%(agency)s chưa có ai trong danh sách, nên chưa tính được tỷ lệ.") % {"agency": view.name},
                href=reverse("backoffice:roster_upload", kwargs={"uid": view.uid}),
                icon="upload",
                count=1,
            )
        for upload in uploads.get(view.id, []):
            yield Waiting(
                title=_("Xác nhận danh sách đã tải lên"),
                note=f"{upload.file_name} · {view.name}",
                href=reverse("backoffice:roster", kwargs={"uid": upload.uid}),
                icon="table",
                count=1,
            )


def of_staff(actor: Actor, now: datetime, views: dict[int, AgencyView]) -> Iterator[Waiting]:
    today = clock.day_of(now)
    own = [agency_id for agency_id in own_agencies(actor) if agency_id in views]
    try:
        figures = rollout.staff_figures(own, today, actor) if own else {}
    except NothingMeasured:
        return
    used = {agency_id: figures[agency_id]["staff_used_net"] for agency_id in own}
    missing = {one: round((figure.denominator or 0) - (figure.numerator or 0)) for one, figure in used.items()}
    deadline = rollout.running_deadline() if any(count > 0 for count in missing.values()) else None
    for agency_id, count in missing.items():
        if count > 0:
            yield Waiting(
                title=_("Nhắc cán bộ chưa cài đặt hoặc chưa sử dụng"),
                note=views[agency_id].name,
                href=f"{reverse('backoffice:unit', kwargs={'uid': views[agency_id].uid})}#nhac",
                icon="people",
                count=count,
                due=clock.day_of(deadline) if deadline is not None else None,
            )


def of_team_leading(actor: Actor, now: datetime) -> Iterator[Waiting]:
    """Return what a team's leader must decide."""
    membership = teams.membership_of(actor.account_id, clock.day_of(now)) if actor.has_role(Role.TEAM_LEADER) else None
    if membership is None:
        return
    count = len(team_results.disagreements(membership.team.id))
    if count:
        yield Waiting(
            title=_("Xem lại lần thăm ghi trùng"),
            note=membership.team.name,
            href=reverse("backoffice:team_disagreements"),
            icon="house",
            count=count,
        )


def of_teams(actor: Actor) -> Iterator[Waiting]:
    """Return what a commune's head must judge of its teams: credits that came too fast, money noted."""
    own = sorted(
        {grant.agency_id for grant in actor.grants if rollout_policies.can_judge_teams(actor, grant.agency_id)}
    )
    for team in team_results.to_judge(own):
        address = reverse("backoffice:team_detail", kwargs={"uid": team.uid})
        if team.rushed:
            title = _("Kiểm tra lượt kích hoạt dồn dập")
            yield Waiting(title=title, note=team.name, href=f"{address}#kiem-tra", icon="warning", count=team.rushed)
        if team.noted:
            title = _("Duyệt chi phí của tổ công nghệ số")
            yield Waiting(title=title, note=team.name, href=f"{address}#chi-phi", icon="document", count=team.noted)
