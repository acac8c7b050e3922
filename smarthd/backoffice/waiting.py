"""What waits for an official: one list across all jobs, the nearest deadline first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from smarthd.agencies import policies
from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Role
from smarthd.agencies.rules.exemptions import Status
from smarthd.agencies.selectors import AgencyView
from smarthd.alerts.selectors import desk as alerts
from smarthd.channels.selectors import desk as channels
from smarthd.content import selectors as content
from smarthd.content.selectors import freshness
from smarthd.content.selectors import idea_desk as ideas
from smarthd.fieldreports.selectors import waiting as field_reports
from smarthd.insights import selectors as insights
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.messaging import selectors as messaging
from smarthd.places.errors import NoBoundariesThen
from smarthd.rollout import policies as rollout_policies
from smarthd.rollout import selectors as rollout
from smarthd.rollout.errors import NothingMeasured
from smarthd.rollout.rules.reports import State
from smarthd.rollout.selectors import airings, decisions, difficulties, team_results, teams

MOST_DUE = 20
OWN = (Role.HEAD, Role.DELEGATE, Role.CLERK)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do: what it is, how many of it, until when (None: no deadline), where it is done."""

    title: str
    note: str
    href: str
    icon: str
    count: int
    due: date | None = None


def waiting_for(actor: Actor, now: datetime, views: dict[int, AgencyView]) -> list[Waiting]:
    """Return what waits for the actor, by deadline, then in the order in which it is usually done.

    ``views`` are today's views of the agencies where the actor holds a role.
    """
    found = [
        *_alerts(actor),
        *_dispatches(actor, now),
        *_field_reports(actor),
        *_reports_due(actor, now),
        *_reports_to_look_at(actor),
        *_letters(actor),
        *_calls(actor, now),
        *_signatures(actor),
        *_decisions(actor, now),
        *_difficulties(actor, now),
        *_exemptions(actor, views),
        *_rosters(actor, now, views),
        *_staff(actor, now, views),
        *_bases(actor, now),
        *_airings(actor, now),
        *_contents(actor, now),
        *_ideas(actor),
        *_pushes(actor),
        *_team_leading(actor, now),
        *_teams(actor, now),
    ]
    return sorted(found, key=lambda item: (item.due is None, item.due or date.max))


def _alerts(actor: Actor) -> Iterator[Waiting]:
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


def _dispatches(actor: Actor, now: datetime) -> Iterator[Waiting]:
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


def own_agencies(actor: Actor) -> list[int]:
    """Return the agencies at which the actor is head, delegate or clerk."""
    return sorted({grant.agency_id for grant in actor.grants if grant.role in OWN})


def _reports_due(actor: Actor, now: datetime) -> Iterator[Waiting]:
    own = own_agencies(actor)
    for owed in rollout.owed_by(own, now=now)[:MOST_DUE]:
        yield Waiting(
            title=_("Sửa báo cáo bị trả lại") if owed.state == State.RETURNED else _("Nộp báo cáo định kỳ"),
            note=f"{owed.form} · {owed.period}" + (f" · {owed.name}" if len(own) > 1 else ""),
            href=reverse("backoffice:periodic_fill", kwargs={"uid": owed.uid}),
            icon="undo" if owed.state == State.RETURNED else "edit",
            count=1,
            due=clock.day_of(owed.due_at),
        )


def _reports_to_look_at(actor: Actor) -> Iterator[Waiting]:
    if not actor.has_role(Role.HEAD, Role.DELEGATE, Role.ADMINISTRATOR):
        return
    to_review, to_accept = rollout.waiting_counts(actor)
    if to_review:
        yield Waiting(
            title=_("Xác nhận báo cáo của cấp dưới"),
            note=_("Quá hai ngày làm việc chưa xem thì báo cáo tự chuyển lên"),
            href=reverse("backoffice:periodic_review"),
            icon="check-circle",
            count=to_review,
        )
    if to_accept:
        yield Waiting(
            title=_("Tiếp nhận báo cáo đã xác nhận"),
            note=_("Người tiếp nhận khác người gửi và người xác nhận"),
            href=reverse("backoffice:periodic_arrivals"),
            icon="inbox",
            count=to_accept,
        )


