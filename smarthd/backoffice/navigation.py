"""The parts of the desk, by job; each shown only to the roles that have it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from smarthd.agencies.rules import Kind, Role
from smarthd.alerts import policies as alerts
from smarthd.channels import policies as channels
from smarthd.content.selectors import papers
from smarthd.kernel.actor import Actor

UNIT = (Role.HEAD, Role.DELEGATE, Role.CLERK, Role.ADMINISTRATOR)
FIGURES = (Role.HEAD, Role.DELEGATE, Role.CLERK, Role.ADMINISTRATOR, Role.AUDITOR, Role.DISPATCHER, Role.EDITOR)
REPORTS = (Role.HEAD, Role.DELEGATE, Role.CLERK, Role.ADMINISTRATOR, Role.AUDITOR)
DENOMINATORS = (Role.HEAD, Role.DELEGATE, Role.CLERK, Role.ADMINISTRATOR, Role.AUDITOR)
WATCHERS = (Role.HEAD, Role.DELEGATE, Role.CLERK, Role.ADMINISTRATOR, Role.AUDITOR)
REVIEWERS = (Role.HEAD, Role.DELEGATE, Role.ADMINISTRATOR)
CAMPAIGNS = (Role.HEAD, Role.DELEGATE, Role.ADMINISTRATOR, Role.AUDITOR)
ADMINISTRATION = (Role.ADMINISTRATOR,)
WATCH = (Role.AUDITOR, Role.ADMINISTRATOR)
DIFFICULTIES = (Role.HEAD, Role.DELEGATE, Role.CLERK, Role.TEAM_LEADER, Role.ADMINISTRATOR, Role.AUDITOR)
AIRINGS = (Role.HEAD, Role.DELEGATE, Role.CLERK, Role.EDITOR, Role.ADMINISTRATOR, Role.AUDITOR)
CHANNELS = channels.SEES
SHELTERING = alerts.SHELTERING
LEADERS = (Role.HEAD, Role.DELEGATE)
FIELDREPORTS = (Role.DISPATCHER, Role.CLERK, Role.HEAD, Role.DELEGATE, Role.ADMINISTRATOR, Role.AUDITOR)
ALERTS = (Role.ALERT_AUTHOR, Role.ALERT_APPROVER, Role.HEAD, Role.DELEGATE, Role.AUDITOR, Role.ADMINISTRATOR)
SOURCES = (Role.HEAD, Role.DELEGATE, Role.CLERK, Role.EDITOR, Role.ADMINISTRATOR, Role.AUDITOR)
CONTENTS = (Role.EDITOR, Role.HEAD, Role.DELEGATE, Role.ADMINISTRATOR, Role.AUDITOR)
PAPERS = papers.TYPISTS
SURVEYS = (Role.EDITOR, Role.HEAD, Role.DELEGATE, Role.AUDITOR)
NAMES = (Role.EDITOR, Role.ADMINISTRATOR)
HANDLING = (Role.DISPATCHER, Role.CLERK, Role.HEAD, Role.DELEGATE)


def committees_of(actor: Actor) -> list[int]:
    """Return the People's Committees of the province whose head or delegate the actor is."""
    led = {g.agency_id for g in actor.grants if g.role in LEADERS and g.kind == Kind.PROVINCE_COMMITTEE}
    return sorted(led)


TEAMS = (Role.HEAD, Role.DELEGATE, Role.CLERK, Role.ADMINISTRATOR, Role.AUDITOR)
TEAM_PAGES = (*TEAMS, Role.TEAM_LEADER)


@dataclass(frozen=True, slots=True)
class Item:
    """One link of the side navigation; ``where`` asks further than roles."""

    view: str
    words: str | Promise
    icon: str
    roles: tuple[Role, ...] = ()
    where: Callable[[Actor], object] | None = None
    superior: bool = False  # shown only to who holds such a role at an agency with others below it


@dataclass(frozen=True, slots=True)
class Part:
    """A job and its links."""

    words: str | Promise
    items: tuple[Item, ...]


