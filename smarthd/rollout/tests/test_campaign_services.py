"""A campaign's document, its series of periods, its copy; who may change it; what freezing would write."""

from __future__ import annotations

import copy
import io
import zipfile
from datetime import date, timedelta

import pytest

from smarthd.agencies.rules import Kind, Role
from smarthd.agencies.tests import make as agencies
from smarthd.kernel import clock, files
from smarthd.kernel.errors import NotAllowed
from smarthd.rollout import errors, rules, selectors, services
from smarthd.rollout.models import Campaign, Form, Obligation, Period, Target
from smarthd.rollout.tests import reporting
from smarthd.rollout.tests.reporting import NOW, Desk
from tests.planting import planted_once

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF\n"


_desk = planted_once(lambda _folder: reporting.desk())


@pytest.fixture
def desk(_desk: Desk, db: None) -> Desk:
    return copy.deepcopy(_desk)


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return out.getvalue()


@pytest.mark.parametrize("content", [PDF, zipped("word/document.xml")])
def test_an_orders_document_is_kept_under_its_hash(desk: Desk, content: bytes) -> None:
    kept = services.attach_document(
        "lenh", content, file_name="C:\\van-ban\\CV 1038.pdf", actor=desk.department, now=NOW
    )
    assert files.kept_path(kept.document_sha256).read_bytes() == content
    assert kept.document_file == "CV 1038.pdf"


@pytest.mark.parametrize("content", [b"MZ\x90", zipped("xl/workbook.xml"), b"PK\x03\x04broken", b""])
def test_what_is_no_document_is_refused(desk: Desk, content: bytes) -> None:
    with pytest.raises(errors.BadDocument):
        services.attach_document("lenh", content, file_name="x.pdf", actor=desk.department, now=NOW)
    assert Campaign.objects.get(key="lenh").document_sha256 == ""


def test_a_document_beyond_twenty_megabytes_is_refused(desk: Desk) -> None:
    with pytest.raises(files.FileTooLarge):
        services.attach_document("lenh", PDF + b"x" * (20 << 20), file_name="x.pdf", actor=desk.department, now=NOW)


def test_a_weekly_series_runs_until_the_deadline_and_skips_to_worked_days(desk: Desk) -> None:
    services.open_campaign(
        "dai", title="Dài", opens_on=date(2024, 4, 1), deadline_at=clock.at_local(date(2024, 5, 10), 17),
        coordinator_id=desk.world.department, actor=desk.department, now=NOW,
    )  # fmt: skip
    made = services.add_weekly_periods("dai", first_due_on=date(2024, 4, 12), title="Tuần {so}, {ngay}", actor=desk.department, now=NOW)  # fmt: skip
    assert [one.title for one in made] == [
        "Tuần 1, 12/04/2024", "Tuần 2, 19/04/2024", "Tuần 3, 26/04/2024", "Tuần 4, 03/05/2024", "Tuần 5, 10/05/2024",
    ]  # fmt: skip
    assert {clock.day_of(one.opens_at).weekday() for one in made} == {0}
    assert all(one.due_at == clock.at_local(clock.day_of(one.due_at), 17) for one in made)
    with pytest.raises(errors.BadPeriod):
        services.add_weekly_periods("dai", first_due_on=date(2024, 6, 1), title="x", actor=desk.department, now=NOW)


def test_a_copy_takes_forms_and_targets_along_and_nothing_that_was_owed(desk: Desk) -> None:
    services.set_target(
        "lenh", scope=rules.Scope.AGENCY, indicator="staff_used", value=1, actor=desk.department, now=NOW
    )
    services.set_target(
        "lenh", scope=rules.Scope.AGENCY, indicator="staff_used", value=0.9, agency_id=desk.world.commune_a, actor=desk.department, now=NOW,
    )  # fmt: skip
    made = services.clone_campaign(
        "lenh", new_key="lenh-sau", title="Lệnh sau", opens_on=date(2024, 6, 1),
        deadline_at=clock.at_local(date(2024, 6, 30), 17), actor=desk.department, now=NOW,
    )  # fmt: skip
    assert list(Form.objects.filter(campaign=made).values_list("key", "version", "published_at")) == [("tuan", 1, None)]
    assert sorted(Target.objects.filter(campaign=made).values_list("value", flat=True)) == [0.9, 1.0]
    assert not Period.objects.filter(campaign=made).exists()
    assert made.status == rules.CampaignStatus.DRAFT
    with pytest.raises(errors.KeyTaken):
        services.clone_campaign(
            "lenh", new_key="lenh-sau", title="x", opens_on=date(2024, 6, 1),
            deadline_at=clock.at_local(date(2024, 6, 30), 17), actor=desk.department, now=NOW,
        )  # fmt: skip


@pytest.mark.parametrize("act", ["document", "series", "clone", "target", "status", "open"])
def test_only_the_coordinator_changes_a_campaign(desk: Desk, act: str) -> None:
    outsider = agencies.officer(desk.world.commune_a, Role.HEAD)
    day = date(2024, 4, 19)

    def try_it() -> object:
        match act:
            case "document":
                return services.attach_document("lenh", PDF, file_name="x.pdf", actor=outsider, now=NOW)
            case "series":
                return services.add_weekly_periods("lenh", first_due_on=day, title="x", actor=outsider, now=NOW)
            case "clone":
                return services.clone_campaign(
                    "lenh", new_key="x", title="x", opens_on=day, deadline_at=NOW + timedelta(days=90), actor=outsider, now=NOW,
                )  # fmt: skip
            case "target":
                return services.set_target(
                    "lenh", scope=rules.Scope.UNIT, indicator="activated", value=1, actor=outsider, now=NOW
                )
            case "status":
                return services.change_campaign_status("lenh", to=rules.CampaignStatus.RUNNING, actor=outsider, now=NOW)
        return services.open_campaign("lenh", title="x", opens_on=day, deadline_at=NOW, actor=outsider, now=NOW)

    with pytest.raises(NotAllowed):
        try_it()


def test_what_freezing_would_write_is_what_it_writes(desk: Desk) -> None:
    period = services.add_period(
        "lenh", title="Tuần 16", cut_off=date(2024, 4, 18), opens_at=NOW + timedelta(days=7), due_at=NOW + timedelta(days=11),
        actor=desk.department, now=NOW,
    )  # fmt: skip
    kinds = [Kind.DISTRICT_COMMITTEE, Kind.COMMUNE_COMMITTEE, Kind.PROVINCE_COMMITTEE]
    would = selectors.would_owe(period, kinds)
    assert dict(would.kinds) == {"commune_committee": 2, "district_committee": 1}
    assert would.without_superior == ("Ủy ban nhân dân tỉnh Hải Dương",)
    frozen = services.freeze_period(period.uid, kinds=kinds, actor=desk.department, now=NOW)
    assert frozen.obligations == would.obligations == Obligation.objects.filter(period=period).count()
