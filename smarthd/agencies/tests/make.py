"""Builders: a small province of agencies, reached through services."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import xlsxwriter
from django.contrib.auth import get_user_model

from smarthd.agencies import services
from smarthd.agencies.models import RoleGrant, RosterImport
from smarthd.agencies.rules import Kind, Role
from smarthd.agencies.selectors import actor_for
from smarthd.kernel import actor as actors

FOUNDED = date(2024, 1, 1)
NOW = datetime(2024, 4, 1, 2, 0, tzinfo=UTC)  # Monday 1/4/2024, 09:00 in Hải Dương
TODAY = date(2024, 4, 1)
SYSTEM = actors.system("test")

_numbers = count(1)


@dataclass(frozen=True)
class World:
    """Province → department and district; district → two communes; the first commune → a school."""

    province: int
    department: int
    district: int
    commune_a: int
    commune_b: int
    school: int


def world() -> World:
    def found(parent: int | None, *bodies: tuple[Kind, str, str, str]) -> list[int]:
        new = [
            services.NewAgency(kind=kind, name=name, code=code, parent_id=parent, short_name=short)
            for kind, name, code, short in bodies
        ]
        return [agency.pk for agency in services.found_agencies(new, valid_from=FOUNDED)]

    [province] = found(None, (Kind.PROVINCE_COMMITTEE, "Ủy ban nhân dân tỉnh Hải Dương", "ubnd-30", ""))
    department, district = found(
        province,
        (Kind.DEPARTMENT, "Sở Thông tin và Truyền thông", "stttt", "Sở TT&TT"),
        (Kind.DISTRICT_COMMITTEE, "Ủy ban nhân dân huyện Nam Sách", "ubnd-291", ""),
    )
    commune_a, commune_b = found(
        district,
        (Kind.COMMUNE_COMMITTEE, "Ủy ban nhân dân xã Hợp Tiến", "ubnd-10615", ""),
        (Kind.COMMUNE_COMMITTEE, "Ủy ban nhân dân xã Nam Hưng", "ubnd-10612", ""),
    )
    [school] = found(commune_a, (Kind.SCHOOL, "Trường Tiểu học Hợp Tiến", "th-hop-tien", ""))
    return World(province, department, district, commune_a, commune_b, school)


def account() -> int:
    """Return the id of a new account without a telephone number."""
    return get_user_model().objects.create(full_name=f"Người thử {next(_numbers)}", created_at=NOW).pk


def officer(agency_id: int, *roles: Role, second_factor: bool = True) -> actors.Actor:
    """Return the actor of a new account holding the roles at the agency. Rows, not ``grant_role``: a thousand tests need officials."""
    account_id = account()
    RoleGrant.objects.bulk_create(
        RoleGrant(account_id=account_id, agency_id=agency_id, role=role, valid_from=NOW) for role in roles
    )
    return actor_for(account_id, NOW, second_factor)


HEADINGS = ("STT", "Họ và tên", "Chức vụ", "Số điện thoại", "Đơn vị", "Ghi chú")


def workbook(rows: Sequence[Sequence[object]], *, titles: bool = True, sheet: str = "Danh sách") -> bytes:
    """Return a roster as offices send it: title rows above, a merged title, the header as first of ``rows`` or the usual one."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(sheet)
        start = 0
        if titles:
            page.merge_range(0, 0, 0, 5, "ỦY BAN NHÂN DÂN XÃ HỢP TIẾN")
            page.merge_range(2, 0, 2, 5, "DANH SÁCH CÁN BỘ, CÔNG CHỨC, NGƯỜI LAO ĐỘNG")
            start = 4
        for index, row in enumerate(rows, start=start):
            for column, cell in enumerate(row):
                page.write(index, column, cell)
    return out.getvalue()


def phone(number: int) -> str:
    """Return the ``number``-th made-up mobile number as people write it."""
    return f"09120{number:05}"


def preview(
    raw: bytes,
    agency_id: int,
    *,
    name: str = "ds.xlsx",
    complete: bool = False,
    actor: actors.Actor = SYSTEM,
    **more: Any,
) -> RosterImport:
    more.setdefault("now", NOW)
    return services.preview_roster(raw, file_name=name, agency_id=agency_id, complete=complete, actor=actor, **more)


def imported(
    raw: bytes, agency_id: int, *, complete: bool = False, actor: actors.Actor = SYSTEM, **more: Any
) -> RosterImport:
    upload = preview(raw, agency_id, complete=complete, actor=actor, **more)
    return services.confirm_roster(import_uid=upload.uid, actor=actor, now=more.get("now", NOW))