PARTS = (
    Part(
        "",
        (
            Item("work", _("Việc của tôi"), "inbox"),
            Item("committee", _("Trang Ủy ban"), "target", LEADERS, committees_of),
        ),
    ),
    Part(
        _("Triển khai"),
        (
            Item("units", _("Đơn vị của tôi"), "people", UNIT),
            Item("rosters", _("Danh sách cán bộ"), "table", UNIT),
            Item("difficulties", _("Khó khăn, vướng mắc"), "flag", DIFFICULTIES),
            Item("airings", _("Truyền thông"), "megaphone", AIRINGS),
            Item("team", _("Tổ của tôi"), "house", (Role.TEAM_LEADER,)),
            Item("teams", _("Tổ công nghệ số"), "share", TEAMS),
            Item("periodic", _("Báo cáo định kỳ"), "edit", UNIT),
            Item("periodic_review", _("Xác nhận báo cáo"), "check-circle", REVIEWERS, superior=True),
            Item("periodic_board", _("Theo dõi báo cáo"), "table", WATCHERS, superior=True),
            Item("campaigns", _("Chiến dịch"), "target", CAMPAIGNS, superior=True),
        ),
    ),
    Part(
        _("Phản ánh"),
        (
            Item("fieldreports", _("Phản ánh hiện trường"), "report", FIELDREPORTS),
            Item("fieldreport_take", _("Ghi hộ phản ánh"), "phone", HANDLING),
            Item("fieldreport_agencies", _("Cơ quan làm việc thế nào"), "trend", FIELDREPORTS),
            Item("fieldreport_rules", _("Phân việc"), "split", FIELDREPORTS),
        ),
    ),
    Part(
        _("Cảnh báo, phát tin"),
        (
            Item("alerts", _("Cảnh báo, bàn trực"), "storm", ALERTS),
            Item("alert_sources", _("Nguồn tin nơi khác"), "link", ALERTS, alerts.sees_sources),
            Item("shelters", _("Nơi tránh trú"), "house", SHELTERING),
            Item("channels", _("Kênh phát"), "speaker", CHANNELS),
        ),
    ),
    Part(
        _("Nội dung"),
        (
            Item("contents", _("Nội dung cho người dân"), "news", CONTENTS),
            Item("surveys", _("Lấy ý kiến"), "edit", SURVEYS),
            Item("popular_names", _("Tên thường gọi"), "search", NAMES, superior=True),
            Item("survey_papers", _("Nhập phiếu giấy"), "document", PAPERS),
            Item("ideas", _("Hiến kế"), "heart", SURVEYS),
        ),
    ),
    Part(_("Dữ liệu"), (Item("sources", _("Nguồn dữ liệu"), "table", SOURCES),)),
    Part(
        _("Thống kê"),
        (
            Item("province", _("Toàn tỉnh"), "chart", FIGURES),
            Item("reports", _("Báo cáo"), "document", REPORTS),
            Item("bases", _("Mẫu số"), "columns", DENOMINATORS),
        ),
    ),
    Part(
        _("Quản trị"),
        (
            Item("agencies", _("Cơ quan, vai trò"), "key", ADMINISTRATION),
            Item("changes", _("Thay đổi địa giới"), "map", ADMINISTRATION, superior=True),
            Item("programs", _("Phần mềm khác"), "link", ADMINISTRATION, superior=True),
            Item("jobs", _("Việc nền"), "settings", ADMINISTRATION, superior=True),
            Item("integrity", _("Trung thực"), "shield", WATCH),
            Item("pushes", _("Thông báo đẩy"), "bell", WATCH),
            Item("audit", _("Nhật ký"), "eye", WATCH),
        ),
    ),
)


def parts_for(actor: Actor) -> list[tuple[str | Promise, list[Item]]]:
    """Return the parts and links an actor's roles open; parts without any are left out."""
    shown = []
    for part in PARTS:
        items = [item for item in part.items if _opens(item, actor)]
        if items:
            shown.append((part.words, items))
    return shown


def _opens(item: Item, actor: Actor) -> bool:
    held = not item.roles or any(
        grant.role in item.roles and (not item.superior or len(grant.agency_ids - {grant.agency_id}) > 0)
        for grant in actor.grants
    )
    return held and (item.where is None or bool(item.where(actor)))
