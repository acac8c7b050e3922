"""Builders: a small land with agencies that have a place, editors, and notices in every state, reached through services."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from smarthd.agencies import services as agencies
from smarthd.agencies.rules import Kind, Role
from smarthd.agencies.selectors import actor_for
from smarthd.content import rules, selectors, services
from smarthd.content.models import ArticlePlace, Notice, NoticePlace, Picture
from smarthd.content.models.articles import PROXIES
from smarthd.content.rules import kinds
from smarthd.kernel import actor as actors
from smarthd.places.tests import make as land
from smarthd.places.values import UnitView

NOW = datetime(2024, 4, 1, 2, 0, tzinfo=UTC)  # Monday 1/4/2024, 09:00
TODAY = NOW.date()
SYSTEM = actors.system("test")
FOUNDED = land.BEFORE


@dataclass(frozen=True)
class World:
    """Units c0…c3 under districts d1 (even) and d2 (odd); the province's office and those of c0 and c1."""

    units: dict[str, UnitView]
    province: int
    commune_a: int
    commune_b: int


def world(tmp_path: Path) -> World:
    units = land.small_land(tmp_path, communes=4)

    def found(kind: Kind, name: str, code: str, place: str, parent: int | None = None) -> int:
        new = agencies.NewAgency(kind=kind, name=name, code=code, parent_id=parent, place_id=units[place].id)
        return agencies.found_agency(new, valid_from=FOUNDED).pk

    province = found(Kind.PROVINCE_COMMITTEE, "Ủy ban nhân dân tỉnh", "ubnd-p", "p")
    commune_a = found(Kind.COMMUNE_COMMITTEE, "Ủy ban nhân dân xã A", "ubnd-a", "c0", province)
    commune_b = found(Kind.COMMUNE_COMMITTEE, "Ủy ban nhân dân xã B", "ubnd-b", "c1", province)
    return World(units, province, commune_a, commune_b)


def officer(agency_id: int, *roles: Role, second_factor: bool = True, name: str = "Người thử") -> Any:
    """Return a new account holding the roles at the agency, with the actor of its request on it as the gate puts it."""
    user = get_user_model()(created_at=NOW)
    user.full_name = name
    user.save()
    for role in roles:
        agencies.grant_role(account_id=user.pk, agency_id=agency_id, role=role, actor=SYSTEM, now=NOW)
    user.content_actor = actor_for(user.pk, NOW, second_factor=second_factor)
    return user


def published(agency_id: int, *unit_ids: int, title: str = "Lịch cắt điện", at: datetime = NOW, **fields: Any) -> str:
    """Publish a notice by the system and return its slug."""
    return services.publish_notice(
        title=title,
        summary=fields.pop("summary", "Cắt điện từ 8 giờ đến 11 giờ thứ Năm."),
        body=fields.pop("body", "<p>Để sửa đường dây, điện sẽ tạm ngừng.</p>"),
        agency_id=agency_id,
        unit_ids=unit_ids,
        actor=SYSTEM,
        now=at,
        **fields,
    )


PROCEDURE_FACTS: dict[str, Any] = {
    "papers": "Giấy chứng sinh",
    "steps": "Nộp hồ sơ\nNhận kết quả",
    "place": "Bộ phận một cửa",
    "service_level": "office",
}


def article(
    agency_id: int, *unit_ids: int, kind: kinds.Kind = kinds.Kind.NEWS, at: datetime = NOW, **fields: Any
) -> str:
    """Publish a page by the system and return its slug; what is no field of every page is a fact of its kind."""
    shared = {
        name: fields.pop(name) for name in ("title", "summary", "body", "language", "original_slug") if name in fields
    }
    whole: dict[str, Any] = {"title": "Bài", "summary": "Một câu.", "body": "<p>Nội dung.</p>"} | shared
    new = services.NewArticle(kind=kind, agency_id=agency_id, unit_ids=unit_ids, facts=fields, **whole)
    return services.publish_article(new, actor=SYSTEM, now=at)


def draft(author: Any, agency_id: int, *unit_ids: int, **fields: Any) -> Notice:
    """Save a draft as the editor does: the row, and a revision by its author."""
    notice = Notice(
        slug=rules.notice_slug("nhap", actors_code()),
        title=fields.pop("title", "Tiêm phòng dại"),
        summary=fields.pop("summary", "Sáng thứ Bảy tại nhà văn hóa."),
        body=fields.pop("body", "<p>Mang theo sổ theo dõi.</p>"),
        agency_id=agency_id,
        audience=rules.Audience.UNITS if unit_ids else rules.Audience.PROVINCE,
        live=False,
        **fields,
    )
    notice.places = [NoticePlace(unit_id=unit_id) for unit_id in unit_ids]
    notice.save()
    notice.save_revision(user=author, clean=False)
    return notice


def article_draft(
    author: Any, agency_id: int, *unit_ids: int, kind: kinds.Kind = kinds.Kind.NEWS, **fields: Any
) -> Any:
    """Save a page's draft as the editor does."""
    whole = {
        "title": "Bài",
        "summary": "Một câu.",
        "body": "<p>Nội dung.</p>",
        "starts_at": NOW,
        "place": "Sân đình",
    } | fields
    page = PROXIES[kind].begun(
        slug=rules.notice_slug("nhap", actors_code()), agency_id=agency_id, live=False,
        audience=rules.Audience.UNITS if unit_ids else rules.Audience.PROVINCE, **whole,
    )  # fmt: skip
    page.places = [ArticlePlace(unit_id=unit_id) for unit_id in unit_ids]
    page.save()
    page.save_revision(user=author, clean=False)
    return page


def actors_code() -> str:
    """Return a code no other draft has."""
    from smarthd.kernel import ids

    return ids.spoken_code(8)


def submitted(author: Any, agency_id: int, *unit_ids: int, **fields: Any) -> Notice:
    """Save a draft and submit it for moderation."""
    notice = draft(author, agency_id, *unit_ids, **fields)
    notice.get_workflow().start(notice, author)
    return notice


def decide(notice: Notice, approver: Any, action: str = "approve", comment: str = "", now: datetime = NOW) -> None:
    """Decide on what was submitted, as an approver."""
    services.decide_on_notice(
        task_state=notice.current_workflow_task_state,
        user=approver,
        actor=selectors.actor_of(approver),
        action=action,
        comment=comment,
        now=now,
    )


def picture_bytes(format_: str = "JPEG", size: tuple[int, int] = (640, 480), **save: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (12, 79, 91)).save(out, format_, **save)
    return out.getvalue()


def picture(uploader: Any = None, title: str = "Nhà văn hóa") -> Picture:
    made = Picture(title=title, uploaded_by_user=uploader)
    made.file = SimpleUploadedFile("anh.jpg", picture_bytes(), content_type="image/jpeg")
    made.save()
    return made


HOUR = timedelta(hours=1)


def pdf_bytes() -> bytes:
    """Return a whole PDF of one empty page: to a screen reader, a scan."""
    from pypdf import PdfWriter

    out = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()