def _letters(actor: Actor) -> Iterator[Waiting]:
    if not actor.has_role(Role.HEAD, Role.DELEGATE):
        return
    for letter in rollout.letters_for(actor):
        if letter.may_sign:
            yield Waiting(
                title=_("Ký công văn đôn đốc"),
                note=_("%(period)s · %(count)d báo cáo còn thiếu")
                % {"period": letter.period, "count": len(letter.late)},
                href=reverse("backoffice:periodic_letters"),
                icon="document",
                count=1,
            )


def _calls(actor: Actor, now: datetime) -> Iterator[Waiting]:
    if not actor.has_role(Role.HEAD, Role.DELEGATE, Role.ADMINISTRATOR):
        return
    late = rollout.call_list(actor, now=now)
    if late:
        yield Waiting(
            title=_("Gọi điện cho đơn vị chậm báo cáo"),
            note=_("Quá hạn từ hai ngày làm việc"),
            href=reverse("backoffice:periodic_calls"),
            icon="phone",
            count=len(late),
        )


def _signatures(actor: Actor) -> Iterator[Waiting]:
    for report in insights.waiting_for_signature(actor)[:20]:
        yield Waiting(
            title=_("Ký duyệt báo cáo"),
            note=report.title,
            href=reverse("backoffice:report", kwargs={"uid": report.uid}),
            icon="document",
            count=1,
        )


def _exemptions(actor: Actor, views: dict[int, AgencyView]) -> Iterator[Waiting]:
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


def _pushes(actor: Actor) -> Iterator[Waiting]:
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


def _rosters(actor: Actor, now: datetime, views: dict[int, AgencyView]) -> Iterator[Waiting]:
    own = [views[agency_id] for agency_id in own_agencies(actor) if agency_id in views]
    sizes = agencies.roster_sizes([view.id for view in own], clock.day_of(now))
    for view in own:
        if not sizes.get(view.id):
            yield Waiting(
                title=_("Nộp danh sách cán bộ"),
                note=_("%(agency)s chưa có ai trong danh sách, nên chưa tính được tỷ lệ.") % {"agency": view.name},
                href=reverse("backoffice:roster_upload", kwargs={"uid": view.uid}),
                icon="upload",
                count=1,
            )
        for upload in agencies.imports_for(actor, view.id):
            if upload.status == "previewed":
                yield Waiting(
                    title=_("Xác nhận danh sách đã tải lên"),
                    note=f"{upload.file_name} · {view.name}",
                    href=reverse("backoffice:roster", kwargs={"uid": upload.uid}),
                    icon="table",
                    count=1,
                )


def _staff(actor: Actor, now: datetime, views: dict[int, AgencyView]) -> Iterator[Waiting]:
    today = clock.day_of(now)
    deadline = rollout.running_deadline()
    for view in (views[agency_id] for agency_id in own_agencies(actor) if agency_id in views):
        try:
            figure = rollout.staff_figures(view.id, today, actor)["staff_used_net"]
        except NothingMeasured:
            return
        missing = round((figure.denominator or 0) - (figure.numerator or 0))
        if missing > 0:
            yield Waiting(
                title=_("Nhắc cán bộ chưa cài đặt hoặc chưa sử dụng"),
                note=view.name,
                href=f"{reverse('backoffice:unit', kwargs={'uid': view.uid})}#nhac",
                icon="people",
                count=missing,
                due=clock.day_of(deadline) if deadline is not None else None,
            )


def _team_leading(actor: Actor, now: datetime) -> Iterator[Waiting]:
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


