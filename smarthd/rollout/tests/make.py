"""Builders: a small land, persons who agreed to usage records, and their days, reached through services."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.contrib.auth import get_user_model

from smarthd.agencies import services as agencies
from smarthd.agencies.rules import Kind
from smarthd.kernel import actor as actors
from smarthd.kernel import clock
from smarthd.kernel.ids import uuid7
from smarthd.people import rules as people_rules
from smarthd.people import services as people
from smarthd.rollout import rules, services
from smarthd.rollout.models import Team
from smarthd.rollout.rules import team_codes

NOW = datetime(2024, 4, 20, 3, tzinfo=UTC)  # Saturday 20/4/2024, 10:00 in Hải Dương
TODAY = date(2024, 4, 20)
SYSTEM = actors.system("test")
WORDING = people_rules.consents.wording_in_force(people_rules.Purpose.USAGE, TODAY).version


def noon(day: date) -> datetime:
    """Return noon of a local day."""
    return clock.at_local(day, 12)


def account(*, consent: bool = True) -> int:
    """Return the id of a new account, that agreed to usage records or not."""
    made = get_user_model().objects.create(created_at=NOW - timedelta(days=400))
    if consent:
        people.give_consent(made.pk, purpose=people_rules.Purpose.USAGE, wording_version=WORDING, now=NOW)
    return int(made.pk)


def person(home_id: int | None, activated_on: date, *, consent: bool = True, team_code: str = "") -> int:
    """Return a new account activated on a day, living at an atom."""
    account_id = account(consent=consent)
    activate(account_id, home_id, activated_on, team_code=team_code)
    return account_id


def activate(
    account_id: int, home_id: int | None, on: date, *, install_uid: UUID | None = None, team_code: str = ""
) -> None:
    """Let the roll-out hear that an account was activated."""
    services.activate_participant(
        account_id, install_uid=install_uid or uuid7(), home_id=home_id, team_code=team_code, at=noon(on)
    )


def use(account_id: int, *days: date, action: rules.ValueAction = rules.ValueAction.READ_NOTICE) -> None:
    """Let a person do one thing on each of the days."""
    for day in days:
        services.record_activity([rules.Activity(noon(day), action)], now=noon(day), account_id=account_id)


def launch(account_id: int, *days: date) -> None:
    """Let a person only open the app on each of the days."""
    use(account_id, *days, action=rules.LAUNCH)


def base(
    unit_id: int, value: int, *, as_of: date = date(2024, 1, 1), measure: str = "smartphone_owners"
) -> services.NewDenominator:
    """Return one base to enter."""
    return services.NewDenominator(
        unit_id, rules.Measure(measure), value, "Cục Thống kê", as_of, "ước tính từ tổng điều tra"
    )


def order(*, opens_on: date = date(2023, 1, 1), key: str = "lenh", status: str = "running") -> None:
    """Let an order that asks for the use of all staff be carried out: the ground on which a level is kept without consent."""
    services.open_campaign(
        key, title="Lệnh", opens_on=opens_on, deadline_at=NOW, document_number="01/UBND", actor=SYSTEM, now=NOW
    )
    services.set_target(key, scope=rules.Scope.AGENCY, indicator="staff_used", value=1.0, actor=SYSTEM, now=NOW)
    services.change_campaign_status(key, to=rules.CampaignStatus.RUNNING, actor=SYSTEM, now=NOW)
    if status == rules.CampaignStatus.CLOSED:
        services.change_campaign_status(key, to=rules.CampaignStatus.CLOSED, actor=SYSTEM, now=NOW)


def team(code: str = "TO-1") -> str:
    """Let a team stand whose spoken code brings it credit (codes are drawn; a test needs one it knows); return the code."""
    new = agencies.NewAgency(kind=Kind.COMMUNE_COMMITTEE, name=f"Ủy ban của {code}", code=f"ubnd-{code.lower()}")
    agency = agencies.found_agency(new, valid_from=date(2020, 1, 1))
    Team.objects.create(
        code=team_codes.clean(code), agency=agency, name=f"Tổ {code}", decision_number="1/QĐ", decision_on=date(2020, 1, 1),
        valid_from=date(2020, 1, 1), made_at=NOW,
    )  # fmt: skip
    return code
