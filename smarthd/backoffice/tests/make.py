"""Builders: officials signed in at the desk, a small province measured for a week."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client

from smarthd.agencies import selectors as agencies_selectors
from smarthd.agencies import services as agencies
from smarthd.agencies.rules import Role
from smarthd.agencies.rules.exemptions import Reason
from smarthd.agencies.tests import make as agencies_make
from smarthd.backoffice import urls
from smarthd.insights import services as insights
from smarthd.kernel import actor as actors
from smarthd.kernel import clock
from smarthd.places import selectors as places
from smarthd.places import services as places_services
from smarthd.places.values import UnitView
from smarthd.rollout import rules as rollout_rules
from smarthd.rollout import services as rollout
from smarthd.rollout.tests import make as rollout_make

NOW = datetime(2024, 4, 20, 3, tzinfo=UTC)  # Saturday 20/4/2024, 10:00 in Hải Dương
TODAY = date(2024, 4, 20)
CUT_OFF = date(2024, 4, 19)
SYSTEM = actors.system("test")


def official(agency_id: int, *roles: Role) -> int:
    """Return the id of an account that holds roles at an agency."""
    account_id = int(get_user_model().objects.create(full_name="Nguyễn Văn An", created_at=NOW).pk)
    for role in roles:
        agencies.grant_role(
            account_id=account_id, agency_id=agency_id, role=role, actor=SYSTEM, now=NOW - timedelta(days=30)
        )
    return account_id


def signed_in(account_id: int, *, second_factor: bool = True) -> Client:
    """Return a browser in which the account is signed in, past the second factor or not."""
    client = Client(enforce_csrf_checks=False)
    client.force_login(get_user_model().objects.get(pk=account_id))
    if second_factor:
        session = client.session
        session["account_authentication_methods_user"] = str(account_id)
        session["account_authentication_methods"] = [{"method": "mfa", "at": NOW.timestamp()}]
        session.save()
    return client


def world() -> agencies_make.World:
    """Return the agencies of a small province."""
    return agencies_make.world()


def neighbours(count: int = 3) -> list[UnitView]:
    """Return communes of one district."""
    communes = places.units_on(TODAY, "commune")
    return [unit for unit in communes if unit.parent_id == communes[0].parent_id][:count]


def measured(world: agencies_make.World) -> None:
    """Plant the real units of 2024, a campaign with its target, and three communes of one district: twelve persons on a base of
    ten; three and four on bases of twenty, which are small cells. Reckon a week.
    """
    places_services.import_all(actor=SYSTEM, now=NOW)
    for commune, persons, base in zip(neighbours(), (12, 3, 4), (10, 20, 20), strict=True):
        for _ in range(persons):
            account_id = rollout_make.person(commune.id, TODAY - timedelta(days=9))
            rollout_make.use(account_id, TODAY - timedelta(days=8), TODAY - timedelta(days=2))
        rollout.set_denominators([rollout_make.base(commune.id, base)], actor=SYSTEM, now=NOW)
    rollout.open_campaign(
        "thu",
        title="Cài đặt và sử dụng ứng dụng",
        opens_on=date(2024, 4, 1),
        deadline_at=clock.at_local(date(2024, 4, 19), 17),
        document_number="Công văn số 1038/UBND-VX",
        document_on=date(2024, 3, 26),
        actor=SYSTEM,
        now=NOW,
    )
    rollout.set_target("thu", scope=rollout_rules.Scope.UNIT, indicator="activated", value=1.0, actor=SYSTEM, now=NOW)
    rollout.rebuild_rollups(now=NOW)


NAMES = ("Phạm Thị Chưa Dùng", "Vũ Văn Chưa Cài", "Bùi Thị Đã Dùng")


def staffed(agency_id: int, names: tuple[str, ...] = NAMES, *, first_phone: int = 1) -> list[int]:
    """Put persons on an agency's roster, each with a number; the last has used the app for a week. Returns their ids."""
    used = rollout_make.person(None, TODAY - timedelta(days=9))
    rollout_make.use(used, TODAY - timedelta(days=8), TODAY - timedelta(days=2))
    staff = agencies.add_staff(
        [
            agencies.NewStaff(
                agency_id=agency_id,
                full_name=name,
                position="Công chức",
                phone=f"+84912{first_phone + index:06}",
                account_id=used if name == names[-1] else None,
            )
            for index, name in enumerate(names)
        ],
        valid_from=agencies_make.FOUNDED,
    )
    rollout.sync_seats([agency_id], day=agencies_make.FOUNDED, now=NOW)
    return [person.pk for person in staff]


@dataclass(frozen=True)
class Desk:
    """A measured province at work: of the agency ``at``, everything an official may open."""

    world: agencies_make.World
    at: int
    agency: UUID
    unit: UUID
    exemption: UUID
    roster: UUID
    report: UUID
    grant: UUID
    staff: tuple[int, ...]
    account: int

    def address_parts(self, view: str) -> dict[str, object]:
        """Return what the address of a view is made with."""
        parts: dict[str, dict[str, object]] = {
            "unit": {"uid": self.agency},
            "remind": {"uid": self.agency},
            "exemption_request": {"uid": self.agency},
            "exemption_decide": {"uid": self.agency, "exemption": self.exemption},
            "roster_upload": {"uid": self.agency},
            "province_export": {"suffix": "csv"},
            "province_unit": {"uid": self.unit},
            "guide": {"slug": "to-truong"},
            "report_file": {"uid": self.report, "suffix": "docx"},
            "agency": {"uid": self.agency},
            "role_revoke": {"uid": self.agency, "grant": self.grant},
        }
        if view in parts:
            return parts[view]
        if view.startswith("roster_") or view == "roster":
            return {"uid": self.roster}
        if view.startswith("report_") or view == "report":
            return {"uid": self.report}
        return unknown_parts(view)