def _teams(actor: Actor, now: datetime) -> Iterator[Waiting]:
    """Return what a commune's head must judge of its teams: credits that came too fast, money noted."""
    today = clock.day_of(now)
    own = sorted(
        {grant.agency_id for grant in actor.grants if rollout_policies.can_judge_teams(actor, grant.agency_id)}
    )
    for team in (team for agency_id in own for team in teams.teams_for(actor, today, agency_id=agency_id)):
        address = reverse("backoffice:team_detail", kwargs={"uid": team.uid})
        if rushed := sum(count for _on, count in team_results.rushed_days(team.id)):
            title = _("Kiểm tra lượt kích hoạt dồn dập")
            yield Waiting(title=title, note=team.name, href=f"{address}#kiem-tra", icon="warning", count=rushed)
        noted = sum(one.state == "noted" for one in teams.expenses_of(team.id))
        if noted:
            title = _("Duyệt chi phí của tổ công nghệ số")
            yield Waiting(title=title, note=team.name, href=f"{address}#chi-phi", icon="document", count=noted)


def _bases(actor: Actor, now: datetime) -> Iterator[Waiting]:
    """Return what whoever keeps the bases must look into: units above 100%, units whose share cannot be told."""
    if not actor.has_role(Role.ADMINISTRATOR):
        return
    today = clock.day_of(now)
    try:
        table = rollout.table("commune", today, today, actor=actor)
    except (NothingMeasured, NoBoundariesThen):
        return
    doubts = (
        ("over_100", "vuot-100", _("Soát mẫu số của nơi vượt 100%")),
        ("no_base", "thieu-mau", _("Bổ sung mẫu số còn thiếu")),
    )
    for flag, chosen, title in doubts:
        count = sum(1 for row in table.rows if any(flag in figure.flags for figure in row.values.values()))
        if count:
            yield Waiting(
                title=title,
                note=_("%(count)d xã, phường, đặc khu") % {"count": count},
                href=f"{reverse('backoffice:province')}?cap=commune&loc={chosen}",
                icon="chart",
                count=count,
            )


def _decisions(actor: Actor, now: datetime) -> Iterator[Waiting]:
    to_approve, sent_back = decisions.waiting(actor, now=now)
    for row in to_approve:
        yield Waiting(
            title=_("Duyệt quyết định giải quyết khó khăn"),
            note=_("%(title)s · trả lời %(count)d vướng mắc") % {"title": row.title, "count": row.answers},
            href=reverse("backoffice:decision", kwargs={"uid": row.uid}),
            icon="document",
            count=1,
        )
    for row in sent_back:
        yield Waiting(
            title=_("Sửa dự thảo quyết định được trả lại"),
            note=f"{row.title} · {row.returned_with}",
            href=reverse("backoffice:decision", kwargs={"uid": row.uid}),
            icon="edit",
            count=1,
        )


def _difficulties(actor: Actor, now: datetime) -> Iterator[Waiting]:
    held = difficulties.waiting(actor, now=now)
    asked = (
        ("answer", _("Trả lời khó khăn, vướng mắc"), "flag", "?xem=cho-tra-loi&loc=dang-giu"),
        ("work", _("Giải quyết khó khăn đang giữ"), "flag", "?xem=dang-xu-ly&loc=dang-giu"),
        ("confirm", _("Xác nhận khó khăn đã được giải quyết"), "check-circle", "?xem=cho-xac-nhan&loc=da-neu"),
    )
    for what, title, icon, address in asked:
        for one in held[what]:
            yield Waiting(
                title=title,
                note=one.agency,
                href=f"{reverse('backoffice:difficulties')}{address}",
                icon=icon,
                count=one.count,
                due=clock.day_of(one.due_at) if one.due_at is not None else None,
            )


def _airings(actor: Actor, now: datetime) -> Iterator[Waiting]:
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


def _contents(actor: Actor, now: datetime) -> Iterator[Waiting]:
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


def _ideas(actor: Actor) -> Iterator[Waiting]:
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


def _field_reports(actor: Actor) -> Iterator[Waiting]:
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