FAMILIES = {
    ("periodic",): ("test_periodic_pages.py", "test_periodic_thin_path.py"),
    ("campaign",): ("test_campaign_pages.py", "test_periodic_pages.py", "test_whole_export.py"),
    ("difficult", "decision", "committee"): ("test_difficulties.py",),
    ("airing",): ("test_airings.py",),
    ("team",): ("test_teams.py",),
    ("letter_",): ("test_letter_pages.py",),
    ("integrity",): ("test_integrity_pages.py",),
    ("base",): ("test_bases_pages.py",),
    ("change",): ("test_changes_pages.py",),
    ("fieldreport",): (
        "test_fieldreport_pages.py",
        "test_fieldreport_by_mail.py",
        "test_fieldreport_doors.py",
        "test_fieldreport_queries.py",
        "test_fieldreport_rules.py",
    ),
    ("pushes",): ("test_pushes_page.py",),
    ("channel",): ("test_channel_pages.py",),
    ("program",): ("test_program_pages.py",),
    ("popular",): ("test_popular_names_page.py",),
    ("source", "dossier"): ("test_source_pages.py", "test_source_earlier.py", "test_source_help.py"),
    ("job",): ("test_job_pages.py",),
    ("agency_mailbox",): ("test_agency_page.py",),
    ("alert",): ("test_alert_pages.py",),
    ("shelter",): ("test_shelter_pages.py",),
    ("content", "survey"): ("test_content_pages.py", "test_opinion_pages.py"),
    ("idea",): ("test_idea_pages.py",),
}
"""Addresses whose doors and costs are told beside their own pages, by how their names begin."""


def told_elsewhere() -> dict[str, tuple[str, ...]]:
    """Return the addresses of those families, and the modules that tell them."""
    return {
        str(pattern.name): modules
        for pattern in urls.urlpatterns
        for beginnings, modules in FAMILIES.items()
        if str(pattern.name).startswith(beginnings)
    }


def unknown_parts(view: str) -> dict[str, object]:
    """Return parts of the right shape that name nothing there is."""
    pattern = next(pattern for pattern in urls.urlpatterns if pattern.name == view).pattern
    shapes = {name: type(converter).__name__ for name, converter in pattern.converters.items()}
    shapes |= dict.fromkeys(pattern.regex.groupindex.keys() - shapes.keys(), "")
    values = {"UUIDConverter": uuid4(), "SlugConverter": "khong-co", "IntConverter": 1}
    named = re.search(r"<suffix>(\w+)", str(pattern))
    suffix = named[1] if named is not None else ""
    return {name: values.get(shape, suffix if name == "suffix" else str(uuid4())) for name, shape in shapes.items()}


def belongs_to_an_agency(view: str) -> bool:
    """Say whether a view shows or changes what is one agency's own."""
    own = ("unit", "remind", "exemption_", "roster_", "report_", "agency", "role_")
    return view in {"roster", "report"} or (view != "units" and view.startswith(own))


def desk() -> Desk:
    """Plant a province at work; the province's own committee has a roster, an upload, a request, a report and a role."""
    made = world()
    at = made.province
    staff = staffed(at)
    staffed(made.commune_a, first_phone=100)
    measured(made)
    view = agencies_selectors.agency_view(at, TODAY)
    person = next(one for one in agencies_selectors.roster_on([at], TODAY) if one.id == staff[0])
    exemption = agencies.request_exemption(
        staff_uid=person.uid, reason=Reason.LONG_LEAVE, evidence="QĐ 15/QĐ-UBND", actor=SYSTEM, now=NOW
    )
    holder = official(at, Role.TEAM_LEADER)
    return Desk(
        world=made,
        at=at,
        agency=view.uid,
        unit=neighbours()[0].uid,
        exemption=exemption.uid,
        roster=roster_upload(at),
        report=report(at),
        grant=agencies_selectors.grants_at(at, NOW)[-1].uid,
        staff=tuple(staff),
        account=holder,
    )


def roster_upload(agency_id: int) -> UUID:
    """Return the uid of a preview of two lines, one of them faulty."""
    rows = [agencies_make.HEADINGS, (1, "Trần Văn Mới", "Công chức", "0912999001"), (2, "Lê Thị Sai", "", "0912")]
    return agencies_make.preview(agencies_make.workbook(rows), agency_id, now=NOW).uid


def report(issuer_id: int, *, actor: actors.Actor = SYSTEM) -> UUID:
    """Return the uid of a draft of the province's report, closed on 19/4/2024."""
    made = insights.make_report(
        campaign_key="thu", cut_off=CUT_OFF, unit_id=None, boundaries=CUT_OFF, issuer_id=issuer_id, actor=actor, now=NOW
    )
    return made.uid


@contextmanager
def undone() -> Iterator[None]:
    """Take back all that is written inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


assert settings.TESTING
